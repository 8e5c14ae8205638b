"""Tables as RDF: each has a mapping, a SPARQL CONSTRUCT in which its columns are variables, as Tarql has them.

The mapping of a table `NAME.csv` is `mappings/NAME.rq`, with the prefixes of `crmgraph.namespaces`. Its front matter
(YAML behind `#+`) has

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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml
from rdflib import XSD, Dataset, Literal, URIRef

from crmgraph.describing.tables import Column, Row, check_files, read_table
from crmgraph.describing.vocabulary import date_literal, duration_literal
from crmgraph.describing.writer import Value, statement_iri
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import Names
from crmgraph.texts import read_text

__all__ = ["Mapper", "Solution", "TableMapping", "as_triple", "describe_reference", "read_mappings"]

_MAPPINGS = "mappings"
# The one in C is ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LANGUAGES = ("es", "en", "fr", "pt")
_PLAN_SOURCE = "source/crm"
"""The document of the plan, which cells may name though it is in no table."""
_LITERALS: Mapping[str, Callable[[str], Literal]] = {"date": date_literal, "duration": duration_literal}
Solution = Mapping[str, Sequence[Value]]
"""The values of each variable of a row."""


@dataclass(frozen=True)
class TableMapping:
    """A table's columns and key, how each column's values become terms, and the query that makes statements of them."""

    file: Path
    tables: Sequence[str]
    columns: tuple[Column, ...]
    forms: Mapping[str, Mapping[str, Any]]
    key: tuple[str, ...]
    graphs: Sequence[str]
    stage: int
    checks: Sequence[Mapping[str, str]]
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
    for name, mapping in sorted(mappings.items(), key=lambda item: item[1].stage):
        solutions = [mapper.solution(mapping, row) for row in tables[name]]
        for graph in mapping.graphs:
            place = ox.NamedNode(names.graph(graph))
            made = mapper.construct(mapping, solutions, f"VALUES ?graph {{ {place} }}")
            mapper.store.extend([ox.Quad(each.subject, each.predicate, each.object, place) for each in made])
        mapper.check(mapping, tables[name], solutions)
    dataset = Dataset()
    for quad in mapper.store:
        dataset.graph(_as_rdflib(quad.graph_name)).add(as_triple(quad.triple))
    return dataset


def read_mappings(folder: Path) -> dict[str, TableMapping]:
    """Return the mapping of each table in a folder, by name. Raises TableError for one that is not as above."""
    shared = _yaml(read_text(folder / _MAPPINGS / "columns.yaml", TableError), folder / _MAPPINGS / "columns.yaml")
    mappings = [_read_mapping(file, shared) for file in sorted((folder / _MAPPINGS).glob("*.rq"))]
    return {name: mapping for mapping in mappings for name in mapping.tables}


def _read_mapping(file: Path, shared: Mapping[str, Mapping[str, Any]]) -> TableMapping:
    lines = read_text(file, TableError).splitlines()
    front = _yaml("\n".join(line[3:] for line in lines if line.startswith("#+")), file)
    own = [{each: {}} if isinstance(each, str) else each for each in front["columns"]]
    forms = {name: {**shared.get(name, {}), **form} for each in own for name, form in each.items()}
    return TableMapping(
        file,
        front.get("tables", [file.stem]),
        tuple(_column(name, form) for name, form in forms.items()),
        forms,
        tuple(front.get("key", ())),
        front.get("graphs", ["reference"]),
        front.get("stage", 1),
        front.get("checks", ()),
        "\n".join(line for line in lines if not line.startswith("#")),
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
        given = given or {}
        cells = {name: self._values(mapping, row, name) for name in mapping.forms if name not in given}
        first = {f"{each.name}_1": cells[each.name][:1] for each in mapping.columns if each.many}
        return {"line": [Literal(row.line)], **cells, **first, **given}

    def construct(self, mapping: TableMapping, solutions: Sequence[Solution], before: str = "") -> Any:
        """Return the triples that a mapping makes of rows. `before` is a graph pattern that goes before these."""
        return self._ask(mapping.query.replace("WHERE {", f"WHERE {{ {before} ROWS", 1), mapping, solutions)

    def check(self, mapping: TableMapping, rows: Sequence[Row], solutions: Sequence[Solution]) -> None:
        """Raise TableError for the first row that a check finds wrong."""
        problems = []
        for check in mapping.checks:
            where = check["where"] if "ROWS" in check["where"] else f"ROWS {check['where']}"
            found = self._ask(f"SELECT * {{ {where} }} ORDER BY ?line LIMIT 1", mapping, solutions)
            for wrong in found:
                row = next(row for row in rows if row.line == int(wrong["line"].value))
                said = {name.value: term.value for name, term in zip(found.variables, wrong, strict=True) if term}
                said.update((column.name, row[column.name]) for column in mapping.columns)
                problems.append((row.line, row.problem(check["column"], check["message"].format_map(said))))
        if problems:
            raise min(problems, key=lambda problem: problem[0])[1]

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
        language = form.get("language", name[-2:] if name[-2:] in _LANGUAGES else None)
        kind = next((kind for kind in self._forms if kind in form), None)
        try:
            return [
                term
                for value in row.values(name)
                for term in (self._forms[kind](form[kind], value) if kind else [Literal(value, language)])
            ]
        except ValueError as error:
            raise row.problem(name, str(error)) from None

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


def _as_rdflib(term: ox.NamedNode | ox.Literal | Any) -> Any:
    """Return a term of pyoxigraph as one of rdflib."""
    if not isinstance(term, ox.Literal):
        return URIRef(term.value)
    is_plain = term.language or term.datatype.value == str(XSD.string)
    return Literal(term.value, term.language, None if is_plain else term.datatype.value)
