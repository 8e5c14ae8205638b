"""The command link: proposals for two plans or for the names in a table, and what people decide about them."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import Language, LinkFormat, built, steps, with_settings
from crmgraph.errors import Place, TableError, UsageError
from crmgraph.namespaces import PREFIXES
from crmgraph.settings import Settings
from crmgraph.wording import Bilingual, first_of, quoted

if TYPE_CHECKING:
    from pyoxigraph import Store

    from crmgraph.decisions import Decision, Followed, Words
    from crmgraph.linking.proposing import Part, Proposal, Similarity
    from crmgraph.namespaces import Names

__all__ = ["decision_of", "link_command"]

_MOST_MOVED = 3
_LONGEST = 80
_LEAST = 0.05
_LEAST_NAME = 0.5
_MOST_TOLD = 20
_MOST_CANDIDATES = 50
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_TABLES = (".csv", ".tsv")
_NOTHING = {"es": "nada en común", "en": "nothing in common"}
_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "no"}
_KEYS_OF_PARTS = {**_KEYS, "w": "nothing"}
_QUESTION = "[e]xact [c]lose [b]roader [n]arrower [r]elated, [x] no, [s]kip, [q]uit"
_QUESTION_OF_PARTS = _QUESTION.replace("[s]", "nothing in the [w]hole plan, [s]")


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
    format: Annotated[LinkFormat, typer.Option(help="How to write the proposals.")] = LinkFormat.csv,
    lang: Annotated[Language, typer.Option(help="The language of labels and reasons.")] = Language.es,
) -> None:
    """Propose what corresponds: parts of two plans, or the names in a table and the things of the graph.

    Example: `crmgraph link crm gcm --kind Objective`
    """
    from crmgraph.decisions import Followed, write_decisions
    from crmgraph.linking.proposing import words_in
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

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
    manifest = built(settings, lambda: _mend_for_build(decisions, settings, author) if decisions else None)
    store = open_store(manifest.folder(settings.build) / STORE)
    words = words_in(store)
    followed = _decisions_in(decisions, words) if decisions else Followed({})
    called = _names_in(Path(subject), column) if is_table else []
    if is_table:
        found = list(_matching_things(store, settings.names, called, kind, lang.value))
    else:
        found = list(_similar_parts(store, settings.names, (subject, object), kind, lang.value))
    bound = least if least is not None else _LEAST_NAME if is_table else _LEAST
    known = _signed(followed.known, author)
    proposed = list(_best((each for each in found if each.score >= bound), known, most))
    if is_table:
        _report_unmatched_names(called, proposed)
    else:
        _report_unmatched_parts(subject, found, _unanswered(found, proposed, known), store)
    if review and decisions:
        _review(proposed, known, decisions, author, words)
        return
    if decisions:
        # What was decided stays, whatever is proposed now; and so do the words of who decided.
        decided = {key: each for key, each in known.items() if each.decided}
        shown = [decided.get(each.turned.key, each) for each in proposed]
        keys = {each.key for each in shown}
        others = (each for key, each in decided.items() if key not in keys)
        write_decisions(decisions, followed.with_strays([*others, *shown]))
    if format is LinkFormat.table:
        _print_table(proposed, store, settings.names)
    else:
        _print(proposed, format)


def _mend_for_build(file: Path, settings: Settings, author: str) -> None:
    """Bring a file of decisions up to date before the dataset is built with it, since a build refuses stale rows.

    Rows without an author, which a build leaves out, are signed by `author` if it is given.
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
    if (known := _signed(followed.known, author)) != followed.known:
        write_decisions(file, followed.with_strays(known.values()))


def _decisions_in(file: Path, words: "Words") -> "Followed":
    """Return the decisions in a file about the parts as they are now; report those about parts that are gone."""
    from crmgraph.decisions import follow, read_decisions

    followed = follow(read_decisions(file), words)
    _keep_moved(file, followed)
    for stray in followed.strays:
        row = stray.decision
        pair = f"{quoted(row.subject_label, _LONGEST)} and {quoted(row.object_label, _LONGEST)}"
        typer.echo(f"crmgraph: {file}: “{row.decided}” on {pair} is not applied: {stray.why}", err=True)
    return followed


def _keep_moved(file: Path, followed: "Followed") -> None:
    """Write decisions about parts that were renumbered into the file again, and report them."""
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


def _signed(known: "dict[tuple[str, str], Decision]", author: str) -> "dict[tuple[str, str], Decision]":
    """Return the decisions, those without an author signed by this one and dated today."""
    today = date.today().isoformat()
    return {
        key: each.as_decided(each.decided, author, today) if author and each.decided and not each.author else each
        for key, each in known.items()
    }


def _best(found: "Iterable[Decision]", known: "Mapping[tuple[str, str], Decision]", most: int) -> "Iterator[Decision]":
    """Yield the `most` best proposals for each subject, and what was decided of them.

    A refused pair is left out, and so is a part to which nothing corresponds by decision. Decisions hold from both
    sides.
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


def _unanswered(
    found: "Iterable[Decision]", proposed: "Iterable[Decision]", known: "Mapping[tuple[str, str], Decision]"
) -> dict[str, str]:
    """Return the text of each part that was compared and has neither a proposal nor a decision, by its IRI."""
    answers = (*proposed, *(each for each in known.values() if each.is_comparison))
    answered = {pair for each in answers for pair in _pairs(each)}
    return {each.subject: each.subject_label for each in found if each.compared not in answered}


def _review(
    proposed: "list[Decision]", known: "dict[tuple[str, str], Decision]", file: Path, author: str, words: "Words"
) -> None:
    """Ask about each open proposal and save each answer at once, beside what others wrote into the file meanwhile.

    A pair is in the file once, from one side.
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
    """Return the part and the plan that a decision compares, from either side."""
    return {decision.compared, decision.turned.compared}


def _nothing(known: "Mapping[tuple[str, str], Decision]") -> set[tuple[str, str]]:
    """Return the parts to which nothing in a plan corresponds by decision, each with that plan."""
    return {each.compared for each in known.values() if each.decided == "nothing"}


def _answer(proposal: "Decision", known: "Mapping[tuple[str, str], Decision]") -> str:
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
        typer.echo(f"crmgraph: {answer} is none of these letters", err=True)


def _similar_parts(
    store: "Store", names: "Names", plans: tuple[str, str], kind: str, language: str
) -> "Iterator[Decision]":
    """Yield all pairs of parts of two plans, the most similar first.

    `kind` limits the parts that are compared; empty for all. Raises UsageError where there is no such plan or kind, and
    for one plan twice.
    """
    from crmgraph.linking.proposing import parts_in, plan_iri, propose

    parts, corpus = parts_in(store)
    iris = [plan_iri(name, names) for name in plans]
    known = sorted({part.plan for part in parts.values()})
    for name, iri in zip(plans, iris, strict=True):
        if iri not in known:
            _refuse_foreign_graph(store, name, names)
            there = ", ".join(each.rpartition("/")[2] for each in known)
            hint = "; a plan of your own is in a folder that --plans names" if name else ""
            raise UsageError(f"there is no plan {name or 'to compare it with'}; there are {there}{hint}")
    if iris[0] == iris[1]:
        others = ", ".join(each.rpartition("/")[2] for each in known if each != iris[0])
        raise UsageError(
            Bilingual(
                f"{plans[0]} and {plans[1]} are the same plan, of which every part is like itself; name another to "
                f"compare it with ({others})",
                f"{plans[0]} y {plans[1]} son el mismo plan, del que cada parte se parece a sí misma; nombre otro con "
                f"el que compararlo ({others})",
            )
        )
    subjects, objects = ([part for part in parts.values() if part.plan == iri] for iri in iris)
    if kind:
        subjects, objects = _of_kind(kind, ((plans[0], subjects), (plans[1], objects)))
    _warn_of_languages(plans, subjects, objects)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, subjects, objects):
        yield decision_of(proposal, labels, language)


def _matching_things(
    store: "Store", names: "Names", called: Sequence[str], kind: str, language: str
) -> "Iterator[Decision]":
    """Yield the things that each name may stand for, of this kind if any is given, the most similar first.

    Raises UsageError where there are no things of the kind.
    """
    from crmgraph.decisions import Decision
    from crmgraph.linking import Certainty, Matcher, called_so
    from crmgraph.linking.entities import entities_in

    entities = entities_in(store, names)
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
    from crmgraph.importing.containers import LARGEST
    from crmgraph.importing.spreadsheets import read_delimited
    from crmgraph.texts import read_bytes

    # As `import` reads it.
    [table] = read_delimited(read_bytes(file, TableError, LARGEST), file)
    for told in table.told:
        typer.echo(f"crmgraph: {told}", err=True)
    rows = table.rows
    header = rows[0] if rows else ()
    if not column and len(header) == 1:
        [column] = header
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        missing = f"no column is called “{column}”" if column else "name the column with the names by --column"
        raise TableError(f"{missing}: {there}", Place(file, 1))
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()))


def _number_of(iri: str, store: "Store") -> str:
    """Return the number of a part in its document, or of a target in the 2030 Agenda; empty where it has none."""
    return _literal_of(iri, store, f"{PREFIXES['cg']}number", f"{PREFIXES['skos']}notation")


def _order_of(iri: str, store: "Store") -> tuple[int, str]:
    """Return a sort key: the order of parts in their document; targets, which have none, by their IRI."""
    return int(_literal_of(iri, store, f"{PREFIXES['cg']}order") or 0), iri


def _literal_of(iri: str, store: "Store", *properties: str) -> str:
    """Return the literal of the first of these properties that a thing has; empty where it has none."""
    from pyoxigraph import Literal, NamedNode

    found = (
        quad.object.value
        for property in properties
        for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(property), None)
        if isinstance(quad.object, Literal)
    )
    return next(found, "")


def _warn_of_languages(plans: tuple[str, str], subjects: "Sequence[Part]", objects: "Sequence[Part]") -> None:
    """Warn where two plans have no language in common, and so no words."""
    spoken = [{language for part in parts for language in part.labels} for parts in (subjects, objects)]
    if spoken[0].isdisjoint(spoken[1]):
        told = "; ".join(f"{name}: {', '.join(sorted(of))}" for name, of in zip(plans, spoken, strict=True))
        typer.echo(
            f"crmgraph: the two plans have no language in common ({told}), and are compared by their words; a "
            "translation of one, imported as a plan, can be compared",
            err=True,
        )


def _refuse_foreign_graph(store: "Store", name: str, names: "Names") -> None:
    """Raise UsageError where the name is that of a plan in RDF in another vocabulary, which has no parts to compare."""
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
    """Yield the parts of this kind of each plan; all parts of a plan that has none, since levels differ between plans.

    Raises UsageError where no plan has any.
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


def decision_of(proposal: "Proposal", labels: Mapping[str, Mapping[str, str]], language: str) -> "Decision":
    """Return a proposal as an undecided row that says in this language what the two share."""
    from crmgraph.decisions import Decision

    similarity = proposal.similarity
    topics = [_label(labels.get(iri, {}), language) for iri in similarity.concepts]
    why = "; ".join(
        filter(None, (", ".join(_words(similarity, language)), ", ".join(f"«{topic}»" for topic in topics if topic)))
    )
    subject, other = (_label(part.labels, language) for part in (proposal.subject, proposal.object))
    return Decision(
        proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why or _NOTHING[language]
    )


def _words(similarity: "Similarity", language: str) -> "Sequence[str]":
    """Return the words that two parts share in this language, or else in another one."""
    return next((similarity.words[each] for each in (language, *similarity.words) if similarity.words.get(each)), ())


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


def _report_unmatched_names(called: Sequence[str], proposed: "Iterable[Decision]") -> None:
    """Report the names of a table that have no proposal, so that nobody takes them for matched."""
    known = {each.subject_label for each in proposed}
    strangers = [name for name in called if name not in known]
    if strangers:
        told = first_of(list(map(quoted, strangers)), _MOST_TOLD)
        typer.echo(f"crmgraph: nothing is proposed for {len(strangers)} of {len(called)} names: {told}", err=True)


def _report_unmatched_parts(plan: str, found: "Sequence[Decision]", left: "Mapping[str, str]", store: "Store") -> None:
    """Report the parts of a plan that have no proposal, in their order, by number and words."""
    if left:
        parts = sorted(left, key=lambda iri: _order_of(iri, store))
        told = [" ".join(filter(None, (_number_of(iri, store), quoted(left[iri], _LONGEST)))) for iri in parts]
        count = f"{len(left)} of {len({each.subject for each in found})} parts of {plan}"
        typer.echo(f"crmgraph: nothing is proposed for {count}: {first_of(told, _MOST_TOLD)}", err=True)


def _print_table(proposed: "Iterable[Decision]", store: "Store", names: "Names") -> None:
    """Print the proposals as a table for people: short addresses, and numbers before the words."""
    from crmgraph.decisions import AGENDA
    from crmgraph.tabulating import print_rows, shorten

    prefixes = {**names.prefixes(), "sdg": f"{AGENDA}/"}
    shown = []
    for subject, subject_label, object, object_label, *others in map(_row, proposed):
        labels = [
            " ".join(filter(None, (_number_of(iri, store) if iri else "", label)))
            for iri, label in ((subject, subject_label), (object, object_label))
        ]
        shown.append((shorten(subject, prefixes), labels[0], shorten(object, prefixes), labels[1], *others))
    print_rows(_COLUMNS, shown)


def _print(proposed: "Iterable[Decision]", format: LinkFormat) -> None:
    rows = [_row(each) for each in proposed]
    if format is LinkFormat.json:
        import json

        named = [{**dict(zip(_COLUMNS, row, strict=True)), "score": float(row[4])} for row in rows]
        typer.echo(json.dumps(named, ensure_ascii=False, indent=2))
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows((_COLUMNS, *rows))


def _row(each: "Decision") -> tuple[str, str, str, str, str, str, str]:
    score = f"{each.score:.4f}"
    return each.subject, each.subject_label, each.object, each.object_label, score, each.why, each.decided
