"""The command link: it proposes correspondences for two plans or for the names in a table, and records decisions."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer
from pyoxigraph import NamedNode, Store

from crmgraph.cli.options import (
    Language,
    ensure_built,
    print_message,
    print_rows,
    with_settings,
)
from crmgraph.decisions import (
    AGENDA,
    Decision,
    PartLabels,
    RelocatedDecisions,
    read_decisions,
    relocate_decisions,
    write_decisions,
)
from crmgraph.errors import Place, TableError, UsageError, join_first, quoted
from crmgraph.files import read_bytes
from crmgraph.importing.tables import LARGEST, read_delimited
from crmgraph.inference.rules import select_from
from crmgraph.linking import MIN_SCORE, Part, Proposal, corpus_in, parts_in, plan_iri, propose
from crmgraph.linking.entities import ENTITIES, LABELS, read_entities, read_labels
from crmgraph.linking.matching import Certainty, Matcher, drop_unofficial_matches
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names, abbreviate_iri
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store

_LONGEST_LABEL = 80
_MIN_NAME_SCORE = 0.5
_MOST_CANDIDATES = 50
_ABRIDGED = NamedNode(f"{ONTOLOGY}#AbridgedPlan")
_MOST_UNMATCHED_LISTED = 20
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_Format = Literal["table", "csv", "json"]
_DecisionsByPair = Mapping[frozenset[str], Decision]
_NOTHING_IN_COMMON = {"es": "nada en común", "en": "nothing in common"}
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_PART_KEYS = {**_KEYS, "w": "nothing"}
_PROMPT = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_PART_PROMPT = _PROMPT.replace("[s]", "nothing in the [w]hole plan, [s]")


@with_settings("plans", "build", "base")
def link_command(
    settings: Settings,
    subject: Annotated[str, typer.Argument(help="A plan, such as crm, or a table (CSV, TSV) with names in it.")],
    object: Annotated[
        str, typer.Argument(help="Another plan, such as gcm, or sdg for the 2030 Agenda; with a table, nothing.")
    ] = "",
    column: Annotated[str, typer.Option(help="The column of the table that has the names.")] = "",
    kind: Annotated[
        str,
        typer.Option(
            help="Only things of this kind (State …), or parts of it (Objective, Action …), in each of the two plans "
            "that has any.",
            show_default="any",
        ),
    ] = "",
    most: Annotated[int, typer.Option(min=1, help="How many proposals for each part or name, at most.")] = 3,
    least: Annotated[
        float | None,
        typer.Option(
            help="The least score of a proposal.",
            show_default=f"{MIN_SCORE} for plans, {_MIN_NAME_SCORE} for names",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(help="The file that keeps proposals and what was decided; it is read, and written anew."),
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Ask about each proposal that is not decided.")] = False,
    author: Annotated[str, typer.Option(help="Who decides, for the file.")] = "",
    format: Annotated[_Format, typer.Option(help="How to write the proposals.")] = "csv",
    lang: Annotated[Language, typer.Option(help="The language of labels and reasons.")] = "es",
) -> None:
    """Propose what corresponds: parts of two plans, or the names in a table and the things of the graph.

    Example: `crmgraph link crm gcm --kind Objective`
    """

    if review and decisions is None:
        raise UsageError("--review keeps what is decided in a file; name one with --decisions")
    is_table = Path(subject).suffix.lower() in (".csv", ".tsv")
    if is_table and object:
        raise UsageError(
            f"the names of a table are looked for among all things of the graph, not in “{object}”; leave it out "
            "(--kind says of which kind they are)",
            Place(Path(subject)),
        )

    store = open_store(ensure_built(settings).folder(settings.build) / STORE)
    parts = parts_in(store)
    words = PartLabels({iri: part.labels.values() for iri, part in parts.items()})
    followed = _read_current_decisions(decisions, words) if decisions else RelocatedDecisions({})
    if is_table:
        written_names, bound = _read_names(Path(subject), column), _MIN_NAME_SCORE
        found = list(_matching_things(store, settings.names, written_names, kind, lang))
    else:
        written_names, bound = [], MIN_SCORE
        found = list(_similar_parts(store, parts, settings.names, (subject, object), kind, lang))
    bound = bound if least is None else least
    today = date.today().isoformat()
    # Decisions that nobody has signed are signed by the author.
    known = {
        pair: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for pair, each in followed.known.items()
    }
    similar = [each for each in found if each.score >= bound]
    proposed = list(_best_proposals(similar, known, most))
    parts_compared = sorted({(each.subject, each.subject_label) for each in found})
    wanted = dict(parts_compared) if object else {name: name for name in written_names}
    matched = {each.subject or each.subject_label for each in similar}
    if left := [quoted(label, _LONGEST_LABEL) for name, label in wanted.items() if name not in matched]:
        # Readers of the rows must not take what is missing for compared and different.
        total = f"{len(wanted)} {f'parts of {subject}' if object else 'names'}"
        print_message(f"nothing is proposed for {len(left)} of {total}: {join_first(left, _MOST_UNMATCHED_LISTED)}")
        if object and _is_abridged(store, plan_iri(object, settings.names)):
            print_message(f"of {object} only the titles were read; its text may say more")
    if review and decisions:
        _review(proposed, known, decisions, author, words)
        return
    if decisions:
        # Decisions are kept as they are, even if the pair is no longer proposed.
        decided = {pair: each for pair, each in known.items() if each.decided}
        others = (each for each in proposed if each.pair not in decided)
        write_decisions(decisions, followed.with_unapplied((*decided.values(), *others)))
    _print_proposals(proposed, format, settings.names)


def _read_current_decisions(file: Path, words: PartLabels) -> RelocatedDecisions:
    """Return the decisions in a file about the current parts.

    If parts were renumbered, rewrite the file with the new addresses. Print how many decisions this concerns, and a
    message for each row whose part no longer exists.
    """
    followed = relocate_decisions(read_decisions(file), words)
    if followed.relocated:
        write_decisions(file, followed.with_unapplied(followed.known.values()))
        print_message(f"{file}: decisions that follow their words to other addresses: {len(followed.relocated)}")
    for row, why in followed.unapplied:
        print_message(f"{file}: “{row.decided}” on {quoted(row.subject_label, _LONGEST_LABEL)} is not applied: {why}")
    return followed


def _best_proposals(found: Iterable[Decision], known: _DecisionsByPair, most: int) -> Iterator[Decision]:
    """Yield the `most` best proposals for each subject. A proposal that was decided is replaced by the decision.

    Pairs decided as "no", and parts without a counterpart by decision, are left out. A decision holds in both
    directions.
    """
    nothing = _parts_without_counterpart(known)
    counts: Counter[str] = Counter()
    for each in found:
        subject, decision = each.subject or each.subject_label, known.get(each.pair)
        if decision is None or not decision.decided:
            if counts[subject] >= most or _compared_sides(each) & nothing:
                continue
            decision = each
        if decision.decided != "no":
            counts[subject] += 1
            yield decision if decision.subject == each.subject else decision.inverse


def _review(proposed: list[Decision], known: _DecisionsByPair, file: Path, author: str, words: PartLabels) -> None:
    """Ask about each undecided proposal, and save each answer at once.

    The file is read again before each write, so that changes by other people are kept. It contains a pair only once, in
    one direction.
    """

    open_ones = [each for each in proposed if not each.decided]
    for number, each in enumerate(open_ones, 1):
        if _compared_sides(each) & _parts_without_counterpart(known):
            continue
        typer.echo(f"\n{number}/{len(open_ones)}  {each.score:.2f}  {each.why}")
        typer.echo(f"  {each.subject_label}\n  {each.object_label}")
        answer = _ask_decision(each, known)
        if answer == "q":
            break
        if answer != "s":
            now = relocate_decisions(read_decisions(file), words)
            row = each.without_counterpart if answer == "nothing" else each
            known = {
                pair: of
                for pair, of in {**known, **now.known}.items()
                if row is each or of.decided or row.part_and_plan not in _compared_sides(of)
            }
            known[row.pair] = row.as_decided(answer, author, date.today().isoformat())
            write_decisions(file, now.with_unapplied(known.values()))


def _compared_sides(decision: Decision) -> set[tuple[str, str]]:
    """Return the (part, plan) pairs that a decision compares, in both directions."""
    return {decision.part_and_plan, decision.inverse.part_and_plan}


def _parts_without_counterpart(known: _DecisionsByPair) -> set[tuple[str, str]]:
    """Return the (part, plan) pairs for which somebody decided that nothing in the plan corresponds to the part."""
    return {each.part_and_plan for each in known.values() if each.decided == "nothing"}


def _ask_decision(proposal: Decision, known: _DecisionsByPair) -> str:
    """Ask for a decision about a proposal. Return the decision, `s` to skip, or `q` to quit; end of input means `q`.

    The answer "nothing in the whole plan" is offered unless a correspondence of the part in that plan was decided
    already.
    """
    is_open = not any(
        proposal.part_and_plan in _compared_sides(each) for each in known.values() if each.is_correspondence
    )
    keys, question = (_PART_KEYS, _PART_PROMPT) if proposal.may_have_no_counterpart and is_open else (_KEYS, _PROMPT)
    while True:
        try:
            answer = str(typer.prompt(question, err=True))
        except typer.Abort:
            return "q"
        if answer in (*keys, *keys.values(), "s", "q"):
            return keys.get(answer, answer)
        print_message(f"{answer} is none of these letters")


def _similar_parts(
    store: Store, parts: Mapping[str, Part], names: Names, plans: tuple[str, str], kind: str, language: str
) -> Iterator[Decision]:
    """Yield all pairs of parts of two plans, in descending order of score.

    `kind` limits the comparison to parts of one class in each plan that has any; empty for all. Raises UsageError if a
    plan or the kind does not exist, or if both plans are the same.
    """
    compared = [[each for each in parts.values() if each.plan == plan_iri(name, names)] for name in plans]
    others = ", ".join(sorted({part.plan.rpartition("/")[2] for part in parts.values()}))
    for name, those in zip(plans, compared, strict=True):
        if not those:
            said = f"{name} is no plan with parts that can be compared" if name else "name a plan to compare it with"
            raise UsageError(f"{said}; there are {others}")
    if plans[0] == plans[1]:
        raise UsageError(f"every part of {plans[0]} is like itself; name another plan to compare it with ({others})")
    kinds = sorted({part.kind for those in compared for part in those})
    if kind and kind not in kinds:
        raise UsageError(f"neither plan has parts of the kind {kind}; there are {', '.join(kinds)}")
    corpus = corpus_in(store, parts)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    subjects, objects = ([part for part in those if part.kind == kind] or those for those in compared)
    yield from (_to_decision(proposal, labels, language) for proposal in propose(corpus, subjects, objects))


def _is_abridged(store: Store, plan: str) -> bool:
    """Return whether only the titles of the parts of a plan are in the store."""
    found = store.quads_for_pattern(NamedNode(plan), NamedNode(PREFIXES["rdf"] + "type"), _ABRIDGED, None)
    return next(found, None) is not None


def _matching_things(
    store: Store, names: Names, written_names: Sequence[str], kind: str, language: str
) -> Iterator[Decision]:
    """Yield the possible matches of each name in `written_names`, in descending order of similarity.

    `kind` limits them to one kind of thing; empty for all. Raises UsageError if the graph has no things of the kind.
    """

    select = select_from(store)
    entities = read_entities(select(ENTITIES), read_labels(select(LABELS)), names)
    kinds = {each.rpartition("/")[2].rpartition("#")[2]: each for entity in entities.values() for each in entity.kinds}
    if kind and kind not in kinds:
        raise UsageError(f"there are no things of the kind {kind}; there are {', '.join(sorted(kinds))}")
    matcher, certainty = Matcher(entities.values()), Certainty(entities.values())
    wanted = [kinds[kind]] if kind else []
    for name in written_names:
        matches = drop_unofficial_matches(matcher.matches(name, wanted, _MOST_CANDIDATES), language)
        meant = certainty.certain_match(name, matches, wanted, language)
        for match in matches:
            why = f"{'=' if match is meant else '≈'} {match.name}"
            yield Decision(
                "", name, match.entity.iri, _label(match.entity.labels, language), round(match.similarity, 4), why
            )


def _read_names(file: Path, column: str) -> list[str]:
    """Return the distinct names in a column of a table, in order. `column` may be empty for a table with one column.

    Raises TableError if the table has no such column.
    """

    # The same reader as that of `import`.
    table = read_delimited(read_bytes(file, TableError, LARGEST), file)
    for told in table.assumptions:
        print_message(f"{told}")
    header, *rows = table.rows or [()]
    column = header[0] if not column and len(header) == 1 else column
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        missing = f"no column is called “{column}”" if column else "name the column with the names by --column"
        raise TableError(f"{missing}: {there}", Place(file, 1))
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows if len(row) > place and row[place].strip()))


def _to_decision(proposal: Proposal, labels: Mapping[str, Mapping[str, str]], language: str) -> Decision:
    """Return a proposal as an undecided row, which lists the words and topics that the two parts share."""

    shared = proposal.similarity
    # The shared words in this language, or else in another.
    words = next((shared.words[each] for each in (language, *shared.words) if shared.words.get(each)), ())
    topics = filter(None, (_label(labels.get(iri, {}), language) for iri in shared.concepts))
    why = "; ".join(filter(None, (", ".join(words), ", ".join(f"«{topic}»" for topic in topics))))
    subject, other = (_label(part.labels, language) for part in (proposal.subject, proposal.object))
    return Decision(
        proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why or _NOTHING_IN_COMMON[language]
    )


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "es", *labels) if each in labels), "")


def _print_proposals(proposed: Iterable[Decision], format: _Format, names: Names) -> None:
    """Print the proposals. In the format `table`, IRIs are abbreviated."""
    rows = [{name: str(getattr(each, name)) for name in _COLUMNS} | {"score": f"{each.score:.4f}"} for each in proposed]
    if format == "json":
        typer.echo(json.dumps([{**row, "score": float(row["score"])} for row in rows], ensure_ascii=False, indent=2))
    elif format == "csv":
        written = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
    else:
        prefixes = {**names.prefixes(), "sdg": f"{AGENDA}/"}
        print_rows(_COLUMNS, [tuple(abbreviate_iri(cell, prefixes) for cell in row.values()) for row in rows])
