"""The curated tables of States, bodies, networks, processes, instruments and meetings, as RDF.

Each table `NAME.csv` has a mapping `mappings/NAME.rq` beside it, as Tarql has them: a SPARQL CONSTRUCT in which the
columns are variables, with the prefixes of `crmgraph.namespaces`. Its front matter (YAML behind `#+`) has

- `columns`, the columns in their order, those that tables share by name alone (`mappings/columns.yaml`, which says what
  may be said of a column), and `key`, those by which a row is told from all others;
- `checks` of rows as a whole: a graph pattern that holds of wrong rows, the `column` to mend, and a `message`, in which
  {name} is a cell or a variable. `ROWS` in the pattern stands for all rows; without it the pattern follows them;
- `graphs`, into which its statements go (`reference`, if it has none): the query is asked once for each, with ?graph;
- `stage`: the queries and checks of a later one see what all mappings of earlier ones have made.

A row is one solution, or several where a cell holds many values: each then has another of them, and all have the first
as `?NAME_1`. ?line is the line of the row. `id:statement(?subject, ?predicate, ?value, ?source)` is the IRI of a
cg:Statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml
from rdflib import XSD, Dataset, Literal, URIRef

from crmgraph.describing.tables import Column, Row, check_files, read_table
from crmgraph.describing.vocabulary import date_literal
from crmgraph.describing.writer import statement_iri
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import Names
from crmgraph.texts import read_text

__all__ = ["TableMapping", "describe_reference", "read_mappings"]

_MAPPINGS = "mappings"
# The one in C is ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LANGUAGES = ("es", "en", "fr", "pt")
_PLAN_SOURCE = "id:source/crm"
"""The document of the plan, which cells may name though it is in no table."""

Term = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class TableMapping:
    """A table's columns and key, how each column's values become terms, and the query that makes statements of them."""

    file: Path
    columns: tuple[Column, ...]
    forms: Mapping[str, Mapping[str, Any]]
    key: tuple[str, ...]
    graphs: Sequence[str]
    stage: int
    checks: Sequence[Mapping[str, str]]
    query: str

    @property
    def name(self) -> str:
        """The name of the table, without its ending."""
        return self.file.stem


def describe_reference(folder: Path, names: Names) -> Dataset:
    """Return the graphs `reference` and `processes` (consultative processes and who takes part in them).

    `folder` holds the tables and their mappings. Raises TableError where a row cannot be used or names a thing that no
    table has, and where a file is none of the tables.
    """
    mappings = sorted(read_mappings(folder), key=lambda mapping: mapping.stage)
    check_files(folder, (mapping.name for mapping in mappings), beside=(_MAPPINGS,))
    tables = {each.name: read_table(folder / f"{each.name}.csv", each.columns, each.key) for each in mappings}
    builder = _GraphBuilder(names, _named(mappings, tables))
    for mapping in mappings:
        builder.add(mapping, tables[mapping.name])
    dataset = Dataset()
    for name in builder.store.named_graphs():
        graph = dataset.graph(_as_rdflib(name))
        for quad in builder.store.quads_for_pattern(None, None, None, name):
            graph.add((_as_rdflib(quad.subject), _as_rdflib(quad.predicate), _as_rdflib(quad.object)))
    return dataset


def read_mappings(folder: Path) -> list[TableMapping]:
    """Return the mappings of the tables in a folder, sorted by name. Raises TableError for one that is not as above."""
    shared = _yaml(read_text(folder / _MAPPINGS / "columns.yaml", TableError), folder / _MAPPINGS / "columns.yaml")
    return [_read_mapping(file, shared) for file in sorted((folder / _MAPPINGS).glob("*.rq"))]


def _read_mapping(file: Path, shared: Mapping[str, Mapping[str, Any]]) -> TableMapping:
    text = read_text(file, TableError)
    front = _yaml("\n".join(line[3:] for line in text.splitlines() if line.startswith("#+")), file)
    own = [{each: {}} if isinstance(each, str) else each for each in front["columns"]]
    forms = {name: {**shared.get(name, {}), **form} for each in own for name, form in each.items()}
    return TableMapping(
        file,
        tuple(_column(name, form) for name, form in forms.items()),
        forms,
        tuple(front["key"]),
        front.get("graphs", ["reference"]),
        front.get("stage", 1),
        front.get("checks", ()),
        text,
    )


def _yaml(text: str, file: Path) -> Any:
    try:
        return yaml.load(text, _LOADER)  # noqa: S506 - either loader is a safe one
    except yaml.YAMLError as error:
        raise TableError(f"this is not YAML: {error}", Place(file)) from None


def _column(name: str, form: Mapping[str, Any]) -> Column:
    words = list(form.get("one_of", ()))
    pattern, hint = (
        form.get("pattern", "|".join(words)),
        form.get("hint", f"one of {', '.join(words)}" if words else ""),
    )
    return Column(name, form.get("required", False), form.get("many", False), pattern, hint)


def _named(mappings: Iterable[TableMapping], tables: Mapping[str, Sequence[Row]]) -> frozenset[str]:
    """Return the things that a cell may name. Raises TableError where two tables have the same one."""
    found = {_PLAN_SOURCE}
    for mapping in mappings:
        for column, form in mapping.forms.items():
            for row in tables[mapping.name] if form.get("named") else ():
                thing = form["iri"].format(row[column])
                if thing in found:
                    path = thing.removeprefix("id:")
                    raise row.problem(column, f"another table has {path} already; keep one of the two")
                found.add(thing)
    return frozenset(found)


class _GraphBuilder:
    """Runs mappings on rows and keeps what they make in `store`. `named` are the things that a cell may name."""

    def __init__(self, names: Names, named: frozenset[str]) -> None:
        self.store = ox.Store()
        self._prefixes = names.prefixes()
        self._named = named

        self._functions: dict[ox.NamedNode, Callable[..., Any]] = {
            ox.NamedNode(names.id("statement")): lambda *terms: ox.NamedNode(
                statement_iri(names, *map(_as_rdflib, terms))
            )
        }

    def add(self, mapping: TableMapping, rows: Sequence[Row]) -> None:
        """Add the statements that a mapping makes of rows. Raises TableError for a row that a check finds wrong."""
        values = self._values(mapping, rows)
        for graph in mapping.graphs:
            name = ox.NamedNode(f"{self._prefixes['graph']}{graph}")
            query = mapping.query.replace("WHERE {", f"WHERE {{ VALUES ?graph {{ {name} }} {values}", 1)
            made = self._ask(query, mapping)
            self.store.extend([ox.Quad(each.subject, each.predicate, each.object, name) for each in made])
        self._check(mapping, rows, values)

    def _check(self, mapping: TableMapping, rows: Sequence[Row], values: str) -> None:
        """Raise TableError for the first row that a check finds wrong."""
        problems = []
        for check in mapping.checks:
            where = check["where"] if "ROWS" in check["where"] else f"ROWS {check['where']}"
            found = self._ask(f"SELECT * {{ {where} }} ORDER BY ?line LIMIT 1".replace("ROWS", values), mapping)
            for wrong in found:
                row = next(row for row in rows if row.line == int(wrong["line"].value))
                said = {name.value: term.value for name, term in zip(found.variables, wrong, strict=True) if term}
                said.update((column.name, row[column.name]) for column in mapping.columns)
                problems.append((row.line, row.problem(check["column"], check["message"].format_map(said))))
        if problems:
            raise min(problems, key=lambda problem: problem[0])[1]

    def _ask(self, query: str, mapping: TableMapping) -> Any:
        try:
            return self.store.query(
                query, prefixes=self._prefixes, custom_functions=self._functions, use_default_graph_as_union=True
            )
        except SyntaxError as error:
            raise TableError(f"this is not SPARQL: {error}", Place(mapping.file)) from None

    def _values(self, mapping: TableMapping, rows: Iterable[Row]) -> str:
        """Return the rows as a VALUES clause."""
        many = [column.name for column in mapping.columns if column.many]
        variables = ["line", *(column.name for column in mapping.columns), *(f"{name}_1" for name in many)]
        lines = []
        for row in rows:
            terms = {name: self._terms(mapping, row, name) for name in mapping.forms}
            for place in range(max(1, *map(len, terms.values()))):
                bound = [
                    str(each[place]) if place < len(each) else str(each[0]) if each and name not in many else "UNDEF"
                    for name, each in terms.items()
                ]
                first = [str(terms[name][0]) if terms[name] else "UNDEF" for name in many]
                lines.append(f"({' '.join((str(row.line), *bound, *first))})")
        return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{ {' '.join(lines)} }}"

    def _terms(self, mapping: TableMapping, row: Row, name: str) -> list[Term]:
        """Return the values of a cell as terms. Raises TableError where one cannot be what its column asks for."""
        form = mapping.forms[name]
        for other, forms in form.get("by", {}).items():
            form = forms[row[other]]
            row.check(_column(name, form))
        try:
            return [self._term(form, value, name[-2:]) for value in row.values(name)]
        except ValueError as error:
            raise row.problem(name, str(error)) from None

    def _term(self, form: Mapping[str, Any], value: str, ending: str) -> Term:
        """Return a value as a term, by the form of its column. Raises ValueError where it cannot be one."""
        if "thing" in form:
            thing = value if "://" in value else form["thing"].format(value)
            if thing not in self._named and thing != value:
                raise ValueError(f"no table has {thing.removeprefix('id:')}; add its row there, or correct this cell")
            return self._iri(thing)
        if "iri" in form:
            return self._iri(form["iri"].format(value))
        if isinstance(form.get("one_of"), Mapping):
            return self._iri(form["one_of"][value])
        if "datatype" in form:
            datatype = date_literal(value).datatype if form["datatype"] == "date" else XSD[form["datatype"]]
            return ox.Literal(value, datatype=ox.NamedNode(str(datatype)))
        return ox.Literal(value, language=form.get("language", ending if ending in _LANGUAGES else None))

    def _iri(self, name: str) -> ox.NamedNode:
        """Return the IRI that is written with a prefix or in full."""
        prefix, _, local = name.partition(":")
        return ox.NamedNode(self._prefixes[prefix] + local if prefix in self._prefixes else name)


def _as_rdflib(term: ox.NamedNode | ox.Literal | Any) -> Any:
    """Return a term of pyoxigraph as one of rdflib."""
    if not isinstance(term, ox.Literal):
        return URIRef(term.value)
    is_plain = term.language or term.datatype.value == str(XSD.string)
    return Literal(term.value, term.language, None if is_plain else term.datatype.value)
