"""A question of the library: a query with parameters, what it asks in words, and how its answer is drawn."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmgraph.errors import UsageError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.wording import Bilingual

__all__ = ["ANY", "RESERVED", "TYPES", "Chart", "LibraryQuestion", "Parameter", "shown"]

TYPES = ("iri", "concept", "string", "integer")
ANY = "any"
"""The value that leaves a parameter open."""
RESERVED = ("format", "timeout", "sort", "order", "page", "q")
"""Names that no parameter may have: in the address of a question they say how the answer is wanted."""

_IN_IRI = (
    r"(?:[-A-Za-z0-9._~:/?@!$&'()*+,;=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]|%[0-9A-Fa-f]{2})"
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_FORMS = {
    "integer": (re.compile(r"[+-]?\d{1,18}", re.ASCII), "a whole number", "un número entero"),
    "concept": (
        re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
        "a name in the scheme {scheme}",
        "un nombre del esquema {scheme}",
    ),
    "iri": (
        re.compile(rf"{_IN_IRI}+(?:#{_IN_IRI}*)?"),
        "an IRI, or what follows {space}",
        "un IRI, o lo que sigue a {space}",
    ),
}
"""What values of each type look like, but for strings, and what that is called in both languages."""
_GAP = re.compile(r"(?:\[([^][{}]*))?\{(\w+)\}\]?")
_VALUES = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{[^}]*\}")


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
            return "UNDEF"
        if self.type == "string":
            if not value.strip():
                raise self._refusal("must not be empty", "no puede estar vacío")
            if not any(map(str.isalnum, value)):
                missing = "has to have a letter or a digit, not only", "tiene que tener alguna letra o cifra, no solo"
                raise self._refusal(*(f"{each} {value}" for each in missing))
            return f'"{value.translate(_ESCAPES)}"'
        pattern, *meanings = _FORMS[self.type]
        whole = names.id(value) if self.type == "iri" and value and not _ABSOLUTE.match(value) else value
        if not pattern.fullmatch(whole):
            english, spanish = (each.format(scheme=self.scheme, space=names.id("")) for each in meanings)
            raise self._misfit(english, spanish, value)
        if self.type == "integer":
            return str(int(value))
        return f"<{ONTOLOGY}/{self.scheme}#{value}>" if self.type == "concept" else f"<{whole}>"

    def short(self, iri: str, names: Names) -> str:
        """Return what a caller writes for this IRI: the name of a concept, or what follows …/id/."""
        return iri.rpartition("#")[2] if self.type == "concept" else iri.removeprefix(names.id(""))

    def _misfit(self, english: str, spanish: str, value: str) -> UsageError:
        return self._refusal(f"is {english}, not {shown(value)}", f"es {spanish}, no {shown(value)}")

    def _refusal(self, english: str, spanish: str) -> UsageError:
        return UsageError(Bilingual(f"parameter {self.name} {english}", f"el parámetro {self.name} {spanish}"))


def shown(value: str) -> str:
    """Return a value for a message; blank space is put in quotation marks."""
    return value if value.strip() else f'"{value}"'


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


@dataclass(frozen=True)
class LibraryQuestion:
    """A question of the library. Texts are mappings from `es` and `en`; `columns` says what each column holds.

    The `phrase` is the question with gaps for the values that a visitor would change: `{agent}` for the parameter
    `agent`, `[, as {agent}]` with words that are left out where it is left open; empty where there are none. `chart`
    says how the answer is drawn; None where a table says it best. `read` is what the graph has of a `?plan`, or of a
    part of one, of which somebody has read what is asked; empty where no reader is needed. `unread` is what is to be
    said where nobody has, unless that is all there is to say. `see` names other questions of the library that say more.

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
    phrase: Mapping[str, str] = field(default_factory=dict)
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
        listed = ", ".join(known)
        has = f"its parameters are {listed}" if known else "it has none"
        tiene = f"sus parámetros son {listed}" if known else "no tiene ninguno"
        for name in names:
            if name not in known:
                raise UsageError(
                    Bilingual(
                        f"question {self.name} has no parameter {name}; {has}",
                        f"la pregunta {self.name} no tiene un parámetro {name}; {tiene}",
                    )
                )

    def pieces(self, language: str) -> list[tuple[str, str]]:
        """Return the words of the phrase before each gap, and its parameter; then the words at the end, and nothing."""
        parts = [*_GAP.split(self.phrase.get(language, "")), "", ""]
        return [
            (words + (aside or ""), name)
            for words, aside, name in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        ]

    def asked(self, language: str, labels: Mapping[str, str]) -> str:
        """Return the question as a sentence with the labels of its values, by parameter; without a phrase its title.

        What is left open is not said where that says nothing, which is where the gap has an aside; and where all is,
        the title asks the same better.
        """
        unsaid = {each.name: each.open.get(language, "") for each in self.parameters}
        phrase = self.phrase.get(language, "")

        def fill(gap: re.Match[str]) -> str:
            aside, name = gap.groups("")
            label = labels.get(name, "")
            return "" if aside and label == unsaid[name] else aside + label

        if all(unsaid[name] and labels.get(name) == unsaid[name] for _, name in _GAP.findall(phrase)):
            return self.title[language]
        return _GAP.sub(fill, phrase)

    def with_values(self, values: Mapping[str, str]) -> str:
        """Return the query with `values` for its parameters. Raises UsageError for an unknown name or a wrong value."""
        self.check_names(values)
        known = {parameter.name: parameter for parameter in self.parameters}
        terms = {name: known[name].term(value, self.names) for name, value in values.items()}
        return _VALUES.sub(lambda clause: _clause(clause, terms), self.text)


def _clause(clause: re.Match[str], terms: Mapping[str, str]) -> str:
    """Return a VALUES clause with its new term, or as it was."""
    name = clause["name"]
    return f"VALUES ?{name} {{ {terms[name]} }}" if name in terms else clause[0]
