"""`crmgraph link`."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Language, LinkFormat, Plans, built, settings_of, steps
from crmgraph.errors import Place, TableError, UsageError
from crmgraph.wording import Bilingual, first_of, quoted

if TYPE_CHECKING:
    from pyoxigraph import Store

    from crmgraph.decisions import Decision
    from crmgraph.linking.following import Followed, Words
    from crmgraph.linking.likeness import Likeness
    from crmgraph.linking.parts import Part
    from crmgraph.linking.proposing import Proposal
    from crmgraph.namespaces import Names
    from crmgraph.settings import Settings

__all__ = ["link_command"]

_LEAST = 0.05
_LEAST_NAME = 0.5
_MOST_TOLD = 20
_MOST_MOVED = 3
_LONGEST = 80
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_QUESTION = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_TABLES = (".csv", ".tsv")
_NOTHING = {"es": "nada en común", "en": "nothing in common"}


def link_command(
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
    from crmgraph.decisions import write_decisions
    from crmgraph.linking.following import Followed
    from crmgraph.linking.store import words_in
    from crmgraph.storing.disk import open_store

    if review and decisions is None:
        raise UsageError("--review keeps what is decided in a file; name one with --decisions")
    is_table = _is_table(subject)
    settings = settings_of(build=build, base=base, plans=plans)
    if decisions:
        _mend_for_build(decisions, settings)
    store = open_store(built(settings).folder(settings.build))
    words = words_in(store, settings.names)
    followed = _followed(decisions, words) if decisions else Followed({})
    called = _column(Path(subject), column) if is_table else []
    if is_table:
        found = _names(store, settings.names, called, kind, lang.value)
    else:
        found = _parts(store, settings.names, (subject, object), kind, lang.value)
    bound = least if least is not None else _LEAST_NAME if is_table else _LEAST
    known = _signed(followed.known, author)
    proposed = list(_kept((each for each in found if each.score >= bound), known, most))
    _tell_of_strangers(called, proposed)
    if review and decisions:
        _ask(proposed, known, decisions, author, words)
        return
    if decisions:
        # What was decided stays, whatever is proposed now; and so do the words of who decided.
        decided = {key: each for key, each in known.items() if each.decided}
        kept = [decided.get(each.turned.key, each) for each in proposed]
        keys = {each.key for each in kept}
        others = (each for key, each in decided.items() if key not in keys)
        write_decisions(decisions, followed.with_strays([*others, *kept]))
    _print(proposed, format)


def _is_table(subject: str) -> bool:
    """Whether it is the name of a table, and not of a plan. Raises UsageError for the name of another file."""
    ending = Path(subject).suffix.lower()
    if ending and ending not in _TABLES:
        raise UsageError(
            Bilingual(
                "names are read from a table in CSV or TSV; save this as one (in Excel or LibreOffice: Save As, and as "
                "the type CSV UTF-8). A plan is called by its name alone, such as crm",
                "los nombres se leen de una tabla en CSV o TSV; guarde esto como tal (en Excel o LibreOffice: Guardar "
                "como, y de tipo CSV UTF-8). A un plan se lo llama solo por su nombre, como crm",
            ),
            Place(Path(subject)),
        )
    return bool(ending)


def _mend_for_build(file: Path, settings: "Settings") -> None:
    """Mend the decisions in a file that the dataset is to be built with, as no build takes it while rows are stale."""
    from pyoxigraph import RdfFormat, Store

    from crmgraph.building import current, described_dataset, plans_of
    from crmgraph.decisions import read_decisions
    from crmgraph.linking.following import follow
    from crmgraph.linking.store import words_in
    from crmgraph.plan_folder import decisions_in
    from crmgraph.storing.quads import quads

    if current(settings.build, settings.names, settings.plans) is not None:
        return
    plans = settings.plans or plans_of(settings.build)
    if plans is None or not any(file.resolve() == each.resolve() for each in decisions_in(plans)):
        return
    store = Store()
    with steps() as say:
        described = described_dataset(settings.names, say, plans)
    store.load(quads(described).encode(), format=RdfFormat.N_QUADS)
    _keep_moved(file, follow(read_decisions(file), words_in(store, settings.names)))


def _followed(file: Path, words: "Words") -> "Followed":
    """The decisions in the file about the parts as they are now; what is about no part as it is now is told."""
    from crmgraph.decisions import read_decisions
    from crmgraph.linking.following import follow

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


def _parts(store: "Store", names: "Names", plans: tuple[str, str], kind: str, language: str) -> "Iterator[Decision]":
    from crmgraph.linking.parts import plan_iri
    from crmgraph.linking.proposing import propose
    from crmgraph.linking.store import parts_in

    parts, corpus = parts_in(store)
    iris = [plan_iri(name, names) for name in plans]
    known = sorted({part.plan for part in parts.values()})
    for name, iri in zip(plans, iris, strict=True):
        if iri not in known:
            _refuse_graph(store, name, names)
            there = ", ".join(each.rpartition("/")[2] for each in known)
            hint = "; a plan of your own is in a folder that --plans names" if name else ""
            raise UsageError(f"there is no plan {name or 'to compare it with'}; there are {there}{hint}")
    subjects, objects = ([part for part in parts.values() if part.plan == iri] for iri in iris)
    if kind:
        subjects, objects = _of_kind(kind, ((plans[0], subjects), (plans[1], objects)))
    _tell_of_languages(plans, subjects, objects)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, subjects, objects):
        yield _decision(proposal, labels, language)


def _tell_of_languages(plans: tuple[str, str], subjects: "Sequence[Part]", objects: "Sequence[Part]") -> None:
    """Say where the two plans have no language in common: they share no words then."""
    spoken = [{language for part in parts for language in part.labels} for parts in (subjects, objects)]
    if spoken[0].isdisjoint(spoken[1]):
        told = "; ".join(f"{name}: {', '.join(sorted(of))}" for name, of in zip(plans, spoken, strict=True))
        typer.echo(
            f"crmgraph: the two plans have no language in common ({told}), and are compared by their words; a "
            "translation of one, imported as a plan, can be compared",
            err=True,
        )


def _refuse_graph(store: "Store", name: str, names: "Names") -> None:
    """Raise UsageError where a plan is called so that others have in RDF, and that has no parts as plans have here."""
    from pyoxigraph import NamedNode

    graph = names.graph("plan", name)
    if name and store.contains_named_graph(NamedNode(graph)):
        raise UsageError(
            Bilingual(
                f"{name} is a graph in RDF, in the vocabulary of others, and has no parts that could be compared; what "
                f"it says is in {graph}. To compare the plan, import a table of it",
                f"{name} es un grafo en RDF, en el vocabulario de otros, y no tiene partes que puedan compararse; lo "
                f"que dice está en {graph}. Para comparar el plan, importe una tabla de él",
            )
        )


def _of_kind(kind: str, plans: "Sequence[tuple[str, list[Part]]]") -> "Iterator[list[Part]]":
    """The parts of this kind in each of the plans; all of a plan that has none: what is an objective in one may be a
    theme in another. Raises UsageError where none has any.
    """
    kinds = [(name, sorted({part.kind for part in parts})) for name, parts in plans]
    if not any(kind in there for _, there in kinds):
        told = "; ".join(f"{name}: {', '.join(of)}" for name, of in kinds)
        raise UsageError(
            Bilingual(
                f"neither plan has parts of the kind {kind}; there are, in {told}",
                f"ninguno de los dos planes tiene partes de la clase {kind}; hay, en {told}",
            )
        )
    for (name, there), (_, parts) in zip(kinds, plans, strict=True):
        if kind in there:
            yield [part for part in parts if part.kind == kind]
            continue
        typer.echo(
            f"crmgraph: the plan {name} has no parts of the kind {kind}; all of its parts are compared "
            f"({', '.join(there)})",
            err=True,
        )
        yield parts


def _decision(proposal: "Proposal", labels: Mapping[str, Mapping[str, str]], language: str) -> "Decision":
    from crmgraph.decisions import Decision

    likeness = proposal.likeness
    topics = [_label(labels.get(iri, {}), language) for iri in likeness.concepts]
    why = "; ".join(
        filter(None, (", ".join(_words(likeness, language)), ", ".join(f"«{topic}»" for topic in topics if topic)))
    )
    subject, other = (_told(part, language) for part in (proposal.subject, proposal.object))
    return Decision(
        proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why or _NOTHING[language]
    )


def _words(likeness: "Likeness", language: str) -> "Sequence[str]":
    """What the two share in this language, or else in one in which they share anything."""
    return next((likeness.words[each] for each in (language, *likeness.words) if likeness.words.get(each)), ())


def _told(part: "Part", language: str) -> str:
    return _label(part.labels, language)


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "es", *labels) if each in labels), "")


def _names(store: "Store", names: "Names", called: Sequence[str], kind: str, language: str) -> "Iterator[Decision]":
    from crmgraph.decisions import Decision
    from crmgraph.linking import Matcher
    from crmgraph.linking.store import entities_in

    entities = entities_in(store, names)
    kinds = {each.rpartition("/")[2].rpartition("#")[2]: each for entity in entities.values() for each in entity.kinds}
    if kind and kind not in kinds:
        raise UsageError(f"there are no things of the kind {kind}; there are {', '.join(sorted(kinds))}")
    matcher = Matcher(entities.values())
    for name in called:
        for match in matcher.matches(name, [kinds[kind]] if kind else (), 50):
            why = f"= {match.name}" if match.is_exact else f"≈ {match.name}"
            label = _label(match.entity.labels, language)
            yield Decision("", name, match.entity.iri, label, round(match.likeness, 4), why)


def _column(file: Path, column: str) -> list[str]:
    """The different names in the column of the table, in their order."""
    from crmgraph.importing.files.delimited import delimited
    from crmgraph.importing.files.limits import LARGEST
    from crmgraph.texts import read_bytes

    # As `import` reads it.
    [table] = delimited(read_bytes(file, TableError, LARGEST), file)
    for told in table.told:
        typer.echo(f"crmgraph: {told}", err=True)
    rows = table.rows
    header = rows[0] if rows else ()
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        raise TableError(
            f"name the column with the names by --column; the table has none called “{column}”: {there}", Place(file, 1)
        )
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()))


def _tell_of_strangers(called: Sequence[str], proposed: "Iterable[Decision]") -> None:
    """Say for which names of a table there is no proposal: nobody should take them for matched."""
    known = {each.subject_label for each in proposed}
    strangers = [name for name in called if name not in known]
    if strangers:
        told = first_of(list(map(quoted, strangers)), _MOST_TOLD)
        typer.echo(f"crmgraph: nothing is proposed for {len(strangers)} of {len(called)} names: {told}", err=True)


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


def _ask(
    proposed: "list[Decision]", known: "dict[tuple[str, str], Decision]", file: Path, author: str, words: "Words"
) -> None:
    """Ask about each proposal, and keep each answer at once, beside what others have written there meanwhile.

    A pair is in the file from one side alone.
    """
    from crmgraph.decisions import read_decisions, write_decisions
    from crmgraph.linking.following import follow

    open_ones = [each for each in proposed if not each.decided]
    for number, each in enumerate(open_ones, 1):
        heading = f"{number}/{len(open_ones)}  {each.score:.2f}  {each.why}"
        typer.echo(f"\n{heading}\n  {each.subject_label}\n  {each.object_label}")
        answer = _answer()
        if answer == "q":
            break
        if answer != "s":
            now = follow(read_decisions(file), words)
            known = {**known, **now.known}
            known.pop(each.turned.key, None)
            known[each.key] = each.as_decided(_KEYS.get(answer, answer), author, date.today().isoformat())
            write_decisions(file, now.with_strays(known.values()))


def _answer() -> str:
    """What is answered, in one letter; the end of the input is to stop."""
    while True:
        try:
            answer = str(
                typer.prompt("[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit", err=True)
            )
        except typer.Abort:
            return "q"
        if answer in (*_KEYS, *_KEYS.values(), "s", "q"):
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
