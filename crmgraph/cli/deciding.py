"""What somebody decided about proposals: kept in a file, followed to where its words are now, and asked for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from crmgraph.cli.options import steps
from crmgraph.wording import first_of, quoted

if TYPE_CHECKING:
    from crmgraph.decisions import Decision, Followed, Words
    from crmgraph.settings import Settings

__all__ = ["alone", "ask", "followed_in", "kept", "mend_for_build", "signed"]

_MOST_MOVED = 3
_LONGEST = 80
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_KEYS_OF_PARTS = {**_KEYS, "w": "nothing"}
_QUESTION = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_QUESTION_OF_PARTS = _QUESTION.replace("[s]", "nothing in the [w]hole plan, [s]")


def mend_for_build(file: Path, settings: "Settings", author: str) -> None:
    """Mend the decisions in a file that the dataset is to be built with, as no build takes it while rows are stale.

    Those that nobody signed are signed by the author, if there is one: a build leaves them out.
    """
    from pyoxigraph import RdfFormat, Store

    from crmgraph.building import plans_of
    from crmgraph.building.dataset import described_dataset
    from crmgraph.decisions import follow, read_decisions, write_decisions
    from crmgraph.linking.proposing import words_in
    from crmgraph.plan_folder import decisions_in
    from crmgraph.store.quads import quads

    plans = settings.plans or plans_of(settings.build)
    if plans is None or not any(file.resolve() == each.resolve() for each in decisions_in(plans)):
        return
    store = Store()
    with steps() as say:
        described = described_dataset(settings.names, say, plans)
    store.load(quads(described).encode(), format=RdfFormat.N_QUADS)
    followed = follow(read_decisions(file), words_in(store))
    _keep_moved(file, followed)
    if (known := signed(followed.known, author)) != followed.known:
        write_decisions(file, followed.with_strays(known.values()))


def followed_in(file: Path, words: "Words") -> "Followed":
    """The decisions in the file about the parts as they are now; what is about no part as it is now is told."""
    from crmgraph.decisions import follow, read_decisions

    followed = follow(read_decisions(file), words)
    _keep_moved(file, followed)
    for stray in followed.strays:
        row = stray.decision
        pair = f"{quoted(row.subject_label, _LONGEST)} and {quoted(row.object_label, _LONGEST)}"
        typer.echo(f"crmgraph: {file}: “{row.decided}” on {pair} is not applied: {stray.why}", err=True)
    return followed


def _keep_moved(file: Path, followed: "Followed") -> None:
    """Write the decisions about parts that have another number now into the file anew, and say which."""
    from crmgraph.decisions import write_decisions

    if not followed.moved:
        return
    write_decisions(file, followed.with_strays(followed.known.values()))
    told = [
        ", ".join(
            f"{quoted(label, _LONGEST)} is {now} now"
            for label, was, now in (
                (new.subject_label, old.subject, new.subject),
                (new.object_label, old.object, new.object),
            )
            if was != now
        )
        for old, new in followed.moved
    ]
    count = f"{len(told)} {'decision follows its' if len(told) == 1 else 'decisions follow their'} words"
    typer.echo(f"crmgraph: {file}: {count}: {first_of(told, _MOST_MOVED, '; ')}", err=True)


def signed(known: "dict[tuple[str, str], Decision]", author: str) -> "dict[tuple[str, str], Decision]":
    """What was decided, that which nobody signed by this author and of today."""
    today = date.today().isoformat()
    return {
        key: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for key, each in known.items()
    }


def kept(found: "Iterable[Decision]", known: "Mapping[tuple[str, str], Decision]", most: int) -> "Iterator[Decision]":
    """The best proposals for each subject, as they were decided where they were; what was refused is not proposed.

    Nor is anything for a part of which it was decided that nothing corresponds to it. What was decided from one side
    holds from the other.
    """
    nothing = _nothing(known)
    both = {**{each.turned.key: each.turned for each in known.values() if each.subject}, **known}
    counts: dict[str, int] = {}
    for each in found:
        before = both.get(each.key)
        decided = before.decided if before else ""
        if decided == "no" or (not decided and _pairs(each) & nothing):
            continue
        if counts.get(each.key[0], 0) < most or decided:
            counts[each.key[0]] = counts.get(each.key[0], 0) + 1
            yield before if before is not None and decided else each


def alone(
    found: "Iterable[Decision]", proposed: "Iterable[Decision]", known: "Mapping[tuple[str, str], Decision]"
) -> dict[str, str]:
    """The parts that were compared, with their words, for which nothing is proposed and of which nothing was said."""
    answers = (*proposed, *(each for each in known.values() if each.is_comparison))
    answered = {pair for each in answers for pair in _pairs(each)}
    return {each.subject: each.subject_label for each in found if each.compared not in answered}


def ask(
    proposed: "list[Decision]", known: "dict[tuple[str, str], Decision]", file: Path, author: str, words: "Words"
) -> None:
    """Ask about each proposal, and keep each answer at once, beside what others have written there meanwhile.

    A pair is in the file from one side alone.
    """
    from crmgraph.decisions import follow, read_decisions, write_decisions

    open_ones = [each for each in proposed if not each.decided]
    for number, each in enumerate(open_ones, 1):
        if _pairs(each) & _nothing(known):
            continue
        heading = f"{number}/{len(open_ones)}  {each.score:.2f}  {each.why}"
        typer.echo(f"\n{heading}\n  {each.subject_label}\n  {each.object_label}")
        answer = _answer(each, known)
        if answer == "q":
            break
        if answer != "s":
            now = follow(read_decisions(file), words)
            known = {**known, **now.known}
            known.pop(each.turned.key, None)
            row = each
            if answer == "nothing":
                row = each.as_nothing
                known = {key: of for key, of in known.items() if of.decided or row.compared not in _pairs(of)}
            known[row.key] = row.as_decided(answer, author, date.today().isoformat())
            write_decisions(file, now.with_strays(known.values()))


def _pairs(decision: "Decision") -> set[tuple[str, str]]:
    """Which part it compares with which plan, from either side."""
    return {decision.compared, decision.turned.compared}


def _nothing(known: "Mapping[tuple[str, str], Decision]") -> set[tuple[str, str]]:
    """The parts to which nothing in a plan corresponds, each with that plan."""
    return {each.compared for each in known.values() if each.decided == "nothing"}


def _answer(proposal: "Decision", known: "Mapping[tuple[str, str], Decision]") -> str:
    """What is decided, or one of the letters to skip and to quit; the end of the input is to stop.

    That nothing corresponds can be said of a part as long as something does not.
    """
    is_open = not any(proposal.compared in _pairs(each) for each in known.values() if each.is_correspondence)
    keys, question = (_KEYS_OF_PARTS, _QUESTION_OF_PARTS) if proposal.may_be_nothing and is_open else (_KEYS, _QUESTION)
    while True:
        try:
            answer = str(typer.prompt(question, err=True))
        except typer.Abort:
            return "q"
        if answer in (*keys, *keys.values(), "s", "q"):
            return keys.get(answer, answer)
        typer.echo(f"crmgraph: {answer} is none of these letters", err=True)
