"""Which columns of an answer to a question of the library people read, and what names in them lead to.

The library's queries answer with names and, beside them, with the IRIs of what is named, for programs to go on with. On
a page a name leads to what it names, and words to where they stand: the columns that say the same again are left out
there, unless somebody asks for all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.serving.pages.answers.results import Result
from crmgraph.serving.pages.site import Row, Site, in_language

__all__ = ["Layout", "layout_of", "naming", "read_by_people"]

_ENDINGS = ("_label", "_number")
_NAMED = {
    "number": ("element", "part", "entry"),
    "label": ("state", "theme", "element", "part", "thing"),
}
_WORDS = "exact"
_PLACE = ("passage", "start", "end")


@dataclass(frozen=True)
class Layout:
    """How a table shows an answer: its `columns`, those that it leaves out, and what each column means, by language.

    `naming` has, by each column of names, the column with the IRIs of what they name. `labels` are those of the IRIs
    that are shown themselves. Where it `is_whole`, everything is shown as files have it.
    """

    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]]
    naming: Mapping[str, str]
    labels: Mapping[str, str]
    is_whole: bool = False

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
    columns = read_by_people(every)
    left_out = tuple(column for column in every if column not in columns)
    bare = Layout(columns, left_out, meanings, naming(every), {})
    shown = {row[column].value for row in result.rows for column in columns if column in row and row[column].is_iri}
    shown |= {bare.nameless(row, column) for row in result.rows for column in columns} - {""}
    labels = {iri: in_language(said, language)[0] for iri, said in site.labels(shown).items()} if shown else {}
    return Layout(columns, left_out, meanings, bare.naming, labels)


def naming(columns: Collection[str]) -> dict[str, str]:
    """By each column that holds names, the column with the IRIs of what they name."""
    found = {column: column.removesuffix(end) for end in _ENDINGS for column in columns if column.endswith(end)}
    named = set(found.values())
    for name, candidates in _NAMED.items():
        found[name] = next((each for each in candidates if each in columns and each not in named), "")
    return {name: of for name, of in found.items() if name in columns and of in columns}


def read_by_people(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without the IRIs of what others name, and without the places of words that are there themselves."""
    said_otherwise = {*naming(columns).values(), *(_PLACE if _WORDS in columns else ())}
    return tuple(column for column in columns if column not in said_otherwise)
