"""Questions of the library: queries with parameters, what they ask in words, how answers are drawn; read from files.

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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmgraph.errors import Bilingual, Place, TableError, UsageError
from crmgraph.namespaces import BASE, ONTOLOGY, Names
from crmgraph.texts import read_front_matter, read_text, read_yaml

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
_VALUES = re.compile(r"VALUES\s+\?(\w+)\s*\{[^}]*\}")


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
        return _VALUES.sub(
            lambda found: f"VALUES ?{found[1]} {{ {terms[found[1]]} }}" if found[1] in terms else found[0], self.text
        )


COMMON = "common.yaml"
"""The file that describes what questions share: `parameters` and `columns`, each by name."""

_LANGUAGES = ("es", "en")

_Common = Mapping[str, Mapping[str, Any]]


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """Return the questions in the `.rq` files of `folder`, by name. Raises TableError for wrong front matter."""
    common: _Common = {"parameters": {}, "columns": {}}
    if (folder / COMMON).exists():
        common = read_yaml(read_text(folder / COMMON, TableError), folder / COMMON)
    return {file.stem: _question(file, common, names) for file in sorted(folder.glob("*.rq"))}


def _question(file: Path, common: _Common, names: Names) -> LibraryQuestion:
    matter, text = read_front_matter(file)
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
