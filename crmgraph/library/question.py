"""A question of the library: a query with parameters, what it asks in words, and how its answer is drawn."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmgraph.errors import UsageError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.wording import Bilingual

__all__ = [
    "ANY",
    "KINDS",
    "RESERVED",
    "TYPES",
    "Chart",
    "LibraryQuestion",
    "Parameter",
    "Phrase",
    "Piece",
    "defaults_in",
    "read_chart",
    "read_phrase",
    "shown",
]

TYPES = ("iri", "concept", "string", "integer")
ANY = "any"
"""The value that leaves a parameter open."""
RESERVED = ("format", "timeout", "sort", "order", "page", "q")
"""Names that no parameter may have: in the address of a question they say how the answer is wanted."""

_OPEN = "UNDEF"
_IN_IRI = (
    r"(?:[-A-Za-z0-9._~:/?@!$&'()*+,;=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]|%[0-9A-Fa-f]{2})"
)
_IRI = re.compile(rf"{_IN_IRI}+(?:#{_IN_IRI}*)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONCEPT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True)
class Parameter:
    """A value that the caller may set: its type, its default as a caller writes it, and its description.

    `choices` are the only values there are, each with its labels by language, if any. `values` is a graph pattern that
    says what ?value may be, for an `iri`; for a `concept` the same follows from the name of its `scheme`. `open` is
    what a sentence says where the parameter is left open (“any actor”), by language; nothing where it cannot be. A
    sentence has a value in quotation marks where it `is_quoted`, being a title or words of the plan, or behind the
    `article` that goes with the names of all its values, for languages that have such a one; `words` are what it
    says for a value whose name would not fit into it (“are pending”), by language.
    """

    name: str
    type: str
    default: str
    description: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: str = ""
    scheme: str = ""
    open: Mapping[str, str] = field(default_factory=dict)
    is_quoted: bool = False
    article: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def term(self, value: str, names: Names) -> str:
        """Return `value` as a SPARQL term; UNDEF where it leaves the parameter open.

        An IRI may be given from below …/id/, a concept by its name in the scheme. Raises UsageError where it does not
        fit or is blank, and for words without a letter or a digit, which stand everywhere and nowhere.
        """
        if self.choices and value not in self.choices:
            fitting = ", ".join(self.choices)
            raise self._misfit(f"one of {fitting}", f"uno de {fitting}", value)
        if self.open and value == ANY:
            return _OPEN
        return {"integer": _integer, "string": _string, "concept": _concept, "iri": _iri}[self.type](self, value, names)

    def short(self, iri: str, names: Names) -> str:
        """Return what a caller writes for this IRI: the name of a concept, or what follows …/id/."""
        return iri.rpartition("#")[2] if self.type == "concept" else iri.removeprefix(names.id(""))

    def _misfit(self, english: str, spanish: str, value: str) -> UsageError:
        return UsageError(
            Bilingual(
                f"parameter {self.name} is {english}, not {shown(value)}",
                f"el parámetro {self.name} es {spanish}, no {shown(value)}",
            )
        )


def shown(value: str) -> str:
    """Return a value for a message; blank space is put in quotation marks."""
    return value if value.strip() else f'"{value}"'


def _integer(parameter: Parameter, value: str, names: Names) -> str:  # noqa: ARG001 - one form for all types
    if not re.fullmatch(r"[+-]?\d{1,18}", value, re.ASCII):
        raise parameter._misfit("a whole number", "un número entero", value)
    return str(int(value))


def _string(parameter: Parameter, value: str, names: Names) -> str:  # noqa: ARG001
    if not value.strip():
        raise UsageError(
            Bilingual(
                f"parameter {parameter.name} must not be empty", f"el parámetro {parameter.name} no puede estar vacío"
            )
        )
    if not any(character.isalnum() for character in value):
        name = parameter.name
        raise UsageError(
            Bilingual(
                f"parameter {name} has to have a letter or a digit, not only {value}",
                f"el parámetro {name} tiene que tener alguna letra o cifra, no solo {value}",
            )
        )
    return f'"{value.translate(_ESCAPES)}"'


def _concept(parameter: Parameter, value: str, names: Names) -> str:  # noqa: ARG001
    if not _CONCEPT.fullmatch(value):
        scheme = parameter.scheme
        raise parameter._misfit(f"a name in the scheme {scheme}", f"un nombre del esquema {scheme}", value)
    return f"<{ONTOLOGY}/{parameter.scheme}#{value}>"


def _iri(parameter: Parameter, value: str, names: Names) -> str:
    iri = value if _ABSOLUTE.match(value) else names.id(value)
    if not value or not _IRI.fullmatch(iri):
        space = names.id("")
        raise parameter._misfit(f"an IRI, or what follows {space}", f"un IRI, o lo que sigue a {space}", value)
    return f"<{iri}>"


_GAP = re.compile(r"\[(?P<aside>[^][{}]*)\{(?P<optional>[^{}]*)\}\]|\{(?P<name>[^{}]*)\}")


@dataclass(frozen=True)
class Piece:
    """Words of a sentence, and the name of the parameter whose value follows them; empty at the end.

    Those in the `aside` come before the value too, and are left out with it where it is left open.
    """

    words: str
    parameter: str = ""
    aside: str = ""

    @property
    def before(self) -> str:
        """The words before the value, with the aside."""
        return self.words + self.aside


Phrase = Mapping[str, tuple[Piece, ...]]
"""The pieces of a sentence in their order, by language."""


def read_phrase(texts: Mapping[str, str], known: Collection[str]) -> Phrase:
    """Read the sentence in each language; `{name}` is the gap of a parameter, `[, as {name}]` one with an aside.

    Raises UsageError where a gap is that of none of the `known` parameters or stands twice, where a language has other
    gaps than the first, or where a brace or bracket is left over.
    """
    phrase = {language: _pieces(text) for language, text in texts.items()}
    for language, pieces in phrase.items():
        gaps = [piece.parameter for piece in pieces[:-1]]
        for gap in gaps:
            if gap not in known:
                raise UsageError(f"the phrase has a gap {{{gap}}}, and there is no parameter {gap}")
        if len(set(gaps)) < len(gaps):
            raise UsageError(f"the phrase in {language} has a gap twice")
        if set(gaps) != {piece.parameter for piece in next(iter(phrase.values()))[:-1]}:
            raise UsageError(f"the phrase in {language} has other gaps than in the other language")
        if any(set(piece.words) & set("{}[]") for piece in pieces):
            raise UsageError(f"the phrase in {language} has a brace or bracket that belongs to no gap")
    return phrase


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for gap in _GAP.finditer(text):
        pieces.append(Piece(text[at : gap.start()], gap["name"] or gap["optional"] or "", gap["aside"] or ""))
        at = gap.end()
    return (*pieces, Piece(text[at:]))


KINDS = ("bars", "shares", "matrix", "network")
_KEYS = {
    "bars": ({"of"}, {"by", "count", "tone"}),
    "shares": ({"of", "count", "whole"}, set()),
    "matrix": ({"of", "by"}, {"count"}),
    "network": ({"of", "by"}, set()),
}
"""The keys that each kind must have, and those that it may have."""


@dataclass(frozen=True)
class Chart:
    """A chart of an answer, described by the names of its columns.

    `of` and `by` are each a column that tells things apart and those whose values name them, in this order; the first
    names them too where it is alone. What is drawn depends on the kind.

    - `bars`: a bar for each thing of `of`, as long as the number in the column `counts`; with several of these a bar
      for each; with `by` in pieces, one for each thing of `by`. Without `counts` the rows are counted. `tone` is a
      column with a status or a severity, which gives the pieces its colours.
    - `shares`: for each thing of `of` how much of each number in `wholes` the number in `counts` is.
    - `matrix`: a table with a row for each thing of `of` and a column for each of `by`, with the number in `counts`, or
      how many rows say both.
    - `network`: the things of `of` and of `by`, with a line between two that are in one row.
    """

    kind: str
    of: tuple[str, ...]
    by: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    tone: str = ""


def read_chart(given: Mapping[str, Any], columns: Collection[str]) -> Chart:
    """Read the chart in front matter. Raises UsageError for an unknown kind, key or column."""
    kind = given.get("kind")
    if kind not in KINDS:
        raise UsageError(f"the chart is of a kind that is none of {', '.join(KINDS)}")
    needed, possible = _KEYS[kind]
    keys = set(given) - {"kind"}
    if not needed <= keys <= needed | possible:
        raise UsageError(
            f"a chart of the kind {kind} has {', '.join(sorted(needed))}"
            + (f", and may have {', '.join(sorted(possible))}" if possible else "")
        )
    of, by, counts, wholes = (_columns(given.get(key)) for key in ("of", "by", "count", "whole"))
    chart = Chart(kind, of, by, counts, wholes, str(given.get("tone", "")))
    named = [*chart.of, *chart.by, *chart.counts, *chart.wholes, *([chart.tone] if chart.tone else [])]
    for name in named:
        if name not in columns:
            raise UsageError(f"the chart names a column {name} that the question does not have")
    if kind == "shares" and len(chart.counts) != len(chart.wholes):
        raise UsageError("the chart needs a whole for each count")
    if chart.by and len(chart.counts) > 1:
        raise UsageError("a chart in pieces has one count")
    return chart


def _columns(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(str(name) for name in given)


_VALUES = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{(?P<default>[^}]*)\}")


@dataclass(frozen=True)
class LibraryQuestion:
    """A question of the library. Texts are mappings from `es` and `en`; `columns` says what each column holds.

    The `phrase` is the question with gaps for the values that a visitor would change; without pieces where there are
    none. `chart` says how the answer is drawn; None where a table says it best. `read` is what the graph has
    of a `?plan`, or of a part of one, of which somebody has read what is asked; empty where no reader is needed.
    `unread` is what is to be said where nobody has, unless that is all there is to say. `see` names other questions of
    the library that say more.

    An explanation has what everybody should know in its first paragraph, and how it is counted in the others.
    """

    name: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    group: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, Mapping[str, str]]
    text: str
    names: Names
    phrase: Phrase = field(default_factory=dict)
    chart: Chart | None = None
    read: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)
    see: tuple[str, ...] = ()

    def paragraphs(self, language: str) -> list[str]:
        """Return the paragraphs of the explanation in this language."""
        return self.explanation[language].split("\n\n")

    def check_names(self, names: Iterable[str]) -> None:
        """Raise UsageError for the first name that is no parameter."""
        known = [parameter.name for parameter in self.parameters]
        for name in names:
            if name not in known:
                raise UsageError(_unknown_parameter(self.name, name, known))

    def asked(self, language: str, labels: Mapping[str, str]) -> str:
        """Return the question as a sentence with the labels of its values, by parameter; without a phrase its title.

        What is left open is not said where that says nothing, which is where the gap has an aside; and where all is,
        the title asks the same better.
        """
        unsaid = {each.name: each.open.get(language, "") for each in self.parameters}
        gaps = [piece.parameter for piece in self.phrase.get(language, ()) if piece.parameter]
        if all(unsaid[name] and labels.get(name) == unsaid[name] for name in gaps):
            return self.title[language]
        filled = []
        for piece in self.phrase.get(language, ()):
            label = labels.get(piece.parameter, "")
            is_left_out = piece.aside and label == unsaid[piece.parameter]
            filled.append(piece.words if is_left_out else piece.before + label)
        return "".join(filled)

    def with_gaps(self, language: str) -> str:
        """Return the phrase in this language as in its file, with `{name}` for the gap of a parameter."""
        return "".join(
            f"{each.words}[{each.aside}{{{each.parameter}}}]"
            if each.aside
            else each.words + (f"{{{each.parameter}}}" if each.parameter else "")
            for each in self.phrase[language]
        )

    def with_values(self, values: Mapping[str, str]) -> str:
        """Return the query with `values` for its parameters. Raises UsageError for an unknown name or a wrong value."""
        self.check_names(values)
        known = {parameter.name: parameter for parameter in self.parameters}
        terms = {name: known[name].term(value, self.names) for name, value in values.items()}
        return _VALUES.sub(lambda found: _clause(found, terms), self.text)


def defaults_in(text: str) -> dict[str, str]:
    """Return the term in each `VALUES ?name { term }` of a query, by name."""
    return {found["name"]: found["default"].strip() for found in _VALUES.finditer(text)}


def _unknown_parameter(question: str, name: str, known: Iterable[str]) -> Bilingual:
    listed = ", ".join(known)
    has = f"its parameters are {listed}" if listed else "it has none"
    tiene = f"sus parámetros son {listed}" if listed else "no tiene ninguno"
    return Bilingual(
        f"question {question} has no parameter {name}; {has}",
        f"la pregunta {question} no tiene un parámetro {name}; {tiene}",
    )


def _clause(found: re.Match[str], terms: Mapping[str, str]) -> str:
    """Return a VALUES clause with its new term, or as it was."""
    name = found["name"]
    return f"VALUES ?{name} {{ {terms[name]} }}" if name in terms else found[0]
