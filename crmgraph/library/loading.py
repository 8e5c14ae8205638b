"""Reads questions from files.

A file is a query that any SPARQL tool runs. Lines that begin with `#+` are its front matter, in YAML: the question and
its explanation in Spanish and English, the group, the parameters, the meaning of the columns. A parameter is a
`VALUES ?name { value }` in the query, whose value stands for it where nobody gives another. Where it may be left open,
`open` says what that is called in a sentence; where its values are titles or words of a plan, `quoted` puts them in
quotation marks there, and `article` is what stands before their names, by language; `words` has, by value, what the
sentence says where the name of the value would not fit into it. Parameters and columns that many questions share are
described once, in `common.yaml` beside them; a question then only names them.

A question with parameters that a visitor would change has a `phrase`, which says it with gaps for them: `{agent}` is
the gap of the parameter `agent`, and both languages have the same gaps, each once. `[, as {agent}]` is a gap with words
that go with it: they are left out where it is left open. Where a picture helps, `chart` says what is drawn of which
columns (see Chart): `kind`, `of`, `by`, `count`, `whole`, `tone`. Where only a reader can say what is asked of a plan,
`read` is a pattern of SPARQL that holds of `?plan`, or other parameters, where somebody has read it; `unread` says
what it means for the answer where nobody has. An explanation says how something is counted below an empty line. `see`
names the questions that it leads to.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crmgraph.errors import Place, TableError, UsageError
from crmgraph.library.question import RESERVED, TYPES, LibraryQuestion, Parameter, defaults_in, read_chart, read_phrase
from crmgraph.namespaces import BASE, Names
from crmgraph.texts import read_text

__all__ = ["COMMON", "load_library"]

COMMON = "common.yaml"
"""The file that describes what questions share: `parameters` and `columns`, each by name."""

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGES = ("es", "en")
# The one in C is ten times as fast, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Common = Mapping[str, Mapping[str, Any]]


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """Return the questions in the `.rq` files of `folder`, by name. Raises TableError for wrong front matter."""
    common: _Common = {"parameters": {}, "columns": {}}
    if (folder / COMMON).exists():
        common = _yaml(read_text(folder / COMMON, TableError), folder / COMMON)
    library = {file.stem: _question(file, common, names) for file in sorted(folder.glob("*.rq"))}
    for name, question in library.items():
        for other in question.see:
            if other not in library:
                raise TableError(f"it leads to a question {other} that there is not", Place(folder / f"{name}.rq"))
    return library


def _yaml(text: str, file: Path) -> Any:
    try:
        return yaml.load(text, _LOADER)  # noqa: S506 - either loader is a safe one
    except yaml.YAMLError as error:
        raise TableError(f"the front matter is not YAML: {error}", Place(file)) from None


def _question(file: Path, common: _Common, names: Names) -> LibraryQuestion:
    source = read_text(file, TableError)
    front = "\n".join(line[2:].removeprefix(" ") for line in source.splitlines() if line.startswith("#+"))
    text = "\n".join(line for line in source.splitlines() if not line.startswith("#+")).strip() + "\n"
    matter = _yaml(front, file)
    try:
        parameters = tuple(_parameter(given, common, text, file) for given in matter.get("parameters", ()))
        columns = {name: _both(label or common["columns"][name]) for name, label in matter["columns"].items()}
        question = LibraryQuestion(
            file.stem,
            _both(matter["question"]),
            _both(matter["explanation"]),
            str(matter["group"]),
            parameters,
            columns,
            text.replace(BASE + "id/", names.id("")).replace(BASE + "graph/", names.graph("")),
            names,
            read_phrase(_both(matter["phrase"]), {each.name for each in parameters}) if "phrase" in matter else {},
            read_chart(matter["chart"], columns) if "chart" in matter else None,
            str(matter.get("read", "")),
            _both(matter["unread"]) if "unread" in matter else {},
            tuple(map(str, matter.get("see", ()))),
        )
    except UsageError as error:
        raise TableError(error.message, Place(file)) from None
    except (AttributeError, KeyError, TypeError) as error:
        raise TableError(f"the front matter lacks something or has it in another form: {error}", Place(file)) from None
    if not _NAME.fullmatch(file.stem):
        raise TableError("a question's name has only lower-case letters, digits and hyphens", Place(file))
    return question


def _both(text: Any) -> dict[str, str]:
    return {language: str(text[language]).strip() for language in _LANGUAGES}


def _choices(given: Any) -> dict[str, Mapping[str, str]]:
    """Choices by name: a list of names alone, or a mapping to their labels."""
    return (
        {name: _both(given[name]) for name in given} if isinstance(given, dict) else {str(name): {} for name in given}
    )


def _parameter(given: Mapping[str, Any] | str, common: _Common, text: str, file: Path) -> Parameter:
    if isinstance(given, str):
        given = {"name": given, **common["parameters"][given]}
    parameter = Parameter(
        str(given["name"]),
        str(given["type"]),
        str(given["default"]),
        _both(given["description"]),
        _choices(given.get("choices", ())),
        str(given.get("values", "")),
        str(given["scheme"] if given["type"] == "concept" else ""),
        _both(given["open"]) if "open" in given else {},
        bool(given.get("quoted")),
        {language: str(word) for language, word in given.get("article", {}).items()},
        {value: _both(words) for value, words in given.get("words", {}).items()},
    )
    if parameter.name in RESERVED:
        raise TableError(f"no parameter is called {parameter.name}: the addresses of answers use the name", Place(file))
    if parameter.type not in TYPES:
        raise TableError(f"parameter {parameter.name} is of a type that is none of {', '.join(TYPES)}", Place(file))
    if defaults_in(text).get(parameter.name) != parameter.term(parameter.default, Names()):
        raise TableError(f"the query has no VALUES ?{parameter.name} {{ {parameter.default} }}", Place(file))
    return parameter
