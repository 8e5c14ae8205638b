"""The command link: proposals for two plans or for the names in a table, and what people decide about them."""

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

from crmgraph.building.inputs import DECISIONS_SUFFIX, files_in
from crmgraph.building.manifest import Manifest, plans_folder
from crmgraph.cli.options import Language, built, built_now, steps, tell, with_settings
from crmgraph.decisions import AGENDA, Decision, Followed, Words, follow, read_decisions, write_decisions
from crmgraph.errors import Bilingual, Place, TableError, UsageError, join_first, quoted
from crmgraph.importing.containers import LARGEST
from crmgraph.importing.spreadsheets import read_delimited
from crmgraph.inference.terms import select_from
from crmgraph.linking.entities import ENTITIES, LABELS, read_entities, read_labels
from crmgraph.linking.matching import Certainty, Matcher, called_so
from crmgraph.linking.proposing import Part, Proposal, corpus_in, parts_in, plan_iri, propose
from crmgraph.namespaces import Names
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from crmgraph.store.quads import as_n_quads
from crmgraph.tabulating import abbreviate_iri, print_rows
from crmgraph.texts import read_bytes

_MOST_MOVED = 3
_LONGEST = 80
_LEAST = 0.05
_LEAST_NAME = 0.5
_MOST_TOLD = 20
_MOST_CANDIDATES = 50
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_Format = Literal["table", "csv", "json"]
_Known = Mapping[frozenset[str], Decision]
_TABLES = (".csv", ".tsv")
_NOTHING = {"es": "nada en común", "en": "nothing in common"}
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_KEYS_OF_PARTS = {**_KEYS, "w": "nothing"}
_QUESTION = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_QUESTION_OF_PARTS = _QUESTION.replace("[s]", "nothing in the [w]hole plan, [s]")
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
            help="The least score of a proposal.", show_default=f"{_LEAST} for plans, {_LEAST_NAME} for names"
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
            _mend_for_build(decisions, settings, author)
        return built_now(settings)

    manifest = built(settings, make)
    store = open_store(manifest.folder(settings.build) / STORE)
    parts = parts_in(store)
    words = _words_of(parts)
    followed = _decisions_in(decisions, words) if decisions else Followed({})
    if is_table:
        called, bound = _names_in(Path(subject), column), _LEAST_NAME
        found = list(_matching_things(store, settings.names, called, kind, lang))
    else:
        called, bound = [], _LEAST
        found = list(_similar_parts(store, parts, settings.names, (subject, object), kind, lang))
    bound = bound if least is None else least
    known = _signed(followed.known, author)
    proposed = list(_best((each for each in found if each.score >= bound), known, most))
    if is_table:
        answered = {each.subject_label for each in proposed}
        _report_unmatched([quoted(name) for name in called if name not in answered], f"{len(called)} names")
    else:
        total = len({each.subject for each in found})
        _report_unmatched(_unanswered(found, proposed, known, parts), f"{total} parts of {subject}")
    if review and decisions:
        _review(proposed, known, decisions, author, words)
        return
    if decisions:
        # What was decided stays, whatever is proposed now; and so do the words of who decided.
        decided = {pair: each for pair, each in known.items() if each.decided}
        others = (each for each in proposed if each.pair not in decided)
        write_decisions(decisions, followed.with_strays((*decided.values(), *others)))
    _print(proposed, format, parts, settings.names)


def _mend_for_build(file: Path, settings: Settings, author: str) -> None:
    """Bring a file of decisions up to date before the dataset is built with it, since a build refuses stale rows.

    Rows without an author, which a build leaves out, are signed by `author` if it is given.
    """

    # The modules that describe plans are slow to import.
    from crmgraph.building.dataset import dataset_without_decisions

    plans = settings.plans or plans_folder(settings.build)
    if plans is None or not any(file.resolve() == each.resolve() for each in files_in(plans, DECISIONS_SUFFIX)):
        return
    store = Store()
    with steps() as say:
        described = dataset_without_decisions(settings.names, say, plans)
    store.load(as_n_quads(described).encode(), format=RdfFormat.N_QUADS)
    followed = _followed(file, _words_of(parts_in(store)))
    if (known := _signed(followed.known, author)) != followed.known:
        write_decisions(file, followed.with_strays(known.values()))


def _words_of(parts: _Parts) -> Words:
    return Words({iri: part.labels.values() for iri, part in parts.items()})


def _decisions_in(file: Path, words: Words) -> Followed:
    """Return the decisions in a file about the parts as they are now; report those about parts that are gone."""
    followed = _followed(file, words)
    for row, why in followed.strays:
        pair = f"{quoted(row.subject_label, _LONGEST)} and {quoted(row.object_label, _LONGEST)}"
        tell(f"{file}: “{row.decided}” on {pair} is not applied: {why}")
    return followed


def _followed(file: Path, words: Words) -> Followed:
    """Return the decisions in a file; those about parts that were renumbered are written into it again, and told."""

    followed = follow(read_decisions(file), words)
    if followed.moved:
        write_decisions(file, followed.with_strays(followed.known.values()))
        told = [
            f"{quoted(label, _LONGEST)} is {now} now"
            for old, new in followed.moved
            for label, was, now in (
                (new.subject_label, old.subject, new.subject),
                (new.object_label, old.object, new.object),
            )
            if was != now
        ]
        moved = len(followed.moved)
        count = f"{moved} {'decision follows its' if moved == 1 else 'decisions follow their'} words"
        tell(f"{file}: {count}: {join_first(told, _MOST_MOVED)}")
    return followed


def _signed(known: _Known, author: str) -> _Known:
    """Return the decisions, those without an author signed by this one and dated today."""
    today = date.today().isoformat()
    return {
        pair: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for pair, each in known.items()
    }


def _best(found: Iterable[Decision], known: _Known, most: int) -> Iterator[Decision]:
    """Yield the `most` best proposals for each subject, and what was decided of them.

    A refused pair is left out, and so is a part to which nothing corresponds by decision. Decisions hold from both
    sides.
    """
    nothing = _nothing(known)
    counts: Counter[str] = Counter()
    for each in found:
        subject, decision = each.subject or each.subject_label, known.get(each.pair)
        if decision is None or not decision.decided:
            if counts[subject] >= most or _pairs(each) & nothing:
                continue
            decision = each
        if decision.decided != "no":
            counts[subject] += 1
            yield decision if decision.subject == each.subject else decision.turned


def _unanswered(found: Sequence[Decision], proposed: Iterable[Decision], known: _Known, parts: _Parts) -> list[str]:
    """Return number and words of each part that has neither a proposal nor a decision, in the order of the document."""
    answers = (*proposed, *(each for each in known.values() if each.is_comparison))
    answered = {pair for each in answers for pair in _pairs(each)}
    left = {each.subject: each.subject_label for each in found if each.compared not in answered}
    ordered = sorted(left, key=lambda iri: (parts[iri].order, iri))
    return [" ".join(filter(None, (parts[iri].number, quoted(left[iri], _LONGEST)))) for iri in ordered]


def _report_unmatched(left: Sequence[str], total: str) -> None:
    """Report what has no proposal, so that nobody takes it for matched."""
    if left:
        told = join_first(left, _MOST_TOLD)
        tell(f"nothing is proposed for {len(left)} of {total}: {told}")


def _review(proposed: list[Decision], known: _Known, file: Path, author: str, words: Words) -> None:
    """Ask about each open proposal and save each answer at once, beside what others wrote into the file meanwhile.

    A pair is in the file once, from one side.
    """

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
            row = each.as_nothing if answer == "nothing" else each
            known = {
                pair: of
                for pair, of in {**known, **now.known}.items()
                if row is each or of.decided or row.compared not in _pairs(of)
            }
            known[row.pair] = row.as_decided(answer, author, date.today().isoformat())
            write_decisions(file, now.with_strays(known.values()))


def _pairs(decision: Decision) -> set[tuple[str, str]]:
    """Return the part and the plan that a decision compares, from either side."""
    return {decision.compared, decision.turned.compared}


def _nothing(known: _Known) -> set[tuple[str, str]]:
    """Return the parts to which nothing in a plan corresponds by decision, each with that plan."""
    return {each.compared for each in known.values() if each.decided == "nothing"}


def _answer(proposal: Decision, known: _Known) -> str:
    """Ask for a decision; return it, or `s` to skip or `q` to quit, which the end of the input does too.

    "Nothing" is offered as long as nothing corresponds to the part by decision.
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
        tell(f"{answer} is none of these letters")


def _similar_parts(
    store: Store, parts: _Parts, names: Names, plans: tuple[str, str], kind: str, language: str
) -> Iterator[Decision]:
    """Yield all pairs of parts of two plans, the most similar first.

    `kind` limits the parts that are compared; empty for all. Raises UsageError where there is no such plan or kind, and
    for one plan twice.
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
        _keep_kind(kind, compared)
    _warn_of_languages(compared)
    corpus = corpus_in(store, parts)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, *compared.values()):
        yield decision_of(proposal, labels, language)


def _keep_kind(kind: str, plans: dict[str, list[Part]]) -> None:
    """Leave the parts of this kind of each plan; all parts of a plan that has none, since levels differ between plans.

    Raises UsageError where no plan has any.
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
            tell(f"the plan {name} has no parts of the kind {kind}; all of its parts are compared ({', '.join(there)})")


def _warn_of_languages(plans: Mapping[str, Sequence[Part]]) -> None:
    """Warn where two plans have no language in common, and so no words."""
    spoken = {name: {language for part in parts for language in part.labels} for name, parts in plans.items()}
    if not set.intersection(*spoken.values()):
        told = "; ".join(f"{name}: {', '.join(sorted(of))}" for name, of in spoken.items())
        tell(
            f"the two plans have no language in common ({told}), and are compared by their words; a "
            "translation of one, imported as a plan, can be compared"
        )


def _matching_things(store: Store, names: Names, called: Sequence[str], kind: str, language: str) -> Iterator[Decision]:
    """Yield the things that each name may stand for, of this kind if any is given, the most similar first.

    Raises UsageError where there are no things of the kind.
    """

    select = select_from(store)
    entities = read_entities(select(ENTITIES), read_labels(select(LABELS)), names)
    kinds = {each.rpartition("/")[2].rpartition("#")[2]: each for entity in entities.values() for each in entity.kinds}
    if kind and kind not in kinds:
        raise UsageError(f"there are no things of the kind {kind}; there are {', '.join(sorted(kinds))}")
    matcher, certainty = Matcher(entities.values()), Certainty(entities.values())
    wanted = [kinds[kind]] if kind else []
    for name in called:
        matches = called_so(matcher.matches(name, wanted, _MOST_CANDIDATES), language)
        meant = certainty.meant(name, matches, wanted, language)
        for match in matches:
            why = f"{'=' if match is meant else '≈'} {match.name}"
            label = _label(match.entity.labels, language)
            yield Decision("", name, match.entity.iri, label, round(match.similarity, 4), why)


def _names_in(file: Path, column: str) -> list[str]:
    """Return the distinct names in a column of a table, in their order; a table with one column needs no name for it.

    Raises TableError where there is no such column.
    """

    # As `import` reads it.
    [table] = read_delimited(read_bytes(file, TableError, LARGEST), file)
    for told in table.told:
        tell(f"{told}")
    header, *rows = table.rows or [()]
    column = header[0] if not column and len(header) == 1 else column
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        missing = f"no column is called “{column}”" if column else "name the column with the names by --column"
        raise TableError(f"{missing}: {there}", Place(file, 1))
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows if len(row) > place and row[place].strip()))


def decision_of(proposal: Proposal, labels: Mapping[str, Mapping[str, str]], language: str) -> Decision:
    """Return a proposal as an undecided row that says in this language what the two share."""

    shared = proposal.similarity
    # The words that they share in this language, or else in another one.
    words = next((shared.words[each] for each in (language, *shared.words) if shared.words.get(each)), ())
    topics = filter(None, (_label(labels.get(iri, {}), language) for iri in shared.concepts))
    why = "; ".join(filter(None, (", ".join(words), ", ".join(f"«{topic}»" for topic in topics))))
    subject, other = (_label(part.labels, language) for part in (proposal.subject, proposal.object))
    return Decision(
        proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why or _NOTHING[language]
    )


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "es", *labels) if each in labels), "")


def _is_table(subject: str) -> bool:
    """Tell whether the name is that of a table, not of a plan. Raises UsageError for another file."""
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


def _print(proposed: Iterable[Decision], format: _Format, parts: _Parts, names: Names) -> None:
    """Print the proposals; in a table for people addresses are short, and numbers stand before the words."""

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
