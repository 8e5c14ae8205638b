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

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crmgraph.errors import Place, TableError
from crmgraph.library.question import Chart, LibraryQuestion, Parameter
from crmgraph.namespaces import BASE, Names
from crmgraph.texts import read_text

__all__ = ["COMMON", "load_library"]

COMMON = "common.yaml"
"""The file that describes what questions share: `parameters` and `columns`, each by name."""

_LANGUAGES = ("es", "en")
# The one in C is ten times as fast, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Common = Mapping[str, Mapping[str, Any]]


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """Return the questions in the `.rq` files of `folder`, by name. Raises TableError for wrong front matter."""
    common: _Common = {"parameters": {}, "columns": {}}
    if (folder / COMMON).exists():
        common = _yaml(read_text(folder / COMMON, TableError), folder / COMMON)
    return {file.stem: _question(file, common, names) for file in sorted(folder.glob("*.rq"))}


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
        return LibraryQuestion(
            file.stem,
            _both(matter["question"]),
            _both(matter["explanation"]),
            str(matter["group"]),
            tuple(_parameter(given, common) for given in matter.get("parameters", ())),
            {name: _both(label or common["columns"][name]) for name, label in matter["columns"].items()},
            text.replace(BASE + "id/", names.id("")).replace(BASE + "graph/", names.graph("")),
            names,
            _both(matter.get("phrase")),
            _chart(**matter["chart"]) if "chart" in matter else None,
            str(matter.get("read", "")),
            _both(matter.get("unread")),
            tuple(matter.get("see", ())),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise TableError(f"the front matter lacks something or has it in another form: {error}", Place(file)) from None


def _both(text: Mapping[str, Any] | None) -> dict[str, str]:
    return {language: str(text[language]).strip() for language in _LANGUAGES} if text else {}


def _parameter(given: Mapping[str, Any] | str, common: _Common) -> Parameter:
    if isinstance(given, str):
        given = {"name": given, **common["parameters"][given]}
    # Choices are a list of names, or have labels.
    choices = given.get("choices", ())
    return Parameter(
        str(given["name"]),
        str(given["type"]),
        str(given["default"]),
        _both(given["description"]),
        {str(name): _both(choices[name]) if isinstance(choices, dict) else {} for name in choices},
        str(given.get("values", "")),
        str(given["scheme"] if given["type"] == "concept" else ""),
        _both(given.get("open")),
        bool(given.get("quoted")),
        given.get("article", {}),
        {value: _both(words) for value, words in given.get("words", {}).items()},
    )


def _chart(kind: str, of: Any, by: Any = (), count: Any = (), whole: Any = (), tone: str = "") -> Chart:
    of, by, count, whole = ((each,) if isinstance(each, str) else tuple(each) for each in (of, by, count, whole))
    return Chart(kind, of, by, count, whole, tone)
