"""A question of the library: a query, what it asks in words, and its parameters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmgraph.errors import UsageError
from crmgraph.library.chart import Chart
from crmgraph.library.parameters import Parameter
from crmgraph.library.phrase import Phrase
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

__all__ = ["LibraryQuestion", "defaults_in"]

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
        """The explanation in this language by paragraphs."""
        return self.explanation[language].split("\n\n")

    def check_names(self, names: Iterable[str]) -> None:
        """Raises UsageError for the first name that none of its parameters has."""
        known = [parameter.name for parameter in self.parameters]
        for name in names:
            if name not in known:
                raise UsageError(_unknown(self.name, name, known))

    def asked(self, language: str, labels: Mapping[str, str]) -> str:
        """The question in this language with what its values are called, by parameter; its title without a phrase.

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
        """The phrase in this language as its file has it, with `{name}` for the gap of a parameter."""
        return "".join(
            f"{each.words}[{each.aside}{{{each.parameter}}}]"
            if each.aside
            else each.words + (f"{{{each.parameter}}}" if each.parameter else "")
            for each in self.phrase[language]
        )

    def with_values(self, values: Mapping[str, str]) -> str:
        """The query with `values` for its parameters. Raises UsageError for an unknown parameter or a wrong value."""
        self.check_names(values)
        known = {parameter.name: parameter for parameter in self.parameters}
        terms = {name: known[name].term(value, self.names) for name, value in values.items()}
        return _VALUES.sub(lambda found: _clause(found, terms), self.text)


def defaults_in(text: str) -> dict[str, str]:
    """The term in each `VALUES ?name { term }` of a query, by name."""
    return {found["name"]: found["default"].strip() for found in _VALUES.finditer(text)}


def _unknown(question: str, name: str, known: Iterable[str]) -> Bilingual:
    listed = ", ".join(known)
    has = f"its parameters are {listed}" if listed else "it has none"
    tiene = f"sus parámetros son {listed}" if listed else "no tiene ninguno"
    return Bilingual(
        f"question {question} has no parameter {name}; {has}",
        f"la pregunta {question} no tiene un parámetro {name}; {tiene}",
    )


def _clause(found: re.Match[str], terms: Mapping[str, str]) -> str:
    """A VALUES clause with the term that it is to have, or as it was."""
    name = found["name"]
    return f"VALUES ?{name} {{ {terms[name]} }}" if name in terms else found[0]
