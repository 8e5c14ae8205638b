"""Which columns of an answer to a question of the library people read, and what names in them lead to.

The library's queries answer with names and, beside them, with the IRIs of what is named, for programs to go on with. On
a page a name leads to what it names, and words to where they stand: the columns that say the same again are left out
there, unless somebody asks for all, and so are those that have nothing in this answer. The same number may stand in
several themes of a plan: theirs is told with it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmgraph.site.answers.results import Result
from crmgraph.site.base.site import Row, Site, Term, in_language, reference

__all__ = ["Layout", "layout_of", "naming", "read_by_people"]

_ENDINGS = ("_label", "_number")
_CODE = "code"
_NAMED = {
    "number": ("element", "part", "entry", "match"),
    "label": ("state", "theme", "element", "part", "thing"),
    "check": (_CODE,),
    "other_exact": ("other",),
}
_NUMBER = "number"
_THEME = "theme_label"
_CONFIDENCE = "confidence_label"
_WORDS = "exact"
_PLACE = ("passage", "start", "end")
_THEMES = """
SELECT DISTINCT ?x ?theme ?label {
  VALUES ?x { %s }
  ?x cg:within ?theme . ?theme a cg:Theme ; cg:within ?plan ; rdfs:label ?label .
  FILTER EXISTS { ?other a cg:Theme ; cg:within ?plan FILTER (?other != ?theme) }
}"""


@dataclass(frozen=True)
class Layout:
    """How a table shows an answer: its `columns`, those that it leaves out, and what each column means, by language.

    `naming` has, by each column of names, the column with the IRIs of what they name. `labels` are those of the IRIs
    that are shown themselves. `themes` has what the theme of a part is called, and in which language, where its plan
    has several and no column tells it. Where it `is_whole`, everything is shown as files have it.
    """

    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]]
    naming: Mapping[str, str]
    labels: Mapping[str, str]
    themes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_whole: bool = False

    def has(self, row: Row, column: str) -> bool:
        """Whether there is anything to show of the row in this column."""
        return column in row or bool(self.nameless(row, column))

    def thing(self, row: Row, column: str) -> Term | None:
        """What a name in this column leads to: the IRI of what it names, or the code of a check."""
        named = self.naming.get(column, "")
        found = row.get(named)
        return found if found and (found.is_iri or named == _CODE) else None

    def value(self, row: Row, column: str) -> Term:
        """What stands in this column: a date or a duration as such where the column has only its code."""
        said, named = row[column], row.get(self.naming.get(column, ""))
        return named if named and not named.is_iri and named.datatype and named.value == said.value else said

    def leaves_open(self, rows: Iterable[Row]) -> bool:
        """Whether some of these rows do not say how certain they are, while the table has a column for it."""
        return _CONFIDENCE in self.columns and any(_CONFIDENCE not in row for row in rows)

    def theme(self, row: Row, column: str) -> tuple[str, str]:
        """The theme of the part that this column shows, or its number; nothing where a column before has told it."""
        told = self.themes.get(self._part(row, column), ("", ""))
        before = self.columns[: self.columns.index(column)]
        return ("", "") if told in (self.themes.get(self._part(row, each)) for each in before) else told

    def is_unnumbered(self, row: Row, column: str) -> bool:
        """Whether the column is one of numbers and what it is about has none."""
        return _is_number(column) and column not in row

    def _part(self, row: Row, column: str) -> str:
        """The IRI that the column shows, or of that whose number it shows; empty for any other."""
        named = self.naming.get(column, "") if _is_number(column) else column
        return row[named].value if self.has(row, column) and named in row and row[named].is_iri else ""

    def nameless(self, row: Row, column: str) -> str:
        """The IRI of what this column should name, where nothing in the row does; empty elsewhere."""
        named = self.naming.get(column, "")
        if named not in row or not row[named].is_iri:
            return ""
        first = next(each for each in self.columns if self.naming.get(each) == named)
        is_named = any(each in row for each, of in self.naming.items() if of == named)
        return "" if is_named or column != first else row[named].value


def layout_of(site: Site, meanings: Mapping[str, Mapping[str, str]], result: Result, language: str) -> Layout:
    """How the answer to a question of the library, whose columns mean this, is shown in a language."""
    every = result.columns
    if result.arrangement.is_whole:
        return Layout(every, (), meanings, {}, {}, is_whole=True)
    readable = Layout(read_by_people(every), (), meanings, naming(every), {})
    columns = tuple(column for column in readable.columns if any(readable.has(row, column) for row in result.every))
    left_out = tuple(column for column in every if column not in columns)
    bare = replace(readable, columns=columns, left_out=left_out)
    shown = {row[column].value for row in result.rows for column in columns if column in row and row[column].is_iri}
    shown |= {bare.nameless(row, column) for row in result.rows for column in columns} - {""}
    labels = {iri: in_language(said, language)[0] for iri, said in site.labels(shown).items()}
    parts = {row[of].value for row in result.rows for of in _numbered(bare) if of in row and row[of].is_iri}
    themes = _themes(site, shown | parts, language) if _numbered(bare) and _THEME not in columns else {}
    return replace(bare, labels=labels, themes=themes)


def _numbered(layout: Layout) -> set[str]:
    """The columns with the IRIs of what the numbers that are shown are of."""
    return {of for column, of in layout.naming.items() if _is_number(column) and column in layout.columns}


def _is_number(column: str) -> bool:
    return column == _NUMBER or column.endswith(f"_{_NUMBER}")


def _themes(site: Site, parts: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """What the theme of each of these is called that is in one of several, with the language that it is in."""
    rows = site.select(_THEMES % " ".join(sorted(reference(iri) for iri in parts)))
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        labels.setdefault(row["theme"].value, {})[row["label"].language] = row["label"].value
    named = {iri: in_language(said, language) for iri, said in labels.items()}
    return {row["x"].value: _uncapitalised(*named[row["theme"].value]) for row in rows}


def _uncapitalised(name: str, tongue: str) -> tuple[str, str]:
    """A name that its document has in capitals, as it stands beside others."""
    return name.capitalize() if name.isupper() else name, tongue


def naming(columns: Collection[str]) -> dict[str, str]:
    """By each column that holds names, the column with the IRIs of what they name."""
    found = {column: column.removesuffix(end) for end in _ENDINGS for column in columns if column.endswith(end)}
    named = set(found.values())
    for name, candidates in _NAMED.items():
        there = [each for each in candidates if each in columns]
        unnamed = [each for each in there if each not in named]
        # A number may be of what has a name in another column, too.
        found[name] = next(iter(unnamed or (there if name == _NUMBER else ())), "")
    return {name: of for name, of in found.items() if name in columns and of in columns}


def read_by_people(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without the IRIs of what others name, and without the places of words that are there themselves.

    The words of the source come last.
    """
    said_otherwise = {*naming(columns).values(), *(_PLACE if _WORDS in columns else ())}
    return tuple(sorted((column for column in columns if column not in said_otherwise), key=_WORDS.__eq__))
