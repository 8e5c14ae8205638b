"""Questions of the library: SPARQL queries with parameters and bilingual descriptions, read from files.

A file is a valid SPARQL query. Lines that begin with `#+` are its front matter, in YAML, with these keys:

- `question`, `explanation`, `group`: the texts in Spanish and English, and the group of the question. After an empty
  line, an explanation states how things are counted.
- `parameters`: the parameters, each a `VALUES ?name { value }` clause in the query, whose value is the default. `open`
  is the phrase for a parameter without a value, `quoted` puts values in quotation marks in a sentence, `article` is the
  word before them, and `words` maps values to the words that replace their names.
- `columns`: the meaning of each column of the answer.
- `phrase`: the question as a sentence with gaps for parameters. `{agent}` is the gap of the parameter `agent`. `[, as
  {agent}]` is a gap with additional words, which are left out if the parameter is open. Both languages have the same
  gaps, each once.
- `chart`: the chart of the answer (see Chart), with the keys `kind`, `of`, `by`, `count`, `whole` and `tone`.
- `read`: a SPARQL pattern about `?plan` or other parameters. It matches if a person has annotated the plan for this
  question. `unread` is the note for plans without such annotations.
- `see`: the names of related questions.

Parameters and columns that several questions share are described in `common.yaml`; a question only names them.
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
"""The value of an open parameter, which does not restrict the answer."""
RESERVED = ("format", "timeout", "sort", "order", "page", "q")
"""Names that parameters must not have, because the page of a question uses them in its address for other purposes."""

_IRI_CHARACTER = (
    r"(?:[-A-Za-z0-9._~:/?@!$&'()*+,;=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]|%[0-9A-Fa-f]{2})"
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_VALUE_PATTERNS = {
    "integer": (re.compile(r"[+-]?\d{1,18}", re.ASCII), "a whole number", "un número entero"),
    "concept": (
        re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
        "a name in the scheme {scheme}",
        "un nombre del esquema {scheme}",
    ),
    "iri": (
        re.compile(rf"{_IRI_CHARACTER}+(?:#{_IRI_CHARACTER}*)?"),
        "an IRI, or what follows {space}",
        "un IRI, o lo que sigue a {space}",
    ),
}
"""The pattern of values of each type other than strings, and a description of them in English and Spanish."""
_GAP = re.compile(r"(?:\[([^][{}]*))?\{(\w+)\}\]?")
_VALUES_CLAUSE = re.compile(r"VALUES\s+\?(\w+)\s*\{[^}]*\}")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question. Mappings are by language (`es`, `en`), unless stated otherwise.

    Attributes:
        name: The name of the SPARQL variable.
        type: One of `TYPES`.
        default: The default value, in the form in which callers write values.
        choices: The only permitted values, each with its labels by language; empty if not limited.
        values: For an `iri`, a graph pattern whose variable ?value has the permitted values.
        scheme: For a `concept`, the name of the concept scheme that has the permitted values.
        open: The phrase for the open parameter (“any actor”); empty if a value is required.
        is_quoted: Whether values, such as titles, are put in quotation marks in a sentence.
        article: The article before all names of values in a sentence, for languages that need one.
        words: For some values, the words that replace their name in a sentence (“are pending”).
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
        """Return `value` as a SPARQL term; UNDEF if it leaves the parameter open.

        An IRI may be abbreviated to what follows …/id/, a concept to its name in the scheme. Raises UsageError for a
        value of another type, and for a blank string or one without a letter or digit.
        """
        if self.choices and value not in self.choices:
            fitting = ", ".join(self.choices)
            raise self._type_error(f"one of {fitting}", f"uno de {fitting}", value)
        if self.open and value == ANY:
            return "UNDEF"
        if self.type == "string":
            if not value.strip():
                raise self._value_error("must not be empty", "no puede estar vacío")
            if not any(map(str.isalnum, value)):
                missing = "has to have a letter or a digit, not only", "tiene que tener alguna letra o cifra, no solo"
                raise self._value_error(*(f"{each} {value}" for each in missing))
            return f'"{value.translate(_ESCAPES)}"'
        pattern, *meanings = _VALUE_PATTERNS[self.type]
        whole = names.id(value) if self.type == "iri" and value and not _ABSOLUTE.match(value) else value
        if not pattern.fullmatch(whole):
            english, spanish = (each.format(scheme=self.scheme, space=names.id("")) for each in meanings)
            raise self._type_error(english, spanish, value)
        if self.type == "integer":
            return str(int(value))
        return f"<{ONTOLOGY}/{self.scheme}#{value}>" if self.type == "concept" else f"<{whole}>"

    def short_value(self, iri: str, names: Names) -> str:
        """Return the form in which callers write an IRI: the name of a concept, or what follows …/id/."""
        return iri.rpartition("#")[2] if self.type == "concept" else iri.removeprefix(names.id(""))

    def _type_error(self, english: str, spanish: str, value: str) -> UsageError:
        return self._value_error(
            f"is {english}, not {quoted_if_blank(value)}", f"es {spanish}, no {quoted_if_blank(value)}"
        )

    def _value_error(self, english: str, spanish: str) -> UsageError:
        return UsageError(Bilingual(f"parameter {self.name} {english}", f"el parámetro {self.name} {spanish}"))


def quoted_if_blank(value: str) -> str:
    """Return a value for a message; a blank value is put in quotation marks."""
    return value if value.strip() else f'"{value}"'


@dataclass(frozen=True)
class Chart:
    """A chart of an answer, described by the names of columns.

    Attributes:
        kind: The kind of chart, see below.
        of: The column that identifies the items of the chart, then the columns with their names. A single column also
            contains the names.
        by: The same for the items of the second dimension.
        counts: The columns with numbers.
        wholes: For `shares`, the columns with the totals.
        tone: A column with a status or severity, which determines the colours of segments.

    Kinds:

    - `bars`: for each item of `of` one bar for each column in `counts`, whose length is the number there. Without
      `counts`, the length is the number of rows. With `by`, bars are divided into segments.
    - `shares`: for each item of `of`, the number in `counts` as a share of each number in `wholes`.
    - `matrix`: a table with a row for each item of `of`, a column for each item of `by`, and in the cells the number in
      `counts` or the number of rows.
    - `network`: the items of `of` and `by` as nodes, and a line between two nodes in the same row.
    """

    kind: str
    of: tuple[str, ...]
    by: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class LibraryQuestion:
    """A question of the library. Texts are mappings by language (`es`, `en`).

    Attributes:
        name: The name of the file, without its suffix.
        title: The question.
        explanation: The explanation. Its first paragraph is for all readers, the others state how things are counted.
        group: The group of questions to which it belongs.
        columns: The description of each column of the answer.
        text: The query with the default values.
        names: The IRIs of the dataset.
        phrase: The question with gaps for parameters (see the module); empty if it has no gaps.
        chart: The chart of the answer; None if the answer is shown only as a table.
        reading_pattern: A SPARQL pattern that matches if a person has annotated the plan for this question; empty if
            the question needs no annotations.
        unread_note: The note for plans without such annotations; empty for a general note.
        related: The names of related questions.
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
    reading_pattern: str = ""
    unread_note: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()

    def paragraphs(self, language: str) -> list[str]:
        """Return the paragraphs of the explanation."""
        return self.explanation[language].split("\n\n")

    def check_names(self, names: Iterable[str]) -> None:
        """Raise UsageError if one of the names is not the name of a parameter."""
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

    def phrase_parts(self, language: str) -> list[tuple[str, str]]:
        """Return the phrase as pairs: the words before a gap, and the parameter of the gap.

        The last pair has the words after the last gap and an empty name.
        """
        parts = [*_GAP.split(self.phrase.get(language, "")), "", ""]
        return [
            (words + (aside or ""), name)
            for words, aside, name in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        ]

    def to_sentence(self, language: str, labels: Mapping[str, str]) -> str:
        """Return the phrase with the gaps filled by the labels of values, by parameter.

        An open parameter is left out together with its additional words, if its gap has any. If all parameters are
        open, or if the question has no phrase, the result is the title.
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
        """Return the query with these parameter values.

        Raises UsageError for an unknown parameter or an invalid value.
        """
        self.check_names(values)
        known = {parameter.name: parameter for parameter in self.parameters}
        terms = {name: known[name].term(value, self.names) for name, value in values.items()}
        return _VALUES_CLAUSE.sub(
            lambda found: f"VALUES ?{found[1]} {{ {terms[found[1]]} }}" if found[1] in terms else found[0], self.text
        )


COMMON = "common.yaml"
"""The file with shared descriptions: `parameters` and `columns`, each by name."""

_LANGUAGES = ("es", "en")

_Common = Mapping[str, Mapping[str, Any]]


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """Return the questions in the `.rq` files of `folder`, by name. Raises TableError for invalid front matter."""
    common: _Common = {"parameters": {}, "columns": {}}
    if (folder / COMMON).exists():
        common = read_yaml(read_text(folder / COMMON, TableError), folder / COMMON)
    return {file.stem: _question(file, common, names) for file in sorted(folder.glob("*.rq"))}


def _question(file: Path, common: _Common, names: Names) -> LibraryQuestion:
    matter, text = read_front_matter(file)
    try:
        return LibraryQuestion(
            file.stem,
            _in_both_languages(matter["question"]),
            _in_both_languages(matter["explanation"]),
            str(matter["group"]),
            tuple(_parameter(given, common) for given in matter.get("parameters", ())),
            {name: _in_both_languages(label or common["columns"][name]) for name, label in matter["columns"].items()},
            text.replace(BASE + "id/", names.id("")).replace(BASE + "graph/", names.graph("")),
            names,
            _in_both_languages(matter.get("phrase")),
            _chart(**matter["chart"]) if "chart" in matter else None,
            str(matter.get("read", "")),
            _in_both_languages(matter.get("unread")),
            tuple(matter.get("see", ())),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise TableError(f"the front matter lacks something or has it in another form: {error}", Place(file)) from None


def _in_both_languages(text: Mapping[str, Any] | None) -> dict[str, str]:
    return {language: str(text[language]).strip() for language in _LANGUAGES} if text else {}


def _parameter(given: Mapping[str, Any] | str, common: _Common) -> Parameter:
    if isinstance(given, str):
        given = {"name": given, **common["parameters"][given]}
    # Choices are a list of names, or a mapping from names to labels.
    choices = given.get("choices", ())
    return Parameter(
        str(given["name"]),
        str(given["type"]),
        str(given["default"]),
        _in_both_languages(given["description"]),
        {str(name): _in_both_languages(choices[name]) if isinstance(choices, dict) else {} for name in choices},
        str(given.get("values", "")),
        str(given["scheme"] if given["type"] == "concept" else ""),
        _in_both_languages(given.get("open")),
        bool(given.get("quoted")),
        given.get("article", {}),
        {value: _in_both_languages(words) for value, words in given.get("words", {}).items()},
    )


def _chart(kind: str, of: Any, by: Any = (), count: Any = (), whole: Any = (), tone: str = "") -> Chart:
    of, by, count, whole = ((each,) if isinstance(each, str) else tuple(each) for each in (of, by, count, whole))
    return Chart(kind, of, by, count, whole, tone)
