"""The library of questions: SPARQL files with front matter, run as they are or with other values.

A file is a query that any SPARQL tool runs. Lines that begin with `#+` are its front matter, in YAML: the question and
its explanation in Spanish and English, the group, the parameters, the meaning of the columns. A parameter is a
`VALUES ?name { value }` in the query, whose value stands for it where nobody gives another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crmgraph.errors import Place, TableError, UsageError
from crmgraph.namespaces import BASE, Names
from crmgraph.texts import read_text
from crmgraph.wording import Bilingual

__all__ = ["TYPES", "LibraryQuestion", "Parameter", "load_library"]

TYPES = ("iri", "string", "integer")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_VALUES = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{(?P<default>[^}]*)\}")
_LANGUAGES = ("es", "en")
# The one in C is ten times as fast, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Parameter:
    """A value that the caller may set: its type, its default as a caller would write it, what it means, what fits."""

    name: str
    type: str
    default: str
    description: Mapping[str, str]
    choices: tuple[str, ...] = ()

    def term(self, value: str, names: Names) -> str:
        """`value` as a SPARQL term. An IRI may be given from below …/id/. Raises UsageError where it does not fit."""
        if self.choices and value not in self.choices:
            fitting = ", ".join(self.choices)
            raise UsageError(
                Bilingual(
                    f"parameter {self.name} is one of {fitting}, not {value}",
                    f"el parámetro {self.name} es uno de {fitting}, no {value}",
                )
            )
        if self.type == "integer":
            if not re.fullmatch(r"[+-]?\d{1,18}", value, re.ASCII):
                raise UsageError(
                    Bilingual(
                        f"parameter {self.name} is a whole number, not {value}",
                        f"el parámetro {self.name} es un número entero, no {value}",
                    )
                )
            return str(int(value))
        if self.type == "string":
            return f'"{value.translate(_ESCAPES)}"'
        iri = value if _ABSOLUTE.match(value) else names.id(value)
        if not value or not _IRI.fullmatch(iri):
            space = names.id("")
            raise UsageError(
                Bilingual(
                    f"parameter {self.name} is an IRI, or what follows {space}, not {value}",
                    f"el parámetro {self.name} es un IRI, o lo que sigue a {space}, no {value}",
                )
            )
        return f"<{iri}>"


@dataclass(frozen=True)
class LibraryQuestion:
    """A question of the library. Texts are mappings from `es` and `en`; `columns` says what each column holds."""

    name: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    group: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, Mapping[str, str]]
    text: str
    names: Names

    def with_values(self, values: Mapping[str, str]) -> str:
        """The query with `values` for its parameters. Raises UsageError for an unknown parameter or a wrong value."""
        known = {parameter.name: parameter for parameter in self.parameters}
        terms = {}
        for name, value in values.items():
            if name not in known:
                raise UsageError(_unknown(self.name, name, known))
            terms[name] = known[name].term(value, self.names)
        return _VALUES.sub(lambda found: _clause(found, terms), self.text)


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


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """The questions in the `.rq` files of `folder`, by name. Raises TableError where a file's front matter is wrong."""
    return {file.stem: _question(file, names) for file in sorted(folder.glob("*.rq"))}


def _question(file: Path, names: Names) -> LibraryQuestion:
    source = read_text(file, TableError)
    front = "\n".join(line[2:].removeprefix(" ") for line in source.splitlines() if line.startswith("#+"))
    text = "\n".join(line for line in source.splitlines() if not line.startswith("#+")).strip() + "\n"
    try:
        matter = yaml.load(front, _LOADER)  # noqa: S506 - either loader is a safe one
        parameters = tuple(_parameter(given, text, file) for given in matter.get("parameters", ()))
        question = LibraryQuestion(
            file.stem,
            _both(matter["question"]),
            _both(matter["explanation"]),
            str(matter["group"]),
            parameters,
            {name: _both(label) for name, label in matter["columns"].items()},
            text.replace(BASE + "id/", names.id("")).replace(BASE + "graph/", names.graph("")),
            names,
        )
    except yaml.YAMLError as error:
        raise TableError(f"the front matter is not YAML: {error}", Place(file)) from None
    except UsageError as error:
        raise TableError(error.message, Place(file)) from None
    except (AttributeError, KeyError, TypeError) as error:
        raise TableError(f"the front matter lacks something or has it in another form: {error}", Place(file)) from None
    if not _NAME.fullmatch(file.stem):
        raise TableError("a question's name has only lower-case letters, digits and hyphens", Place(file))
    return question


def _both(text: Any) -> dict[str, str]:
    return {language: str(text[language]).strip() for language in _LANGUAGES}


def _parameter(given: Mapping[str, Any], text: str, file: Path) -> Parameter:
    parameter = Parameter(
        str(given["name"]),
        str(given["type"]),
        str(given["default"]),
        _both(given["description"]),
        tuple(map(str, given.get("choices", ()))),
    )
    if parameter.type not in TYPES:
        raise TableError(f"parameter {parameter.name} is of a type that is none of {', '.join(TYPES)}", Place(file))
    defaults = {found["name"]: found["default"].strip() for found in _VALUES.finditer(text)}
    if defaults.get(parameter.name) != parameter.term(parameter.default, Names()):
        raise TableError(f"the query has no VALUES ?{parameter.name} {{ {parameter.default} }}", Place(file))
    return parameter
