"""The library of questions: SPARQL queries with parameters and bilingual descriptions, read from files.

Also the values of parameters: the permitted ones, their names, and the value that a name means.

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

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import Any

from rapidfuzz import fuzz

from crmgraph.errors import Bilingual, Place, TableError, UsageError
from crmgraph.files import read_front_matter, read_text, read_yaml
from crmgraph.namespaces import BASE, ONTOLOGY, Names
from crmgraph.reading.languages import key

TYPES = ("iri", "concept", "string", "integer")
ANY = "any"
"""The value of an open parameter, which does not restrict the answer."""

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
            return f'"{unicodedata.normalize("NFC", value).translate(_ESCAPES)}"'
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
        terms = {each.name: each.term(values[each.name], self.names) for each in self.parameters if each.name in values}
        return _VALUES_CLAUSE.sub(
            lambda found: f"VALUES ?{found[1]} {{ {terms[found[1]]} }}" if found[1] in terms else found[0], self.text
        )


COMMON = "common.yaml"
"""The file with shared descriptions: `parameters` and `columns`, each by name."""

_LANGUAGES = ("es", "en")

_Common = Mapping[str, Mapping[str, Any]]


def load_library(folder: Path, names: Names) -> dict[str, LibraryQuestion]:
    """Return the questions in the `.rq` files of `folder`, by name. Raises TableError for invalid front matter."""
    file = folder / COMMON
    common: _Common = (
        read_yaml(read_text(file, TableError), file) if file.exists() else {"parameters": {}, "columns": {}}
    )
    return {each.stem: _question(each, common, names) for each in sorted(folder.glob("*.rq"))}


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
    given = {"name": given, **common["parameters"][given]} if isinstance(given, str) else given
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


_LONGEST_NAME = 150
_LONGEST_COMPARED = 200
"""The number of characters of a name that are compared, to limit the time."""
_MOST_LISTED = 10
_NUMBER = re.compile(r"\d[\d.]* ")
_ENGLISH_NAMES_WITH_ARTICLE = re.compile(
    r"(?:United|Republic of|Democratic|State of) .+|(?!.* of ).+ (?:Republic|Islands|Federation|Emirates)"
    r"|Netherlands|Philippines|Bahamas|Maldives|Gambia|Comoros|Seychelles|Holy See"
)
"""Names of States that take an article in an English sentence."""

_SPANISH_ARTICLES = {"Red": "la", "Redes": "las"}
"""Articles of Spanish names of networks, by their first word."""

_QUOTATION_FORMATS = {"es": "«{}»", "en": "“{}”"}
Ask = Callable[[str], bytes]
"""A function that answers a SELECT query, in SPARQL 1.1 Query Results JSON Format."""


@dataclass(frozen=True)
class Value:
    """A permitted value.

    Attributes:
        text: The value as callers write it.
        labels: Its labels by language; the label of a part begins with its printed number.
        others: Other names in any language: an acronym, or the full title if the label is a short name.
    """

    text: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()


_Row = Mapping[str, Mapping[str, str]]
"""A solution of a query, in SPARQL 1.1 Query Results JSON Format."""
AllowedValues = Mapping[str, tuple[Value, ...]]
"""The permitted values by parameter. Parameters that accept any value are left out."""


def allowed_values(parameter: Parameter, names: Names, ask: Ask) -> tuple[Value, ...] | None:
    """Return the permitted values of a parameter, from the graph if necessary; None if any value is permitted."""
    if parameter.choices:
        return tuple(Value(choice, labels) for choice, labels in parameter.choices.items())
    query = values_query(parameter, names)
    return None if query is None else read_values(parameter, ask(query), names)


def all_allowed(parameters: Iterable[Parameter], names: Names, ask: Ask) -> AllowedValues:
    """Return the permitted values of these parameters. Parameters that accept any value are left out."""
    found = ((each.name, allowed_values(each, names, ask)) for each in parameters)
    return {name: values for name, values in found if values is not None}


def _bindings(body: bytes) -> list[_Row]:
    bindings: list[_Row] = json.loads(body)["results"]["bindings"]
    return bindings


def values_query(parameter: Parameter, names: Names) -> str | None:
    """Return the query for the permitted values of a parameter, with their names, printed number and order.

    Return None if the graph does not limit the values.
    """
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    if not pattern:
        return None
    return f"""{_prologue(names)}SELECT ?value ?label ?short ?other ?number ?order WHERE {{
  {{ SELECT DISTINCT ?value WHERE {{ {pattern} }} }}
  OPTIONAL {{
    {{ ?value rdfs:label ?label FILTER (LANG(?label) != "") }}
    UNION {{ ?value dcterms:alternative ?short FILTER (LANG(?short) != "") }}
    UNION {{ ?value skos:altLabel ?other }}
  }}
  OPTIONAL {{ ?value cg:number ?number }}
  OPTIONAL {{ ?value cg:order ?order }}
}}"""


def _prologue(names: Names) -> str:
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.prefixes().items())


def read_values(parameter: Parameter, body: bytes, names: Names) -> tuple[Value, ...]:
    """Return the permitted values, from the results of `values_query` (SPARQL 1.1 Query Results JSON Format).

    Parts of plans are in document order, beginning with the plan that has the default value. Other values are sorted by
    name. If the parameter is optional, `ANY` (no restriction) comes first.
    """
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _bindings(body):
        rows[parameter.short_value(row["value"]["value"], names)].append(row)

    def rank(value: Value) -> tuple[bool, str, int, str, str]:
        plan = _plan_of_part(value.text)
        order = next((int(row["order"]["value"]) for row in rows[value.text] if "order" in row), 0)
        return plan != _plan_of_part(parameter.default), plan, order, value.labels.get("es", "").casefold(), value.text

    found = sorted((_to_value(text, of) for text, of in rows.items()), key=rank)
    return (Value(ANY, parameter.open), *found) if parameter.open else tuple(found)


def _to_value(text: str, rows: Sequence[_Row]) -> Value:
    """Return the value with this text, from the solutions about it."""
    labels, shorts = (_first_names(rows, column) for column in ("label", "short"))
    others = {row["other"]["value"] for row in rows if "other" in row}
    if shorts:
        others.update(labels.values())
    known = labels | shorts
    ours = {language: label for language, label in known.items() if language in _LANGUAGES}
    return Value(text, ours or known, tuple(sorted(others)))


def _first_names(rows: Sequence[_Row], column: str) -> dict[str, str]:
    """Return the alphabetically first name in a column for each language. A label is preceded by the printed number."""
    number = next((f"{row['number']['value']} " for row in rows if "number" in row), "")
    before = number if column == "label" else ""
    names = ((row[column]["xml:lang"], before + row[column]["value"]) for row in rows if column in row)
    return dict(sorted(names, reverse=True))


def _plan_of_part(text: str) -> str:
    """Return the short name of the plan of a part; empty if the text identifies no part."""
    return text.split("/")[1] if re.match("plan/[^/]*/", text) else ""


def value_names(values: Sequence[Value], language: str) -> dict[str, str]:
    """Return the display name of each value, by its text.

    Long names are shortened. If several values have the same name, the text is added in brackets.
    """
    names = {value.text: shorten(_label(value, language), _LONGEST_NAME, placeholder=" …") for value in values}
    times = Counter(key(name) for name in names.values())
    return {text: name if times[key(name)] == 1 else f"{name} ({text})" for text, name in names.items()}


def value_in_sentence(parameter: Parameter, value: str, names: Mapping[str, str], language: str) -> str:
    """Return a value as part of a sentence, with its article or in quotation marks.

    `names` are the names of the permitted values.

    Strings, and titles and texts of a plan, are in quotation marks. The printed number of a part is before these.
    """
    if value in parameter.words:
        return parameter.words[value][language]
    name = names.get(value)
    if name and language in parameter.article and value != ANY:
        return f"{parameter.article[language]} {name}"
    if name and parameter.is_quoted and value != ANY:
        number = _NUMBER.match(name)
        words = name[number.end() :] if number else name
        return name.removesuffix(words) + _QUOTATION_FORMATS[language].format(words)
    if name and language == "en" and _ENGLISH_NAMES_WITH_ARTICLE.fullmatch(name):
        return f"the {name}"
    if name and language == "es" and (first := name.partition(" ")[0]) in _SPANISH_ARTICLES:
        return f"{_SPANISH_ARTICLES[first]} {name}"
    is_free = parameter.type == "string" and not parameter.choices
    return name or (_QUOTATION_FORMATS[language].format(value) if is_free else value)


def question_in_words(
    question: LibraryQuestion, values: Mapping[str, str], names: Mapping[str, Mapping[str, str]], language: str
) -> str:
    """Return the question with these values as a sentence.

    `names` are the names of the permitted values, by parameter.
    """
    words = {}
    for each in question.parameters:
        known = {**({ANY: each.open[language]} if each.open else {}), **names.get(each.name, {})}
        words[each.name] = value_in_sentence(each, values.get(each.name, each.default), known, language)
    return question.to_sentence(language, words)


def resolve_value(parameter: Parameter, value: str, allowed: Sequence[Value] | None, names: Names) -> str:
    """Return the text of the permitted value that is given by its text, its IRI, or a unique name.

    Names in both languages are compared without case and accents. Other names are considered only if no label is equal.
    An empty value leaves the parameter open if possible. If `allowed` is None, any value is permitted and is returned
    unchanged. Raises UsageError if no value or several values have the name, or if the value has the wrong type.
    """
    if allowed is None:
        parameter.term(value, names)
        return value
    if parameter.open and not value.strip():
        return ANY
    text = value.removeprefix(names.id(""))
    if text in (each.text for each in allowed):
        return text
    same = _values_with_name(value, allowed)
    if len(same) == 1:
        return same[0]
    raise _value_error(parameter, value, same, allowed)


@dataclass(frozen=True)
class GivenValues:
    """The values given by a user, resolved to permitted values.

    Attributes:
        values: The resolved values by parameter, with the default for invalid ones.
        wrong: The invalid values, as given.
        refusal: The first error; None if all values are valid.
    """

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    refusal: UsageError | None = None


def read_given(question: LibraryQuestion, given: Mapping[str, str], allowed: AllowedValues) -> GivenValues:
    """Return the given values, resolved by `resolve_value`. Errors are collected, not raised."""
    values, wrong = dict(given), {}
    refusal: UsageError | None = None
    for parameter in (each for each in question.parameters if each.name in given):
        value, offered = given[parameter.name], allowed.get(parameter.name)
        try:
            values[parameter.name] = resolve_value(parameter, value, offered, question.names)
        except UsageError as error:
            wrong[parameter.name], values[parameter.name], refusal = value, parameter.default, refusal or error
    return GivenValues(values, wrong, refusal)


def resolve_values(question: LibraryQuestion, given: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """Return the given values, each resolved by `resolve_value`.

    Raises UsageError for an unknown parameter, and for a value that is not permitted.
    """
    question.check_names(given)
    wanted = [each for each in question.parameters if each.name in given]
    allowed = all_allowed(wanted, question.names, ask)
    return {each.name: resolve_value(each, given[each.name], allowed.get(each.name), question.names) for each in wanted}


def _values_with_name(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of the values with this name as a label, or else as another name or the end of the text."""
    sought = key(value[:_LONGEST_COMPARED])
    lists = [value_names(allowed, language) for language in _LANGUAGES]
    labels = {each.text: (*(names[each.text] for names in lists), *each.labels.values()) for each in allowed}
    others = {each.text: (*each.others, each.text.rpartition("/")[2]) for each in allowed}
    for called in (labels, others) if sought else ():
        found = [text for text, names in called.items() if sought in (key(name[:_LONGEST_COMPARED]) for name in names)]
        if found:
            return found
    return []


def similar_values(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of the permitted values, the most similar to `value` first.

    Values with a text or name that contains `value` come before all others.
    """
    sought = key(value[:_LONGEST_COMPARED])
    names = {each.text: [key(name) for name in (each.text, *each.labels.values())] for each in allowed}
    ranks = {text: max((sought in name, fuzz.ratio(sought, name)) for name in names[text]) for text in names}
    return sorted(ranks, key=ranks.__getitem__, reverse=True)


def _value_error(parameter: Parameter, value: str, same: Sequence[str], allowed: Sequence[Value]) -> UsageError:
    """Return the error for a name of several values or of none. The message lists values, similar ones first."""
    more = " …" if not same and len(allowed) > _MOST_LISTED else ""
    listed = ", ".join(same or similar_values(value, allowed)[:_MOST_LISTED]) + more
    name, given = parameter.name, quoted_if_blank(value)
    english, spanish = f"parameter {name} has no value {given}", f"el parámetro {name} no tiene un valor {given}"
    if same:
        english = f"parameter {name}: several values are called {given}; choose one of {listed}"
        spanish = f"parámetro {name}: varios valores se llaman {given}; elija entre {listed}"
    elif listed:
        english, spanish = f"{english}; there are {listed}", f"{spanish}; existen {listed}"
    return UsageError(Bilingual(english, spanish))


def _label(value: Value, language: str) -> str:
    return next(
        (value.labels[each] for each in (language, *_LANGUAGES, *sorted(value.labels)) if value.labels.get(each)),
        value.text,
    )


_VARIABLE = re.compile(r"\?(\w+)")


def is_unread(question: LibraryQuestion, values: Mapping[str, str], ask: Ask) -> bool:
    """Return whether the question depends on annotations of the plan that nobody has made."""
    if not question.reading_pattern:
        return False
    used = _VARIABLE.findall(question.reading_pattern)
    given = " ".join(
        f"VALUES ?{each.name} {{ {each.term(values.get(each.name, each.default), question.names)} }}"
        for each in question.parameters
        if each.name in used
    )
    return not _bindings(ask(f"{_prologue(question.names)}SELECT * {{ {given} {question.reading_pattern} }} LIMIT 1"))
