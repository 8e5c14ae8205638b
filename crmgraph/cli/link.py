"""`crmgraph link`."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Language, LinkFormat, Plans, built, settings_of
from crmgraph.errors import Place, TableError, UsageError

if TYPE_CHECKING:
    from pyoxigraph import Store

    from crmgraph.linking.decisions import Decision
    from crmgraph.linking.parts import Part
    from crmgraph.linking.proposing import Proposal
    from crmgraph.namespaces import Names

__all__ = ["link_command"]

_LEAST = 0.05
_LEAST_NAME = 0.5
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_QUESTION = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_TABLES = {".csv": "", ".tsv": "\t"}


def link_command(
    subject: Annotated[str, typer.Argument(help="A plan, such as crm, or a table (CSV, TSV) with names in it.")],
    object: Annotated[
        str, typer.Argument(help="Another plan, such as gcm, or sdg for the 2030 Agenda; with a table, nothing.")
    ] = "",
    column: Annotated[str, typer.Option(help="The column of the table that has the names.")] = "",
    kind: Annotated[
        str, typer.Option(help="Only parts, or things, of this kind: Objective, Action, State …", show_default="any")
    ] = "",
    most: Annotated[int, typer.Option(min=1, help="How many proposals for each part or name, at most.")] = 3,
    least: Annotated[
        float | None,
        typer.Option(
            help="The least score of a proposal.", show_default=f"{_LEAST} for plans, {_LEAST_NAME} for names"
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(help="The file that keeps proposals and what was decided; it is read, and written anew."),
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Ask about each proposal that is not decided.")] = False,
    author: Annotated[str, typer.Option(help="Who decides, for the file.")] = "",
    format: Annotated[LinkFormat, typer.Option(help="How to write the proposals.")] = LinkFormat.csv,
    lang: Annotated[Language, typer.Option(help="The language of labels and reasons.")] = Language.es,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Propose what corresponds: parts of two plans, or the names in a table and the things of the graph.

    Example: `crmgraph link crm gcm --kind Objective`
    """
    from crmgraph.linking.decisions import read_decisions, write_decisions
    from crmgraph.storing.disk import open_store

    if review and decisions is None:
        raise UsageError("--review keeps what is decided in a file; name one with --decisions")
    settings = settings_of(build=build, base=base, plans=plans)
    store = open_store(built(settings).folder(settings.build))
    is_table = Path(subject).suffix.lower() in _TABLES
    if is_table:
        found = _names(store, settings.names, Path(subject), column, kind, lang.value)
    else:
        found = _parts(store, settings.names, (subject, object), kind, lang.value)
    bound = least if least is not None else _LEAST_NAME if is_table else _LEAST
    known = _signed(read_decisions(decisions), author) if decisions else {}
    proposed = list(_kept((each for each in found if each.score >= bound), known, most))
    if review and decisions:
        _ask(proposed, known, decisions, author)
        return
    if decisions:
        # What was decided stays, whatever is proposed now; and so do the words of who decided.
        decided = [each for each in known.values() if each.decided]
        keys = {each.key for each in proposed}
        write_decisions(decisions, [*(each for each in decided if each.key not in keys), *proposed])
    _print(proposed, format)


def _parts(store: "Store", names: "Names", plans: tuple[str, str], kind: str, language: str) -> "Iterator[Decision]":
    from crmgraph.linking.parts import plan_iri
    from crmgraph.linking.proposing import propose
    from crmgraph.linking.store import parts_in

    parts, corpus = parts_in(store)
    iris = [plan_iri(name, names) for name in plans]
    known = sorted({part.plan for part in parts.values()})
    for name, iri in zip(plans, iris, strict=True):
        if iri not in known:
            there = ", ".join(each.rpartition("/")[2] for each in known)
            hint = "; a plan of your own is in a folder that --plans names" if name else ""
            raise UsageError(f"there is no plan {name or 'to compare it with'}; there are {there}{hint}")
    subjects, objects = ([part for part in parts.values() if part.plan == iri] for iri in iris)
    kinds = sorted({part.kind for part in subjects})
    if kind and kind not in kinds:
        raise UsageError(f"the plan {plans[0]} has no parts of the kind {kind}; it has {', '.join(kinds)}")
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, [part for part in subjects if kind in ("", part.kind)], objects):
        yield _decision(proposal, labels, language)


def _decision(proposal: "Proposal", labels: Mapping[str, Mapping[str, str]], language: str) -> "Decision":
    from crmgraph.linking.decisions import Decision

    likeness = proposal.likeness
    topics = [_label(labels.get(iri, {}), language) for iri in likeness.concepts]
    words = likeness.words.get(language, ())
    why = "; ".join(filter(None, (", ".join(words), ", ".join(f"«{topic}»" for topic in topics if topic))))
    subject, other = (_told(part, language) for part in (proposal.subject, proposal.object))
    return Decision(proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why)


def _told(part: "Part", language: str) -> str:
    return _label(part.labels, language)


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "es", *labels) if each in labels), "")


def _names(store: "Store", names: "Names", file: Path, column: str, kind: str, language: str) -> "Iterator[Decision]":
    from crmgraph.linking import Matcher
    from crmgraph.linking.decisions import Decision
    from crmgraph.linking.store import entities_in

    entities = entities_in(store, names)
    kinds = {each.rpartition("/")[2].rpartition("#")[2]: each for entity in entities.values() for each in entity.kinds}
    if kind and kind not in kinds:
        raise UsageError(f"there are no things of the kind {kind}; there are {', '.join(sorted(kinds))}")
    matcher = Matcher(entities.values())
    for name in _column(file, column):
        for match in matcher.matches(name, [kinds[kind]] if kind else (), 50):
            why = f"= {match.name}" if match.is_exact else f"≈ {match.name}"
            label = _label(match.entity.labels, language)
            yield Decision("", name, match.entity.iri, label, round(match.likeness, 4), why)


def _column(file: Path, column: str) -> list[str]:
    """The different names in the column of the table, in their order."""
    from crmgraph.texts import read_text

    text = read_text(file, TableError)
    usual = max(",;", key=text.partition("\n")[0].count)
    try:
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=_TABLES[file.suffix.lower()] or usual, strict=True)
        )
    except csv.Error as error:
        raise TableError(f"this is not CSV: {error}; look at the quotation marks", Place(file)) from None
    header = rows[0] if rows else []
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        raise TableError(
            f"name the column with the names by --column; the table has none called “{column}”: {there}", Place(file, 1)
        )
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()))


def _signed(known: "dict[tuple[str, str], Decision]", author: str) -> "dict[tuple[str, str], Decision]":
    """What was decided, that which nobody signed by this author and of today."""
    today = date.today().isoformat()
    return {
        key: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for key, each in known.items()
    }


def _kept(found: "Iterable[Decision]", known: "Mapping[tuple[str, str], Decision]", most: int) -> "Iterator[Decision]":
    """The best proposals for each subject, as they were decided where they were; what was refused is not proposed.

    What was decided from one side holds from the other.
    """
    both = {**{each.turned.key: each.turned for each in known.values() if each.subject}, **known}
    counts: dict[str, int] = {}
    for each in found:
        before = both.get(each.key)
        decided = before.decided if before else ""
        if decided == "no":
            continue
        if counts.get(each.key[0], 0) < most or decided:
            counts[each.key[0]] = counts.get(each.key[0], 0) + 1
            yield before if before is not None and decided else each


def _ask(proposed: "list[Decision]", known: "dict[tuple[str, str], Decision]", file: Path, author: str) -> None:
    """Ask about each proposal, and keep each answer at once, beside what others have written there meanwhile."""
    from crmgraph.linking.decisions import read_decisions, write_decisions

    open_ones = [each for each in proposed if not each.decided]
    for number, each in enumerate(open_ones, 1):
        heading = f"{number}/{len(open_ones)}  {each.score:.2f}  {each.why}"
        typer.echo(f"\n{heading}\n  {each.subject_label}\n  {each.object_label}")
        answer = _answer()
        if answer == "q":
            break
        if answer != "s":
            known = {**known, **read_decisions(file)}
            known[each.key] = each.as_decided(_KEYS[answer], author, date.today().isoformat())
            write_decisions(file, known.values())


def _answer() -> str:
    """What is answered, in one letter; the end of the input is to stop."""
    while True:
        try:
            answer = str(
                typer.prompt("[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit", err=True)
            )
        except typer.Abort:
            return "q"
        if answer in (*_KEYS, "s", "q"):
            return answer
        typer.echo(f"crmgraph: {answer} is none of these letters", err=True)


def _print(proposed: "Iterable[Decision]", format: LinkFormat) -> None:
    rows = [
        (each.subject, each.subject_label, each.object, each.object_label, f"{each.score:.4f}", each.why, each.decided)
        for each in proposed
    ]
    if format is LinkFormat.json:
        import json

        typer.echo(json.dumps([dict(zip(_COLUMNS, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif format is LinkFormat.table:
        from crmgraph.tabulating import print_rows

        print_rows(_COLUMNS[1:2] + _COLUMNS[3:], [(row[1], *row[3:]) for row in rows])
    else:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerows((_COLUMNS, *rows))
