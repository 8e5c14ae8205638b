"""Parameters of a question: what a caller may set, and how a value becomes a SPARQL term."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crmgraph.errors import UsageError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.wording import Bilingual

__all__ = ["ANY", "RESERVED", "TYPES", "Parameter", "shown"]

TYPES = ("iri", "concept", "string", "integer")
ANY = "any"
"""The value by which a caller leaves a parameter open."""
RESERVED = ("format", "timeout", "sort", "order", "page", "q")
"""Names that no parameter has, for they say in the address of a question how its answer is wanted."""

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
    """A value that the caller may set: its type, its default as a caller would write it, what it means, what fits.

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
        """`value` as a SPARQL term; UNDEF where it leaves the parameter open.

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
        """What a caller writes for this IRI: the name of a concept, or what follows …/id/."""
        return iri.rpartition("#")[2] if self.type == "concept" else iri.removeprefix(names.id(""))

    def _misfit(self, english: str, spanish: str, value: str) -> UsageError:
        return UsageError(
            Bilingual(
                f"parameter {self.name} is {english}, not {shown(value)}",
                f"el parámetro {self.name} es {spanish}, no {shown(value)}",
            )
        )


def shown(value: str) -> str:
    """A value as a message shows it: one that cannot be seen in quotation marks."""
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
