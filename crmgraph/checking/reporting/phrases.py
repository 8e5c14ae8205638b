"""What a report says around the findings, in both languages."""

from collections.abc import Iterator
from textwrap import shorten
from types import MappingProxyType

from crmgraph.checking.findings import Acceptance, Spot
from crmgraph.checking.reporting.report import Report
from crmgraph.wording import Bilingual

__all__ = ["ONE_SEVERITY", "PHRASES", "acceptance", "name", "naming", "summary"]

ONE_SEVERITY = MappingProxyType(
    {
        "violation": Bilingual("error", "error"),
        "warning": Bilingual("warning", "advertencia"),
        "info": Bilingual("information", "información"),
    }
)
_COUNTED = MappingProxyType(
    {
        "violation": (ONE_SEVERITY["violation"], Bilingual("errors", "errores")),
        "warning": (ONE_SEVERITY["warning"], Bilingual("warnings", "advertencias")),
        "info": (Bilingual("for information", "informativo"), Bilingual("for information", "informativos")),
    }
)

_TITLE = 80

PHRASES = MappingProxyType(
    {
        "title": Bilingual("Consistency report", "Informe de coherencia"),
        "why": Bilingual("Why it matters", "Por qué importa"),
        "remedy": Bilingual("How to correct it", "Cómo corregirlo"),
        "example": Bilingual("Example", "Ejemplo"),
        "other": Bilingual("compare", "compárese"),
        "plan": Bilingual("the plan", "el plan"),
        "follows": Bilingual("from these statements", "de estas afirmaciones"),
        "more": Bilingual("and {n} more lines", "y {n} líneas más"),
        "one-more": Bilingual("and one more line", "y una línea más"),
        "counted": Bilingual(
            "no defect of the plan; --format json lists them one by one",
            "no son defectos del plan; --format json los enumera",
        ),
        "naming": Bilingual(
            "Parts are called by theme and number: {themes}. A letter behind a number, as in 3.1-a, is the first line "
            "without a number below 3.1; -2 is the second part with that number. [7–12] are characters of the text, "
            "counted from 0, the last one excluded.",
            "Las partes se nombran por su tema y su número: {themes}. Una letra detrás del número, como en 3.1-a, es "
            "la primera línea sin número que hay bajo 3.1; -2 es la segunda parte con ese número. [7–12] son "
            "caracteres del texto, contados desde 0 y sin incluir el último.",
        ),
        "source": Bilingual("The text, with the words marked", "El texto, con las palabras marcadas"),
        "kinds": Bilingual("Kinds of finding", "Clases de hallazgo"),
        "back": Bilingual("to the finding", "al hallazgo"),
        "nothing": Bilingual("No defect was found.", "No se halló ningún defecto."),
    }
)


def name(spot: Spot, report: Report) -> str:
    """How people call an element: its path below the plan, or what the plan is called."""
    return spot.name or report.say(PHRASES["plan"])


def acceptance(accepted: Acceptance, report: Report) -> str:
    """Who accepted a finding as explained, when and why."""
    spanish = f"Aceptado por {accepted.by} el {accepted.on}: {accepted.reason_es}"
    return report.say(Bilingual(f"Accepted by {accepted.by} on {accepted.on}: {accepted.reason_en}", spanish))


def naming(report: Report) -> str:
    """How the names of parts and the places of words are to be read; nothing where no part is named."""
    named = set()
    for finding in report.findings:
        document = report.document(finding)
        for spot in (finding.spot, finding.other):
            if document is not None and spot is not None and spot.theme is not None and spot.theme in document.themes:
                named.add((spot.theme, document.themes[spot.theme]))
    if not named:
        return ""
    told = report.say(Bilingual("{id} is “{title}”", "{id} es «{title}»"))
    themes = [told.format(id=id, title=shorten(title, _TITLE, placeholder="…")) for id, title in sorted(named)]
    return report.say(PHRASES["naming"]).format(themes=", ".join(themes))


def summary(report: Report) -> str:
    """How many findings there are, how grave, and how many more are known from before."""
    return " ".join(report.say(text) for text in _sentences(report))


def _sentences(report: Report) -> Iterator[Bilingual]:
    listed = [finding for kind in report.kinds if not kind.is_counted for finding in kind.findings]
    total, accepted = len(listed), sum(finding.accepted is not None for finding in listed)
    if total:
        counts = [
            (severity, sum(finding.severity == severity for finding in listed))
            for severity in ("violation", "warning", "info")
        ]
        words = [_COUNTED[severity][n != 1] for severity, n in counts]
        english = ", ".join(f"{n} {word}" for (_, n), word in zip(counts, words, strict=True) if n)
        spanish = ", ".join(f"{n} {word.spanish}" for (_, n), word in zip(counts, words, strict=True) if n)
        s = "" if total == 1 else "s"
        yield Bilingual(f"{total} finding{s}: {english}.", f"{total} hallazgo{s}: {spanish}.")
    elif report.known:
        yield Bilingual("Nothing new was found.", "No se halló nada nuevo.")
    elif report.others:
        yield from _of_other_kinds(report.others)
    else:
        yield Bilingual(str(PHRASES["nothing"]), PHRASES["nothing"].spanish)
    if accepted:
        s = "" if accepted == 1 else "s"
        yield Bilingual(f"{accepted} accepted as explained.", f"{accepted} aceptado{s} como explicado{s}.")
    if report.known:
        was, s = ("is", "") if report.known == 1 else ("are", "s")
        yield Bilingual(
            f"{report.known} already known {was} not shown.",
            f"No se muestra{'n' if s else ''} {report.known} ya conocido{s}.",
        )


def _of_other_kinds(count: int) -> Iterator[Bilingual]:
    yield Bilingual("No defect of this kind was found.", "No se halló ningún defecto de esta clase.")
    was, s = ("is", "") if count == 1 else ("are", "s")
    yield Bilingual(
        f"{count} of other kinds {was} not shown.", f"No se muestra{'n' if s else ''} {count} de otras clases."
    )
