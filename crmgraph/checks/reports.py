"""Reports of findings: their model, their words, and the form for people."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from textwrap import shorten, wrap
from unicodedata import category

from rich.cells import cell_len

from crmgraph.checks.findings import SEVERITIES, Acceptance, Check, Finding, Location, line_at
from crmgraph.errors import Bilingual, in_language
from crmgraph.reading.source import Source


@dataclass(frozen=True)
class Document:
    """A source that findings are about: `name` is what people call it, `uri` where programs find it.

    `themes` are the titles of its themes, by the ids that begin the names of their parts.
    """

    name: str
    uri: str
    source: Source
    themes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """Findings with the documents that they are in, the checks that found them, and the language for people, es or en.

    `documents` are by the `file` of the findings. `known` counts the findings that an earlier report had and this one
    leaves out; it is None where there is no earlier one. `others` counts those of kinds that nobody asked for.
    """

    findings: tuple[Finding, ...]
    checks: Mapping[str, Check]
    documents: Mapping[str | None, Document] = field(default_factory=dict)
    language: str = "es"
    known: int | None = None
    others: int = 0

    @property
    def kinds(self) -> list[tuple[Check, list[Finding]]]:
        """The checks with their findings: the gravest first, then by group and code."""

        def rank(finding: Finding) -> tuple[int, int, str]:
            return SEVERITIES.index(finding.severity), self.checks[finding.code].group.order, finding.code

        return [
            (self.checks[code], list(found)) for (_, _, code), found in groupby(sorted(self.findings, key=rank), rank)
        ]

    def document(self, finding: Finding) -> Document | None:
        """Return the document that a finding is about, where the report has it."""
        return self.documents.get(finding.file)

    def say(self, text: str) -> str:
        """Return a text that is in both languages, in that of the report."""
        return in_language(text, self.language)

    def count(self, what: str, number: int) -> str:
        """Return how many there are, in words for one or for more of them."""
        return self.say(_ONE_AND_MORE[what][number != 1]).format(n=number)


ONE_SEVERITY = {
    "violation": Bilingual("error", "error"),
    "warning": Bilingual("warning", "advertencia"),
    "info": Bilingual("information", "información"),
}
PHRASES = {
    "title": Bilingual("Consistency report", "Informe de coherencia"),
    "why": Bilingual("Why it matters", "Por qué importa"),
    "remedy": Bilingual("How to correct it", "Cómo corregirlo"),
    "example": Bilingual("Example", "Ejemplo"),
    "other": Bilingual("compare", "compárese"),
    "plan": Bilingual("the plan", "el plan"),
    "follows": Bilingual("from these statements", "de estas afirmaciones"),
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
    "theme": Bilingual("{id} is “{title}”", "{id} es «{title}»"),
    "source": Bilingual("The text, with the words marked", "El texto, con las palabras marcadas"),
    "kinds": Bilingual("Kinds of finding", "Clases de hallazgo"),
    "back": Bilingual("to the finding", "al hallazgo"),
    "nothing": Bilingual("No defect was found.", "No se halló ningún defecto."),
    "nothing-new": Bilingual("Nothing new was found.", "No se halló nada nuevo."),
    "nothing-of-kind": Bilingual("No defect of this kind was found.", "No se halló ningún defecto de esta clase."),
    "accepted": Bilingual("Accepted by {by} on {on}: {reason_en}", "Aceptado por {by} el {on}: {reason_es}"),
}
_ONE_AND_MORE = {
    "violation": (Bilingual("{n} error", "{n} error"), Bilingual("{n} errors", "{n} errores")),
    "warning": (Bilingual("{n} warning", "{n} advertencia"), Bilingual("{n} warnings", "{n} advertencias")),
    "info": (
        Bilingual("{n} for information", "{n} informativo"),
        Bilingual("{n} for information", "{n} informativos"),
    ),
    "findings": (Bilingual("{n} finding", "{n} hallazgo"), Bilingual("{n} findings", "{n} hallazgos")),
    "accepted": (
        Bilingual("{n} accepted as explained.", "{n} aceptado como explicado."),
        Bilingual("{n} accepted as explained.", "{n} aceptados como explicados."),
    ),
    "known": (
        Bilingual("{n} already known is not shown.", "No se muestra {n} ya conocido."),
        Bilingual("{n} already known are not shown.", "No se muestran {n} ya conocidos."),
    ),
    "others": (
        Bilingual("{n} of other kinds is not shown.", "No se muestra {n} de otras clases."),
        Bilingual("{n} of other kinds are not shown.", "No se muestran {n} de otras clases."),
    ),
    "more": (
        Bilingual(" and one more line", " y una línea más"),
        Bilingual(" and {n} more lines", " y {n} líneas más"),
    ),
}
_LONGEST_TITLE = 80


def name(location: Location, report: Report) -> str:
    """Return how people call an element: its path below the plan, or what the plan is called."""
    return location.name or report.say(PHRASES["plan"])


def acceptance(accepted: Acceptance, report: Report) -> str:
    """Return who accepted a finding as explained, when and why."""
    return report.say(PHRASES["accepted"]).format(**asdict(accepted))


def naming(report: Report) -> str:
    """Return how the names of parts and the places of words are to be read; nothing where no part is named."""
    titles = {
        location.theme: shorten(document.themes[location.theme], _LONGEST_TITLE, placeholder="…")
        for finding in report.findings
        for location in (finding.location, finding.other)
        if (document := report.document(finding)) and location and location.theme and location.theme in document.themes
    }
    told = [report.say(PHRASES["theme"]).format(id=id, title=titles[id]) for id in sorted(titles)]
    return report.say(PHRASES["naming"]).format(themes=", ".join(told)) if told else ""


def summary(report: Report) -> str:
    """Return how many findings there are, how grave, and how many more are known from before."""
    listed = [finding for check, found in report.kinds if not check.is_counted for finding in found]
    grave = Counter(finding.severity for finding in listed)
    accepted = sum(finding.accepted is not None for finding in listed)
    if listed:
        counts = ", ".join(report.count(severity, grave[severity]) for severity in SEVERITIES if grave[severity])
        sentences = [f"{report.count('findings', len(listed))}: {counts}."]
    elif report.known:
        sentences = [report.say(PHRASES["nothing-new"])]
    elif report.others:
        sentences = [report.say(PHRASES["nothing-of-kind"]), report.count("others", report.others)]
    else:
        sentences = [report.say(PHRASES["nothing"])]
    more = (report.count(what, n) for what, n in (("accepted", accepted), ("known", report.known)) if n)
    return " ".join((*sentences, *more))


_WIDEST = 100
_CUT = "…"
_OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""The categories of characters that a terminal would obey, or not show."""


@dataclass(frozen=True)
class Excerpt:
    """A line of the source cut to what is around some words, and the marks that stand below it.

    `line` and `column` count from 1. `more` is how many further lines the words run over.
    """

    line: int
    column: int
    text: str
    marks: str
    more: int


def excerpt(source: Source, start: int, end: int, widest: int = _WIDEST) -> Excerpt:
    """Return where in a source the code points from `start` to `end` are, the line no longer than `widest`."""
    number, first, last = line_at(source, start)
    more = line_at(source, max(start, end - 1))[0] - number
    column = start - first + 1
    # The blank space in which a cell begins and a line ends is nothing to look at, unless it is what is meant.
    line = source.text[first:last]
    first += min(start - first, len(line) - len(line.lstrip()))
    last -= min(max(0, last - end), len(line) - len(line.rstrip()))
    start, stop, left, right = min(start, last), min(end, last), first, last
    if last - first > widest:
        room = widest - 2 * len(_CUT)
        stop = min(stop, start + room)
        room -= stop - start
        # As much on each side of the words, and more where the other side has less.
        left = max(first, start - max((room + 1) // 2, room - (last - stop)))
        right = min(last, stop + room - (start - left))
    before = (_CUT if left > first else "") + _harmless(source.text[left:start])
    words = _harmless(source.text[start:stop])
    after = _harmless(source.text[stop:right]) + (_CUT if right < last else "")
    marks = " " * cell_len(before) + "^" * max(1, cell_len(words))
    return Excerpt(number, column, before + words + after, marks, more)


def printable(text: str) -> str:
    """Return the text on one line, without anything that a terminal would obey."""
    return _harmless(" ".join(text.split()))


def _harmless(text: str) -> str:
    return "".join("\ufffd" if category(each) in _OBEYED else each for each in text.replace("\t", " "))


def as_text(report: Report) -> str:
    """Return the findings by kind, each with its message, its place, and the line of the source with its words marked.

    Then how the names of the parts are to be read, and how many findings there are. A check that is counted has no
    more than their number.
    """
    lines: list[str] = []
    for check, found in report.kinds:
        advice = f"{report.say(PHRASES['remedy'])}: {report.say(check.remedy)}"
        lines += [
            f"{report.say(check.title)} ({len(found)})",
            f"  {report.say(ONE_SEVERITY[check.severity])} · {check.code}",
            f"  {report.say(PHRASES['counted']) if check.is_counted else advice}",
            "",
            *(line for finding in found if not check.is_counted for line in (*_lines(finding, report), "")),
        ]
    if told := naming(report):
        lines += [*wrap(printable(told), _WIDEST), ""]
    return "\n".join([*lines, summary(report)])


def _lines(finding: Finding, report: Report) -> Iterator[str]:
    document, other, accepted = report.document(finding), finding.other, finding.accepted
    yield f"  {name(finding.location, report)}: {printable(report.say(finding.text))}"
    yield from _place(finding.location, document, report)
    if other is not None:
        yield f"    {report.say(PHRASES['other'])} {name(other, report)}:"
        yield from _place(other, document, report)
    if finding.triples:
        yield f"    {report.say(PHRASES['follows'])}:"
        yield from (f"      {printable(triple)}" for triple in finding.triples)
    if accepted is not None:
        yield f"    {printable(acceptance(accepted, report))}"


def _place(location: Location, document: Document | None, report: Report) -> list[str]:
    if location.start is None or location.end is None or document is None:
        return []
    seen = excerpt(document.source, location.start, location.end)
    return [
        f"    {printable(document.name)}:{seen.line}:{seen.column} [{location.start}–{location.end}]",
        f"      {seen.text}",
        f"      {seen.marks}{report.count('more', seen.more) if seen.more else ''}",
    ]
