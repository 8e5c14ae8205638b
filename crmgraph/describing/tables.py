"""Curated tables: strict reading of CSV files, which locates every invalid cell, and mappings of tables to RDF.

The mapping of a table `NAME.csv` is the file `mappings/NAME.rq`. It contains a SPARQL CONSTRUCT query in which the
columns are variables, as in Tarql, and which may use the prefixes of `crmgraph.namespaces`. Its front matter, YAML in
lines that begin with `#+`, has these keys:

- `columns`: the columns in order, with their properties. A column that several tables share is defined in
  `mappings/columns.yaml`, which also documents the properties, and has just its name here.
- `key`: the columns whose values identify a row.
- `checks`: a list of checks of rows. `where` is a graph pattern that matches invalid rows, `column` the column to
  correct, and `message` the error message, in which {name} is a cell or a variable. `ROWS` in the pattern is replaced
  by all rows; a pattern without `ROWS` is appended to them.
- `tables`: the tables with this mapping, if there are several.
- `graphs`: the named graphs for the triples of a curated table, by default `reference`. The query is evaluated once for
  each graph, which is bound to `?graph`.
- `stage`: the position in the order of evaluation, by default 1. The queries and checks of a stage see the triples of
  all earlier stages.

In the query, `ROWS` is replaced by all rows as well. A row becomes one solution, or several if a cell has several
values: each solution has one of them, and `?NAME_1` is always the first value. `?line` is the line number of the row.
`id:statement(?subject, ?predicate, ?value, ?ground)` is the IRI of a cg:Statement.
"""

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

from crmgraph.describing.vocabulary import (
    Term,
    Value,
    add_quads,
    date_literal,
    duration_literal,
    graph_of,
    node_of,
    statement_iri,
    statement_of,
    term_of,
)
from crmgraph.errors import Place, TableError
from crmgraph.files import csv_records, read_front_matter, read_text, read_yaml
from crmgraph.namespaces import Names
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Origin

_SEPARATOR = "|"
_MAPPINGS = "mappings"
_LANGUAGES = ("es", "en", "fr", "pt")
_PLAN_SOURCE = "source/crm"
"""The path of the source of the RCM plan. Cells may refer to it, although it is in no table."""
_LITERALS: Mapping[str, Callable[[str], Literal]] = {"date": date_literal, "duration": duration_literal}
Solution = Mapping[str, Sequence[Value]]
"""The values of a row, by the name of the variable. A variable may have several values."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and the rules for its cells.

    Attributes:
        name: The name in the header.
        required: Whether empty cells are invalid.
        many: Whether a cell may have several values, separated by |.
        pattern: A regular expression that each value must match as a whole; empty if any value is valid.
        hint: The description of valid values in error messages.
        optional: Whether a table may lack the column; then all its cells are empty.
    """

    name: str
    required: bool = False
    many: bool = False
    pattern: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table. `row["name"]` is the cell in the column `name`.

    Attributes:
        file: The file of the table.
        line: The number, from 1, of the line where the row begins.
        columns: The columns of the table by name.
        cells: The cells by the name of the column.
    """

    file: Path
    line: int
    columns: Mapping[str, Column]
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return the text of a cell, which may be empty."""
        return self.cells[name]

    def values(self, name: str) -> list[str]:
        """Return the values in a cell: none if it is empty, and several only if its column allows this."""
        cell = self[name]
        return cell.split(_SEPARATOR) if cell and self.columns[name].many else [cell] if cell else []

    def check(self, column: Column) -> None:
        """Check the cell in a column. Raises TableError if the column does not allow its value."""
        if column.required and not self[column.name]:
            raise self.problem(column.name, "the cell is empty and must not be")
        for value in self.values(column.name):
            if not value:
                raise self.problem(column.name, f"a value is empty; take away the {_SEPARATOR} beside it")
            if value != tidy(value):
                raise self.problem(
                    column.name, f'"{value}" has blank space to spare or decomposed accents; write "{tidy(value)}"'
                )
            if column.pattern and not re.fullmatch(column.pattern, value):
                raise self.problem(column.name, f'"{value}" is not {column.hint}')

    @contextmanager
    def converting(self, name: str) -> Iterator[str]:
        """Yield the text of a cell. A ValueError within the context is raised as a TableError about the cell."""
        try:
            yield self[name]
        except ValueError as error:
            raise self.problem(name, str(error)) from None

    def problem(self, name: str, message: str) -> TableError:
        """Return an error about the cell in the column `name`. Its column number is that of the cell, from 1."""
        return TableError(f"{name}: {message}", Place(self.file, self.line, list(self.cells).index(name) + 1))


def read_table(
    file: Path, columns: Sequence[Column], key: Sequence[str] = (), delimiter: str = ",", skip: int = 0
) -> list[Row]:
    """Return the rows of a CSV file (RFC 4180) in UTF-8, whose header has the given columns in this order.

    Values must be in Unicode NFC and have no blank space other than single spaces between words.

    Args:
        file: The file.
        columns: The columns.
        key: The columns whose values identify a row. No two rows may have the same values in all of these.
        delimiter: The character between two cells.
        skip: The number of lines before the header.

    Raises TableError for the first problem, with the file, the line, and the number of the cell in its row, from 1.
    """
    wanted = known = {column.name: column for column in columns}
    lines = islice(io.StringIO(read_text(file, TableError), newline=""), skip, None)
    records = csv_records(lines, delimiter, skip, TableError, file)
    line, header = next(records, (0, []))
    if not line:
        raise TableError(
            f"the table is empty; begin it with the header {delimiter.join(wanted)}", Place(file, 1 + skip, 1)
        )
    absent = {column.name: "" for column in columns if column.optional and column.name not in header}
    wanted = {name: column for name, column in wanted.items() if name not in absent}
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
        row = Row(file, line, known, dict(zip(wanted, cells, strict=True)) | absent)
        for column in columns:
            row.check(column)
        identity = tuple(row[name] for name in key)
        if key and identity in seen:
            raise row.problem(key[0], f"{', '.join(identity)} is already in line {seen[identity]}; keep one of the two")
        seen[identity] = line
        rows.append(row)
    return rows


def check_files(folder: Path, tables: Iterable[str], beside: Collection[str] = ()) -> None:
    """Check that a folder contains no unexpected files. Unexpected names may be typing errors.

    Allowed are the files `<name>.csv` of the `tables`, the names in `beside`, and hidden files. Raises TableError for
    the first other file. A missing folder is valid.
    """
    known = sorted(f"{name}.csv" for name in tables)
    renamed = f"rename it to one of {', '.join(known)}, or " if known else ""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name not in (*known, *beside) and not file.name.startswith("."):
            raise TableError(f"nobody reads a file of this name here; {renamed}take it away", Place(file))


@dataclass(frozen=True)
class TableMapping:
    """The mapping of a table to RDF. See the documentation of this module.

    Attributes:
        file: The file of the mapping.
        front: Its front matter.
        columns: The columns of the table.
        forms: The properties of each column by name, which define how its values become RDF terms.
        key: The names of the columns whose values identify a row.
        query: The SPARQL CONSTRUCT query.
    """

    file: Path
    front: Mapping[str, Any]
    columns: Sequence[Column]
    forms: Mapping[str, Mapping[str, Any]]
    key: Sequence[str]
    query: str


def describe_reference(folder: Path, names: Names) -> Dataset:
    """Return a dataset with the graphs `reference` and `processes` (consultative processes and their participants).

    `folder` contains the tables and their mappings. Raises TableError if a row is invalid, refers to a thing that is
    in no table, or if a file is not one of the tables.
    """
    mappings = read_mappings(folder)
    check_files(folder, mappings, beside=(_MAPPINGS,))
    tables = {name: read_table(folder / f"{name}.csv", each.columns, each.key) for name, each in mappings.items()}
    mapper = Mapper(names, _defined_paths(mappings, tables).__contains__)
    for name, mapping in sorted(mappings.items(), key=lambda item: item[1].front.get("stage", 1)):
        solutions = [mapper.solution(mapping, row) for row in tables[name]]
        for graph in mapping.front.get("graphs", ["reference"]):
            place = ox.NamedNode(names.graph(graph))
            mapper.store.extend(
                [
                    ox.Quad(each.subject, each.predicate, each.object, place)
                    for each in mapper.construct(mapping, solutions, f"VALUES ?graph {{ {place} }}")
                ]
            )
        mapper.check(mapping, tables[name], solutions)
    dataset = Dataset()
    add_quads(dataset, ((*statement_of(quad.triple), URIRef(quad.graph_name.value)) for quad in mapper.store))
    return dataset


def describe_origin(mapping: Path, origin: Origin, id: str, names: Names) -> Graph:
    """Return the description (PROV) of the file that a plan was imported from, for the graph of its source.

    Args:
        mapping: The file with the mapping of origins to RDF. Each imported table is a row.
        origin: The imported file, the time of the import, and the import mapping.
        id: The id of the plan.
        names: The IRIs of the dataset.
    """
    values = {"plan": id} | origin.model_dump(exclude={"tables"})
    rows = [values | {"place": str(place), "table": table} for place, table in enumerate(origin.tables or ("",), 1)]
    solutions = [{name: [Literal(value)] if value else [] for name, value in row.items()} for row in rows]
    return graph_of(map(statement_of, Mapper(names, lambda _: False).construct(read_mapping(mapping, {}), solutions)))


def read_mappings(folder: Path) -> dict[str, TableMapping]:
    """Return the mappings of the tables in a folder, by the name of the table. Raises TableError if one is invalid."""
    shared = read_yaml(read_text(folder / _MAPPINGS / "columns.yaml", TableError), folder / _MAPPINGS / "columns.yaml")
    mappings = [read_mapping(file, shared) for file in sorted((folder / _MAPPINGS).glob("*.rq"))]
    return {name: mapping for mapping in mappings for name in mapping.front.get("tables", [mapping.file.stem])}


def read_mapping(file: Path, shared: Mapping[str, Mapping[str, Any]]) -> TableMapping:
    """Return the mapping in a file. `shared` has the properties of columns that are defined in `columns.yaml`."""
    front, query = read_front_matter(file)
    own = [{each: {}} if isinstance(each, str) else each for each in front["columns"]]
    forms = {name: {**shared.get(name, {}), **form} for each in own for name, form in each.items()}
    return TableMapping(
        file, front, [_column(name, form) for name, form in forms.items()], forms, front.get("key", ()), query
    )


def _column(name: str, form: Mapping[str, Any]) -> Column:
    words = form.get("one_of", ())
    usual = {"pattern": "|".join(words), "hint": f"one of {', '.join(words)}"} if words else {}
    own = {key: form[key] for key in ("required", "many", "pattern", "hint", "optional") if key in form}
    return Column(name, **usual | own)


def _defined_paths(mappings: Mapping[str, TableMapping], tables: Mapping[str, Sequence[Row]]) -> set[str]:
    """Return the paths of all things that cells may refer to: those of columns with the property `named`.

    Raises TableError if two tables define the same path.
    """
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
    """Evaluates mappings on the rows of tables. Their queries may also match the triples in `store`.

    Args:
        names: The IRIs of the dataset.
        is_known: Whether there is a thing with a path, to which a cell may refer.
        forms: Further properties of columns, by name. A function converts the argument of the property and a value to
            RDF terms.
        functions: Further SPARQL functions, by name.
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
            ox.NamedNode(names.id(name)): partial(_call_with_rdflib_terms, each) for name, each in functions.items()
        }

    def solution(self, mapping: TableMapping, row: Row, given: Solution | None = None) -> Solution:
        """Return the RDF terms for a row. `given` has terms for some columns. Raises TableError for an invalid cell."""
        values: dict[str, Sequence[Value]] = {"line": [Literal(row.line)], **(given or {})}
        for column in mapping.columns:
            if column.name not in values:
                values[column.name] = self._terms_of(mapping, row, column.name)
            if column.many:
                values[f"{column.name}_1"] = values[column.name][:1]
        return values

    def construct(self, mapping: TableMapping, solutions: Sequence[Solution], before: str = "") -> Any:
        """Return the triples that a mapping makes of some rows. `before` is a graph pattern that precedes the rows."""
        return self._query(mapping.query.replace("WHERE {", f"WHERE {{ {before} ROWS", 1), mapping, solutions)

    def check(self, mapping: TableMapping, rows: Sequence[Row], solutions: Sequence[Solution]) -> None:
        """Raise TableError for the first row that violates a check of the mapping."""
        problems: dict[int, TableError] = {}
        for check in mapping.front.get("checks", ()):
            where = check["where"] if "ROWS" in check["where"] else f"ROWS {check['where']}"
            found = self._query(f"SELECT * {{ {where} }} ORDER BY ?line LIMIT 1", mapping, solutions)
            for wrong in found:
                row = next(row for row in rows if row.line == int(wrong["line"].value))
                values = {name.value: term.value for name, term in zip(found.variables, wrong, strict=True) if term}
                problems.setdefault(
                    row.line, row.problem(check["column"], check["message"].format(**{**values, **row.cells}))
                )
        if problems:
            raise problems[min(problems)]

    def _query(self, query: str, mapping: TableMapping, solutions: Sequence[Solution]) -> Any:
        query = query.replace("ROWS", _values_clause(solutions, {each.name for each in mapping.columns if each.many}))
        try:
            return self.store.query(
                query, prefixes=self._prefixes, custom_functions=self._functions, use_default_graph_as_union=True
            )
        except SyntaxError as error:
            raise TableError(f"this is not SPARQL: {error}", Place(mapping.file)) from None

    def _terms_of(self, mapping: TableMapping, row: Row, name: str) -> list[Value]:
        """Return the values of a cell as RDF terms. Raises TableError if one does not agree with its column."""
        form = mapping.forms[name]
        for other, forms in form.get("by", {}).items():
            form = forms[row[other]]
            row.check(_column(name, form))
        kind = next((kind for kind in self._forms if kind in form), None)
        if kind is None:
            language = form.get("language", name[-2:] if name[-2:] in _LANGUAGES else None)
            return [Literal(value, language) for value in row.values(name)]
        with row.converting(name):
            return [term for value in row.values(name) for term in self._forms[kind](form[kind], value)]

    def _thing(self, template: str, value: str) -> list[Value]:
        name = value if "://" in value else template.format(value)
        path = name.removeprefix("id:")
        if name != value and not self._is_known(path):
            raise ValueError(f"no table has {path}; add its row there, or correct this cell")
        return [self._iri(name)]

    def _iri(self, name: str) -> URIRef:
        """Return the IRI for a prefixed name or a full IRI."""
        prefix, _, local = name.partition(":")
        return URIRef(self._prefixes[prefix] + local if prefix in self._prefixes else name)


def _values_clause(solutions: Sequence[Solution], many: set[str]) -> str:
    """Return rows as a SPARQL VALUES clause, with as many lines per row as its longest list of values.

    A variable in `many` is unbound in the lines after its last value. The value of any other variable is repeated.
    """
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


def _call_with_rdflib_terms(function: Callable[..., Value], *terms: Term) -> Term:
    """Convert pyoxigraph terms to rdflib terms, call `function` with them, and convert its result back."""
    return term_of(function(*map(node_of, terms)))
