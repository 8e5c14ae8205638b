"""Curated tables: CSV files read strictly, so that every wrong cell is named by its place, and their mappings to RDF.

The mapping of a table `NAME.csv` is `mappings/NAME.rq`: a SPARQL CONSTRUCT in which the columns are variables, as Tarql
has them, with the prefixes of `crmgraph.namespaces`. Its front matter (YAML behind `#+`) has

- `columns`, the columns in their order, those that tables share by name alone (`mappings/columns.yaml`, which says what
  may be said of a column), and `key`, those by which a row is told from all others;
- `checks` of rows as a whole: a graph pattern that holds of wrong rows, the `column` to mend, and a `message`, in which
  {name} is a cell or a variable. `ROWS` in the pattern stands for all rows; without it the pattern follows them;
- `tables`, where several have this mapping; `graphs`, into which the statements of a curated table go (`reference`, if
  it has none): the query is asked once for each, with ?graph;
- `stage`: the queries and checks of a later one see what all mappings of earlier ones have made.

A row is one solution, or several where a cell holds many values: each then has another of them, and all have the first
as `?NAME_1`. ?line is the line of the row. `id:statement(?subject, ?predicate, ?value, ?ground)` is the IRI of a
cg:Statement. In the query `ROWS` stands for all rows as well.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import XSD, Dataset, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import Value, date_literal, duration_literal, statement_iri
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import Names
from crmgraph.reading.languages import tidy
from crmgraph.reading.source import Origin
from crmgraph.texts import read_front_matter, read_text, read_yaml

_SEPARATOR = "|"
_MAPPINGS = "mappings"
_LANGUAGES = ("es", "en", "fr", "pt")
_PLAN_SOURCE = "source/crm"
"""The document of the plan, which cells may name though it is in no table."""
_LITERALS: Mapping[str, Callable[[str], Literal]] = {"date": date_literal, "duration": duration_literal}
Solution = Mapping[str, Sequence[Value]]
"""The values of each variable of a row."""


@dataclass(frozen=True)
class Column:
    """The name of a column and what its cells may hold.

    A `required` cell is not empty. A cell of `many` values has | between them. Each value fits `pattern` (a regular
    expression for the whole value), which `hint` explains to people.
    """

    name: str
    required: bool = False
    many: bool = False
    pattern: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table: `row["name"]` is a cell. `line`, from 1, is where the row begins in the file."""

    file: Path
    line: int
    columns: Mapping[str, Column]
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return the cell in the column of that name; an empty string where the cell is empty."""
        return self.cells[name]

    def values(self, name: str) -> list[str]:
        """Return the values in a cell: several where its column may hold many, none where it is empty."""
        cell = self[name]
        return cell.split(_SEPARATOR) if cell and self.columns[name].many else [cell] if cell else []

    def check(self, column: Column) -> None:
        """Check the cell that has the name of a column. Raises TableError for a value that may not be in it."""
        if column.required and not self[column.name]:
            raise self.problem(column.name, "the cell is empty and must not be")
        for value in self.values(column.name):
            if not value:
                raise self.problem(column.name, f"a value is empty; take away the {_SEPARATOR} beside it")
            if value != tidy(value):
                blank = f'"{value}" has blank space to spare or decomposed accents; write "{tidy(value)}"'
                raise self.problem(column.name, blank)
            if column.pattern and not re.fullmatch(column.pattern, value):
                raise self.problem(column.name, f'"{value}" is not {column.hint}')

    @contextmanager
    def reading(self, name: str) -> Iterator[str]:
        """Give the cell of a column. Raises TableError about it where its reader raises ValueError."""
        try:
            yield self[name]
        except ValueError as error:
            raise self.problem(name, str(error)) from None

    def problem(self, name: str, message: str) -> TableError:
        """Return the error to raise about a cell; its place counts the cells of the row from 1."""
        return TableError(f"{name}: {message}", Place(self.file, self.line, list(self.cells).index(name) + 1))


def read_table(
    file: Path, columns: Sequence[Column], key: Sequence[str] = (), delimiter: str = ",", skip: int = 0
) -> list[Row]:
    """Return the rows of a CSV file (RFC 4180, UTF-8, a header) that has exactly these columns in this order.

    `skip` is the number of lines before the header. Values are NFC, with single spaces inside and none at the ends. No
    two rows have the same values in the columns of `key`. Raises TableError with file, line and column (the cell's
    place in its row, from 1) for the first problem.
    """
    wanted = {column.name: column for column in columns}
    records = _records(file, delimiter, skip)
    line, header = next(records, (0, []))
    if not line:
        empty = f"the table is empty; begin it with the header {delimiter.join(wanted)}"
        raise TableError(empty, Place(file, 1 + skip, 1))
    for place, (found, name) in enumerate(zip_longest(header, wanted), 1):
        if found != name:
            belongs = f"the header has {found or 'nothing'} where {name} belongs"
            raise TableError(belongs if name else f"there is no column {found} in this table", Place(file, line, place))
    rows: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in records:
        if len(cells) != len(wanted):
            raise TableError(
                f"the row has {len(cells)} cells, the header {len(wanted)}; look for a missing comma or quotation mark",
                Place(file, line, min(len(cells), len(wanted)) + 1),
            )
        row = Row(file, line, wanted, dict(zip(wanted, cells, strict=True)))
        for column in columns:
            row.check(column)
        identity = tuple(row[name] for name in key)
        if key and identity in seen:
            told = f"{', '.join(identity)} is already in line {seen[identity]}; keep one of the two"
            raise row.problem(key[0], told)
        seen[identity] = line
        rows.append(row)
    return rows


def _records(file: Path, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each record begins, and its cells."""
    lines = islice(io.StringIO(read_text(file, TableError), newline=""), skip, None)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = 1 + skip
    try:
        for cells in reader:
            yield begin, cells
            begin = skip + reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"this is not CSV: {error}; look at the quotation marks", Place(file, begin)) from None


def check_files(folder: Path, tables: Iterable[str], beside: Collection[str] = ()) -> None:
    """Check that a folder holds no files but `<name>.csv` of the tables, those `beside` them, and hidden ones.

    Raises TableError for the first other file, whose name may be a typo. A folder that is not there holds none.
    """
    known = sorted(f"{name}.csv" for name in tables)
    renamed = f"rename it to one of {', '.join(known)}, or " if known else ""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name not in (*known, *beside) and not file.name.startswith("."):
            raise TableError(f"nobody reads a file of this name here; {renamed}take it away", Place(file))


@dataclass(frozen=True)
class TableMapping:
    """A table's columns and key, how each column's values become terms, and the query that makes statements of them.

    `front` is the front matter.
    """

    file: Path
    front: Mapping[str, Any]
    columns: Sequence[Column]
    forms: Mapping[str, Mapping[str, Any]]
    key: Sequence[str]
    query: str


def describe_reference(folder: Path, names: Names) -> Dataset:
    """Return the graphs `reference` and `processes` (consultative processes and who takes part in them).

    `folder` holds the tables and their mappings. Raises TableError where a row cannot be used or names a thing that no
    table has, and where a file is none of the tables.
    """
    mappings = read_mappings(folder)
    check_files(folder, mappings, beside=(_MAPPINGS,))
    tables = {name: read_table(folder / f"{name}.csv", each.columns, each.key) for name, each in mappings.items()}
    mapper = Mapper(names, _named(mappings, tables).__contains__)
    for name, mapping in sorted(mappings.items(), key=lambda item: item[1].front.get("stage", 1)):
        solutions = [mapper.solution(mapping, row) for row in tables[name]]
        for graph in mapping.front.get("graphs", ["reference"]):
            place = ox.NamedNode(names.graph(graph))
            made = mapper.construct(mapping, solutions, f"VALUES ?graph {{ {place} }}")
            mapper.store.extend([ox.Quad(each.subject, each.predicate, each.object, place) for each in made])
        mapper.check(mapping, tables[name], solutions)
    dataset = Dataset()
    for quad in mapper.store:
        dataset.graph(_as_rdflib(quad.graph_name)).add(as_triple(quad.triple))
    return dataset


def describe_origin(mapping: Path, origin: Origin, id: str, names: Names) -> Graph:
    """Return what is added to the graph of the source of a plan that was imported from a file (PROV).

    Args:
        mapping: the file with the mapping of origins, of which each table is a row.
        origin: the file, when it was imported, and by which mapping.
        id: the id of the plan.
        names: the names of things.
    """
    said = {"plan": id} | origin.model_dump(exclude={"tables"})
    rows = [said | {"place": str(place), "table": table} for place, table in enumerate(origin.tables or ("",), 1)]
    solutions = [{name: [Literal(value)] if value else [] for name, value in row.items()} for row in rows]
    graph = Graph()
    graph += map(as_triple, Mapper(names, lambda _: False).construct(read_mapping(mapping, {}), solutions))
    return graph


def read_mappings(folder: Path) -> dict[str, TableMapping]:
    """Return the mapping of each table in a folder, by name. Raises TableError for one that is not as above."""
    shared = read_yaml(read_text(folder / _MAPPINGS / "columns.yaml", TableError), folder / _MAPPINGS / "columns.yaml")
    mappings = [read_mapping(file, shared) for file in sorted((folder / _MAPPINGS).glob("*.rq"))]
    return {name: mapping for mapping in mappings for name in mapping.front.get("tables", [mapping.file.stem])}


def read_mapping(file: Path, shared: Mapping[str, Mapping[str, Any]]) -> TableMapping:
    """Return the mapping in a file; `shared` are the forms of columns that it need not say."""
    front, query = read_front_matter(file)
    own = [{each: {}} if isinstance(each, str) else each for each in front["columns"]]
    forms = {name: {**shared.get(name, {}), **form} for each in own for name, form in each.items()}
    columns = [_column(name, form) for name, form in forms.items()]
    return TableMapping(file, front, columns, forms, front.get("key", ()), query)


def _column(name: str, form: Mapping[str, Any]) -> Column:
    words = form.get("one_of", ())
    usual = {"pattern": "|".join(words), "hint": f"one of {', '.join(words)}"} if words else {}
    said = {key: form[key] for key in ("required", "many", "pattern", "hint") if key in form}
    return Column(name, **usual | said)


def _named(mappings: Mapping[str, TableMapping], tables: Mapping[str, Sequence[Row]]) -> set[str]:
    """Return the paths of things that a cell may name. Raises TableError where two tables have the same one."""
    found = {_PLAN_SOURCE}
    for table, mapping in mappings.items():
        for column, form in mapping.forms.items():
            for row in tables[table] if form.get("named") else ():
                path = form["iri"].format(row[column]).removeprefix("id:")
                if path in found:
                    raise row.problem(column, f"another table has {path} already; keep one of the two")
                found.add(path)
    return found


class Mapper:
    """Runs mappings on rows, over what `store` holds.

    `is_known` tells of a path whether a cell may name it. `forms` are further forms of columns: what makes terms of
    that which the form says, and of a value; `functions` are further functions for queries, by name.
    """

    def __init__(
        self,
        names: Names,
        is_known: Callable[[str], bool],
        forms: Mapping[str, Callable[[Any, str], Sequence[Value]]] | None = None,
        functions: Mapping[str, Callable[..., Value]] | None = None,
    ) -> None:
        self.store = ox.Store()
        self._prefixes = names.prefixes()
        self._is_known = is_known
        self._forms: dict[str, Callable[[Any, str], Sequence[Value]]] = {
            "thing": self._thing,
            "iri": lambda template, value: [self._iri(template.format(value))],
            "one_of": lambda words, value: [self._iri(words[value]) if isinstance(words, dict) else Literal(value)],
            "datatype": lambda name, value: [
                _LITERALS[name](value) if name in _LITERALS else Literal(value, datatype=XSD[name])
            ],
            **(forms or {}),
        }
        functions = {"statement": partial(statement_iri, names), **(functions or {})}
        self._functions: dict[ox.NamedNode, Callable[..., Any]] = {
            ox.NamedNode(names.id(name)): partial(_call, each) for name, each in functions.items()
        }

    def solution(self, mapping: TableMapping, row: Row, given: Solution | None = None) -> Solution:
        """Return the values of a row's cells, but for those given. Raises TableError where one cannot be such."""
        values: dict[str, Sequence[Value]] = {"line": [Literal(row.line)], **(given or {})}
        for column in mapping.columns:
            if column.name not in values:
                values[column.name] = self._values(mapping, row, column.name)
            if column.many:
                values[f"{column.name}_1"] = values[column.name][:1]
        return values

    def construct(self, mapping: TableMapping, solutions: Sequence[Solution], before: str = "") -> Any:
        """Return the triples that a mapping makes of rows. `before` is a graph pattern that goes before these."""
        return self._ask(mapping.query.replace("WHERE {", f"WHERE {{ {before} ROWS", 1), mapping, solutions)

    def check(self, mapping: TableMapping, rows: Sequence[Row], solutions: Sequence[Solution]) -> None:
        """Raise TableError for the first row that a check finds wrong."""
        problems: dict[int, TableError] = {}
        for check in mapping.front.get("checks", ()):
            where = check["where"] if "ROWS" in check["where"] else f"ROWS {check['where']}"
            found = self._ask(f"SELECT * {{ {where} }} ORDER BY ?line LIMIT 1", mapping, solutions)
            for wrong in found:
                row = next(row for row in rows if row.line == int(wrong["line"].value))
                said = {name.value: term.value for name, term in zip(found.variables, wrong, strict=True) if term}
                message = check["message"].format(**{**said, **row.cells})
                problems.setdefault(row.line, row.problem(check["column"], message))
        if problems:
            raise problems[min(problems)]

    def _ask(self, query: str, mapping: TableMapping, solutions: Sequence[Solution]) -> Any:
        query = query.replace("ROWS", _values_clause(solutions, {each.name for each in mapping.columns if each.many}))
        try:
            return self.store.query(
                query, prefixes=self._prefixes, custom_functions=self._functions, use_default_graph_as_union=True
            )
        except SyntaxError as error:
            raise TableError(f"this is not SPARQL: {error}", Place(mapping.file)) from None

    def _values(self, mapping: TableMapping, row: Row, name: str) -> list[Value]:
        """Return the values of a cell as terms. Raises TableError where one cannot be what its column asks for."""
        form = mapping.forms[name]
        for other, forms in form.get("by", {}).items():
            form = forms[row[other]]
            row.check(_column(name, form))
        kind = next((kind for kind in self._forms if kind in form), None)
        if kind is None:
            language = form.get("language", name[-2:] if name[-2:] in _LANGUAGES else None)
            return [Literal(value, language) for value in row.values(name)]
        with row.reading(name):
            return [term for value in row.values(name) for term in self._forms[kind](form[kind], value)]

    def _thing(self, template: str, value: str) -> list[Value]:
        name = value if "://" in value else template.format(value)
        path = name.removeprefix("id:")
        if name != value and not self._is_known(path):
            raise ValueError(f"no table has {path}; add its row there, or correct this cell")
        return [self._iri(name)]

    def _iri(self, name: str) -> URIRef:
        """Return the IRI that is written with a prefix or in full."""
        prefix, _, local = name.partition(":")
        return URIRef(self._prefixes[prefix] + local if prefix in self._prefixes else name)


def _values_clause(solutions: Sequence[Solution], many: set[str]) -> str:
    """Return rows as a VALUES clause; `many` are the variables that may have several values in a row."""
    lines = []
    for solution in solutions:
        size = max(map(len, solution.values()))
        columns = []
        for name, values in solution.items():
            terms = [value.n3() for value in values]
            rest = ["UNDEF"] if name in many else terms[:1] or ["UNDEF"]
            columns.append((terms + rest * size)[:size])
        lines += [f"({' '.join(line)})" for line in zip(*columns, strict=True)]
    variables = " ".join(f"?{name}" for solution in solutions[:1] for name in solution)
    return f"VALUES ({variables}) {{ {' '.join(lines)} }}"


def _call(function: Callable[..., Value], *terms: Any) -> ox.NamedNode | ox.Literal:
    """Return what a function of rdflib's terms makes of those of pyoxigraph, as one of these."""
    value = function(*map(_as_rdflib, terms))
    return ox.NamedNode(value) if isinstance(value, URIRef) else ox.Literal(value.value)


def as_triple(triple: ox.Triple) -> tuple[Any, Any, Any]:
    """Return a triple of pyoxigraph as one of rdflib."""
    return _as_rdflib(triple.subject), _as_rdflib(triple.predicate), _as_rdflib(triple.object)


def _as_rdflib(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return URIRef(term.value)
    is_plain = term.language or term.datatype.value == str(XSD.string)
    return Literal(term.value, term.language, None if is_plain else term.datatype.value)
