"""Mutants with defects of text: cross-references, referrals, statuses, notes and repeated sentences."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle, pairwise

from crmgraph.reading.model import Part
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator, numbered

Places = Callable[[Ground], Iterator[Mutant]]
_WORDED = ("Objective", "Action", "Activity", "ScheduleEntry")
_ACTIVE = ("Continuo", "En progreso")
_UNDONE = (
    "no se han efectuado actividades", "hasta la fecha no se ha hecho nada", "aún no ha comenzado",
    "ninguna actividad se ha realizado", "sin avances", "no activity has been carried out",
    "nothing has been done so far", "no progress to date",
)  # fmt: skip
_DONE = ("ya se realizó", "este objetivo se ha cumplido", "already completed", "all activities have been carried out")


def appended(part: Part, words: str) -> Edit:
    """The edit that appends words to a part, before its full stop."""
    end = part.passage.start + len(part.passage.exact.rstrip(" .;,"))
    return Edit(end, end, words)


def reworded(part: Part, words: str) -> Edit:
    """The edit that replaces the text of a part after its number."""
    return Edit(part.passage.end - len(part.text), part.passage.end, words)


def _dangling(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts(*_WORDED):
        expected = Expected("unresolved-cross-reference", part.id, "99")
        yield Mutant(
            part.id, (appended(part, "; ver el objetivo 99"),), (expected,), findings_without_annotation(part, ground)
        )


def findings_without_annotation(part: Part, ground: Ground) -> tuple[tuple[str, str], ...]:
    """The related findings about an entry whose status is only annotated: a changed text loses its annotation."""
    known = part.kind != "ScheduleEntry" or ground.statuses_in(part.text)
    return () if known else (("status-missing", part.id), ("outcome-undated", part.id))


def _broken_references(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("CrossReference"):
        number = getattr(part, "number_passage", None)
        if number is not None and getattr(part, "target", None):
            holder = ground.parents[part.id].id
            edit = Edit(number.start, number.end, "99" + number.exact[len(number.exact.split(".")[0]) :])
            yield Mutant(part.id, (edit,), (Expected("unresolved-cross-reference", holder, edit.text),))


def _broken_themes(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("CrossReference"):
        theme = re.search(r"tema [“\"«](.+)[”\"»]", part.text, re.DOTALL)
        if theme is not None and getattr(part, "target", None):
            start = part.passage.start
            edit = Edit(start + theme.start(1), start + theme.end(1), "Cosas Varias")
            holder = ground.parents[part.id].id
            yield Mutant(part.id, (edit,), (Expected("unknown-theme", holder, edit.text),))


def _broken_referrals(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("Referral"):
        target = getattr(part, "target", "")
        start = part.passage.start + part.passage.exact.rindex(target)
        edit = Edit(start, start + len(target), "Red de Asuntos Varios")
        yield Mutant(part.id, (edit,), (Expected("unknown-network", ground.parents[part.id].id, edit.text),))


def _vague_networks(ground: Ground) -> Iterator[Mutant]:
    """Add “la red”, unless the part or one that contains it already mentions a network."""
    parents = {part.id: parent for part, parent in ground.plan.walk()}

    def with_ancestors(part: Part | None) -> Iterator[Part]:
        while part is not None:
            yield part
            part = parents[part.id]

    for part in ground.parts(*_WORDED):
        if not any(re.search(r"\b(red|redes)\b", each.text, re.IGNORECASE) for each in with_ancestors(part)):
            edit, expected = appended(part, ", con el apoyo de la red"), Expected("network-unnamed", part.id, "la red")
            yield Mutant(part.id, (edit,), (expected,), findings_without_annotation(part, ground))


def _without_status(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(part.id, (reworded(part, "Según se vea"),), (Expected("status-missing", part.id),))


def _second_status(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        said = {each.iri for each in ground.statuses_in(part.text)}
        if not said:
            continue
        active = any(name.endswith(("#continuous", "#in-progress", "#done", "#launched")) for name in said)
        # The status "by agreement" does not contradict "pending" or "in progress".
        open_to_both = all(name.endswith("#by-agreement") for name in said)
        other = "Cancelado" if open_to_both else "Pendiente" if active else "En progreso"
        expected = Expected("status-repeated", part.id, other, part.id)
        yield Mutant(part.id, (appended(part, f". {other}"),), (expected,))


def _notes(ways: tuple[str, ...], schedule: str | None = None) -> Places:
    """Add a note, in turn with each text of `ways`, that contradicts the `schedule`: ongoing work, if none is given."""

    def places(ground: Ground) -> Iterator[Mutant]:
        turns = cycle(ways)
        for part in ground.parts("Objective", "Action"):
            entries = [each for each, _ in part.walk() if each.kind == "ScheduleEntry"]
            active = [each for each in entries if any(each.text.strip().startswith(words) for words in _ACTIVE)]
            bare = [each for each in entries if each.text.strip() in _ACTIVE] if schedule else active
            if bare and not any(each.kind == "Note" for each in ground.objective(part).parts):
                edits = [reworded(each, schedule) for each in bare] if schedule else []
                yield Mutant(
                    part.id,
                    (Edit(part.passage.end, part.passage.end, f"\n\nNota: {next(turns)}"), *edits),
                    tuple(Expected("note-contradicts-schedule", f"{part.id}-a", None, each.id) for each in bare),
                    (("note-contradicts-schedule", f"{part.id}-a"),),
                )

    return places


def _repeated(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        parts = [part for part in numbered(ground.parts(kind)) if len(part.text.split()) >= 3]
        for one, other in pairwise(parts):
            if one.text.strip() == other.text.strip():
                continue
            related = (("time-without-anchor", ground.objective(other).id + "*"),)
            edit, expected = Edit(*_text(other), one.text, _text(one)), Expected("sentence-repeated", other.id)
            yield Mutant(f"{one.id} in {other.id}", (edit,), (expected,), related)

    return Operator(f"repeat-{kind.lower()}", f"one {kind} says what the one before says", places)


def _text(part: Part) -> tuple[int, int]:
    return part.passage.end - len(part.text), part.passage.end


OPERATORS = (
    Operator("add-dangling-reference", "a part refers to an objective that is not there", _dangling),
    Operator("break-reference", "a reference names another number", _broken_references),
    Operator("break-reference-theme", "a reference names a theme that is not there", _broken_themes),
    Operator("break-referral", "a reference to a work plan names a network that nobody knows", _broken_referrals),
    Operator("unname-network", "a part speaks of “the network”", _vague_networks),
    Operator("drop-status", "an entry says nothing of the status", _without_status),
    Operator("add-status", "an entry says a second status", _second_status),
    Operator("contradict-by-note", "a note says that nothing was done, and the schedule that it goes on",
             _notes(_UNDONE)),
    Operator("contradict-pending-by-note", "a note says that it was done, and the schedule that it is pending",
             _notes(_DONE, "Pendiente")),
    *(_repeated(kind) for kind in ("Objective", "Action", "Activity")),
)  # fmt: skip
