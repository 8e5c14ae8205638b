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
from pyoxigraph import NamedNode, RdfFormat, Store

from crmgraph.building.manifest import DECISIONS_SUFFIX, Manifest, files_in, plans_folder
from crmgraph.cli.options import (
    Language,
    build_dataset,
    ensure_built,
    print_message,
    print_rows,
    progress_reporter,
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
from crmgraph.errors import Bilingual, Place, TableError, UsageError, join_first, quoted
from crmgraph.files import read_bytes
from crmgraph.importing.tables import LARGEST, read_delimited
from crmgraph.inference.rules import select_from
from crmgraph.linking import Part, Proposal, corpus_in, parts_in, plan_iri, propose
from crmgraph.linking.entities import ENTITIES, LABELS, read_entities, read_labels
from crmgraph.linking.matching import Certainty, Matcher, drop_unofficial_matches
from crmgraph.namespaces import Names, abbreviate_iri
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.dataset import as_n_quads, open_store

_MOST_MOVED_LISTED = 3
_LONGEST_LABEL = 80
_MIN_PART_SCORE = 0.05
_MIN_NAME_SCORE = 0.5
_MOST_UNMATCHED_LISTED = 20
_MOST_CANDIDATES = 50
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_Format = Literal["table", "csv", "json"]
_DecisionsByPair = Mapping[frozenset[str], Decision]
_TABLE_SUFFIXES = (".csv", ".tsv")
_NOTHING_IN_COMMON = {"es": "nada en común", "en": "nothing in common"}
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_PART_KEYS = {**_KEYS, "w": "nothing"}
_PROMPT = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_PART_PROMPT = _PROMPT.replace("[s]", "nothing in the [w]hole plan, [s]")
_Parts = Mapping[str, Part]


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
            show_default=f"{_MIN_PART_SCORE} for plans, {_MIN_NAME_SCORE} for names",
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
    is_table = _is_table(subject)
    if is_table and object:
        raise UsageError(
            Bilingual(
                f"the names of a table are looked for among all things of the graph, not in “{object}”; leave it out "
                "(--kind says of which kind they are)",
                f"los nombres de una tabla se buscan entre todas las cosas del grafo, no en «{object}»; omítalo "
                "(--kind dice de qué clase son)",
            ),
            Place(Path(subject)),
        )

    def make(settings: Settings) -> Manifest:
        if decisions:
            _update_decisions_for_build(decisions, settings, author)
        return build_dataset(settings)

    manifest = ensure_built(settings, make)
    store = open_store(manifest.folder(settings.build) / STORE)
    parts = parts_in(store)
    words = _words_of(parts)
    followed = _read_decisions_and_report(decisions, words) if decisions else RelocatedDecisions({})
    if is_table:
        written_names, bound = _read_names(Path(subject), column), _MIN_NAME_SCORE
        found = list(_matching_things(store, settings.names, written_names, kind, lang))
    else:
        written_names, bound = [], _MIN_PART_SCORE
        found = list(_similar_parts(store, parts, settings.names, (subject, object), kind, lang))
    bound = bound if least is None else least
    known = _sign(followed.known, author)
    proposed = list(_best_proposals((each for each in found if each.score >= bound), known, most))
    if is_table:
        answered = {each.subject_label for each in proposed}
        _report_unmatched(
            [quoted(name) for name in written_names if name not in answered], f"{len(written_names)} names"
        )
    else:
        total = len({each.subject for each in found})
        _report_unmatched(_parts_without_proposal(found, proposed, known, parts), f"{total} parts of {subject}")
    if review and decisions:
        _review(proposed, known, decisions, author, words)
        return
    if decisions:
        # Decisions are kept as they are, even if the pair is no longer proposed.
        decided = {pair: each for pair, each in known.items() if each.decided}
        others = (each for each in proposed if each.pair not in decided)
        write_decisions(decisions, followed.with_unapplied((*decided.values(), *others)))
    _print_proposals(proposed, format, parts, settings.names)


def _update_decisions_for_build(file: Path, settings: Settings, author: str) -> None:
    """Update a file of decisions before the dataset is built with it, because a build rejects outdated rows.

    Decisions about renumbered parts get the new addresses. `author`, if given, signs the decisions without an author,
    which a build would leave out. Files outside the plans folder are not changed.
    """

    # The modules that describe plans are slow to import.
    from crmgraph.building.dataset import dataset_without_decisions

    plans = settings.plans or plans_folder(settings.build)
    if plans is None or not any(file.resolve() == each.resolve() for each in files_in(plans, DECISIONS_SUFFIX)):
        return
    store = Store()
    with progress_reporter() as report_step:
        described = dataset_without_decisions(settings.names, report_step, plans)
    store.load(as_n_quads(described).encode(), format=RdfFormat.N_QUADS)
    followed = _follow_renumbered_parts(file, _words_of(parts_in(store)))
    if (known := _sign(followed.known, author)) != followed.known:
        write_decisions(file, followed.with_unapplied(known.values()))


def _words_of(parts: _Parts) -> PartLabels:
    return PartLabels({iri: part.labels.values() for iri, part in parts.items()})


def _read_decisions_and_report(file: Path, words: PartLabels) -> RelocatedDecisions:
    """Return the decisions in a file about the current parts.

    Print a message for each row whose part no longer exists.
    """
    followed = _follow_renumbered_parts(file, words)
    for row, why in followed.unapplied:
        pair = f"{quoted(row.subject_label, _LONGEST_LABEL)} and {quoted(row.object_label, _LONGEST_LABEL)}"
        print_message(f"{file}: “{row.decided}” on {pair} is not applied: {why}")
    return followed


def _follow_renumbered_parts(file: Path, words: PartLabels) -> RelocatedDecisions:
    """Return the decisions in a file.

    If parts were renumbered, rewrite the file with the new addresses and print a message.
    """

    followed = relocate_decisions(read_decisions(file), words)
    if followed.relocated:
        write_decisions(file, followed.with_unapplied(followed.known.values()))
        told = [
            f"{quoted(label, _LONGEST_LABEL)} is {now} now"
            for old, new in followed.relocated
            for label, was, now in (
                (new.subject_label, old.subject, new.subject),
                (new.object_label, old.object, new.object),
            )
            if was != now
        ]
        moved = len(followed.relocated)
        count = f"{moved} {'decision follows its' if moved == 1 else 'decisions follow their'} words"
        print_message(f"{file}: {count}: {join_first(told, _MOST_MOVED_LISTED)}")
    return followed


def _sign(known: _DecisionsByPair, author: str) -> _DecisionsByPair:
    """Return the decisions. Those without an author are signed by `author`, with today's date."""
    today = date.today().isoformat()
    return {
        pair: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for pair, each in known.items()
    }


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


def _parts_without_proposal(
    found: Sequence[Decision], proposed: Iterable[Decision], known: _DecisionsByPair, parts: _Parts
) -> list[str]:
    """Return number and label of each part that has neither a proposal nor a decision, in document order."""
    answers = (*proposed, *(each for each in known.values() if each.is_comparison))
    answered = {pair for each in answers for pair in _compared_sides(each)}
    left = {each.subject: each.subject_label for each in found if each.part_and_plan not in answered}
    ordered = sorted(left, key=lambda iri: (parts[iri].order, iri))
    return [" ".join(filter(None, (parts[iri].number, quoted(left[iri], _LONGEST_LABEL)))) for iri in ordered]


def _report_unmatched(left: Sequence[str], total: str) -> None:
    """Print a message that lists the parts or names without a proposal."""
    if left:
        told = join_first(left, _MOST_UNMATCHED_LISTED)
        print_message(f"nothing is proposed for {len(left)} of {total}: {told}")


def _review(proposed: list[Decision], known: _DecisionsByPair, file: Path, author: str, words: PartLabels) -> None:
    """Ask about each undecided proposal, and save each answer at once.

    The file is read again before each write, so that changes by other people are kept. It contains a pair only once, in
    one direction.
    """

    open_ones = [each for each in proposed if not each.decided]
    for number, each in enumerate(open_ones, 1):
        if _compared_sides(each) & _parts_without_counterpart(known):
            continue
        heading = f"{number}/{len(open_ones)}  {each.score:.2f}  {each.why}"
        typer.echo(f"\n{heading}\n  {each.subject_label}\n  {each.object_label}")
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
    store: Store, parts: _Parts, names: Names, plans: tuple[str, str], kind: str, language: str
) -> Iterator[Decision]:
    """Yield all pairs of parts of two plans, in descending order of score.

    `kind` limits the comparison to parts of one class; empty for all. Raises UsageError if a plan or the kind does not
    exist, or if both plans are the same.
    """

    iris = [plan_iri(name, names) for name in plans]
    compared = {
        name: [each for each in parts.values() if each.plan == iri] for name, iri in zip(plans, iris, strict=True)
    }
    known = sorted({part.plan for part in parts.values()})
    unknown = next((name for name, found in compared.items() if not found), None)
    graph = names.graph("plan", unknown or "")
    others = ", ".join(iri.rpartition("/")[2] for iri in known if unknown is not None or iri not in iris)
    hint = "; a plan of your own is in a folder that --plans names" if unknown else ""
    if unknown and store.contains_named_graph(NamedNode(graph)):
        raise UsageError(
            Bilingual(
                f"{unknown} is a graph in RDF, in the vocabulary of others, and has no parts that could be compared; "
                f"what it says is in {graph}. To compare the plan, import a table of it",
                f"{unknown} es un grafo en RDF, en el vocabulario de otros, y no tiene partes que puedan compararse; "
                f"lo que dice está en {graph}. Para comparar el plan, importe una tabla de él",
            )
        )
    if unknown is not None:
        raise UsageError(f"there is no plan {unknown or 'to compare it with'}; there are {others}{hint}")
    if len(compared) == 1:
        raise UsageError(
            Bilingual(
                f"{plans[0]} and {plans[1]} are the same plan, of which every part is like itself; name another to "
                f"compare it with ({others})",
                f"{plans[0]} y {plans[1]} son el mismo plan, del que cada parte se parece a sí misma; nombre otro con "
                f"el que compararlo ({others})",
            )
        )
    if kind:
        _restrict_to_kind(kind, compared)
    _warn_if_no_common_language(compared)
    corpus = corpus_in(store, parts)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, *compared.values()):
        yield to_decision(proposal, labels, language)


def _restrict_to_kind(kind: str, plans: dict[str, list[Part]]) -> None:
    """Remove all parts of other kinds from each plan. A plan without parts of the kind keeps all its parts.

    Plans may have different levels. Raises UsageError if no plan has parts of the kind.
    """
    kinds = {name: sorted({part.kind for part in parts}) for name, parts in plans.items()}
    if not any(kind in there for there in kinds.values()):
        told = "; ".join(f"{name}: {', '.join(there)}" for name, there in kinds.items())
        raise UsageError(
            Bilingual(
                f"neither plan has parts of the kind {kind}; there are, in {told}",
                f"ninguno de los dos planes tiene partes de la clase {kind}; hay, en {told}",
            )
        )
    for name, there in kinds.items():
        if kind in there:
            plans[name] = [part for part in plans[name] if part.kind == kind]
        else:
            print_message(
                f"the plan {name} has no parts of the kind {kind}; all of its parts are compared ({', '.join(there)})"
            )


def _warn_if_no_common_language(plans: Mapping[str, Sequence[Part]]) -> None:
    """Print a warning if the plans have no language in common, because words in different languages cannot match."""
    spoken = {name: {language for part in parts for language in part.labels} for name, parts in plans.items()}
    if not set.intersection(*spoken.values()):
        told = "; ".join(f"{name}: {', '.join(sorted(of))}" for name, of in spoken.items())
        print_message(
            f"the two plans have no language in common ({told}), and are compared by their words; a "
            "translation of one, imported as a plan, can be compared"
        )


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
            label = _label(match.entity.labels, language)
            yield Decision("", name, match.entity.iri, label, round(match.similarity, 4), why)


def _read_names(file: Path, column: str) -> list[str]:
    """Return the distinct names in a column of a table, in order. `column` may be empty for a table with one column.

    Raises TableError if the table has no such column.
    """

    # The same reader as that of `import`.
    [table] = read_delimited(read_bytes(file, TableError, LARGEST), file)
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


def to_decision(proposal: Proposal, labels: Mapping[str, Mapping[str, str]], language: str) -> Decision:
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


def _is_table(subject: str) -> bool:
    """Return whether the argument is the file name of a table, and not a plan. Raises UsageError for any other file."""
    ending = Path(subject).suffix.lower()
    if ending and ending not in _TABLE_SUFFIXES:
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


def _print_proposals(proposed: Iterable[Decision], format: _Format, parts: _Parts, names: Names) -> None:
    """Print the proposals. In the format `table`, IRIs are abbreviated and labels begin with the printed number."""

    rows = [{name: str(getattr(each, name)) for name in _COLUMNS} | {"score": f"{each.score:.4f}"} for each in proposed]
    if format == "json":
        numeric = [{**row, "score": float(row["score"])} for row in rows]
        typer.echo(json.dumps(numeric, ensure_ascii=False, indent=2))
    elif format == "csv":
        written = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
    else:
        numbers = {iri: part.number for iri, part in parts.items()}
        prefixes = {**names.prefixes(), "sdg": f"{AGENDA}/"}
        for row in rows:
            for side, label in (("subject", "subject_label"), ("object", "object_label")):
                row[label] = " ".join(filter(None, (numbers.get(row[side]), row[label])))
                row[side] = abbreviate_iri(row[side], prefixes)
        print_rows(_COLUMNS, [tuple(row.values()) for row in rows])
