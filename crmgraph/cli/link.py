"""`crmgraph link`."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.deciding import alone, ask, followed_in, kept, mend_for_build, signed
from crmgraph.cli.options import BaseAddress, BuildFolder, Language, LinkFormat, Plans, built, settings_of
from crmgraph.cli.proposals import names_in, number_of, order_of, parts_like, things_called
from crmgraph.errors import Place, UsageError
from crmgraph.wording import Bilingual, first_of, quoted

if TYPE_CHECKING:
    from pyoxigraph import Store

    from crmgraph.decisions import Decision
    from crmgraph.namespaces import Names

__all__ = ["link_command"]

_LEAST = 0.05
_LEAST_NAME = 0.5
_MOST_TOLD = 20
_LONGEST = 80
_COLUMNS = ("subject", "subject_label", "object", "object_label", "score", "why", "decided")
_TABLES = (".csv", ".tsv")


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
    settings = settings_of(build=build, base=base, plans=plans)
    manifest = built(settings, lambda: mend_for_build(decisions, settings, author) if decisions else None)
    store = open_store(manifest.folder(settings.build) / STORE)
    words = words_in(store)
    followed = followed_in(decisions, words) if decisions else Followed({})
    called = names_in(Path(subject), column) if is_table else []
    if is_table:
        found = list(things_called(store, settings.names, called, kind, lang.value))
    else:
        found = list(parts_like(store, settings.names, (subject, object), kind, lang.value))
    bound = least if least is not None else _LEAST_NAME if is_table else _LEAST
    known = signed(followed.known, author)
    proposed = list(kept((each for each in found if each.score >= bound), known, most))
    if is_table:
        _tell_of_strangers(called, proposed)
    else:
        _tell_of_parts(subject, found, alone(found, proposed, known), store)
    if review and decisions:
        ask(proposed, known, decisions, author, words)
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


def _tell_of_strangers(called: Sequence[str], proposed: "Iterable[Decision]") -> None:
    """Say for which names of a table there is no proposal: nobody should take them for matched."""
    known = {each.subject_label for each in proposed}
    strangers = [name for name in called if name not in known]
    if strangers:
        told = first_of(list(map(quoted, strangers)), _MOST_TOLD)
        typer.echo(f"crmgraph: nothing is proposed for {len(strangers)} of {len(called)} names: {told}", err=True)


def _tell_of_parts(plan: str, found: "Sequence[Decision]", left: "Mapping[str, str]", store: "Store") -> None:
    """Say for which parts of a plan there is no proposal, in their order: their numbers and words."""
    if left:
        parts = sorted(left, key=lambda iri: order_of(iri, store))
        told = [" ".join(filter(None, (number_of(iri, store), quoted(left[iri], _LONGEST)))) for iri in parts]
        count = f"{len(left)} of {len({each.subject for each in found})} parts of {plan}"
        typer.echo(f"crmgraph: nothing is proposed for {count}: {first_of(told, _MOST_TOLD)}", err=True)


def _print_table(proposed: "Iterable[Decision]", store: "Store", names: "Names") -> None:
    """For people: addresses in their short form, and words behind the number that they have in the document."""
    from crmgraph.decisions import AGENDA
    from crmgraph.tabulating import print_rows, shorten

    prefixes = {**names.prefixes(), "sdg": f"{AGENDA}/"}

    def told(iri: str, label: str) -> tuple[str, str]:
        return shorten(iri, prefixes), " ".join(filter(None, (number_of(iri, store) if iri else "", label)))

    print_rows(
        _COLUMNS,
        [
            (
                *told(each.subject, each.subject_label),
                *told(each.object, each.object_label),
                f"{each.score:.4f}",
                each.why,
                each.decided,
            )
            for each in proposed
        ],
    )


def _print(proposed: "Iterable[Decision]", format: LinkFormat) -> None:
    rows = [
        (each.subject, each.subject_label, each.object, each.object_label, f"{each.score:.4f}", each.why, each.decided)
        for each in proposed
    ]
    if format is LinkFormat.json:
        import json

        named = (dict(zip(_COLUMNS, row, strict=True)) for row in rows)
        typer.echo(
            json.dumps([{**each, "score": float(each["score"])} for each in named], ensure_ascii=False, indent=2)
        )
    else:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerows((_COLUMNS, *rows))
