"""The dataset of a query, and ways around deviations of the engine from SPARQL 1.1: rewriting, and unions of graphs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from crmgraph.errors import Bilingual, QueryRefusedError
from crmgraph.sparql.engine import Question
from crmgraph.sparql.syntax import (
    Edit,
    Token,
    TokenKind,
    apply_edits,
    closing_bracket,
    escape_dots,
    keyword,
    may_not_be_separated,
    prologue_length,
    tokenize,
)

UNION_FOLDER = "union"
"""Name of the subfolder of a store's folder that contains the store with the union."""


def has_union(folder: Path) -> bool:
    """Return whether a store with the union of the graphs was built in the folder of this store."""
    return (folder / UNION_FOLDER).is_dir()


def open_union(folder: Path) -> Store | None:
    """Open the union of the graphs of the store in a folder; None if no triple is in several graphs."""
    return Store.read_only(str(folder / UNION_FOLDER)) if has_union(folder) else None


def has_shared_triples(store: Store, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Return whether any triple is in more than one of these graphs.

    Without `graphs`, all graphs of the store are compared, including the default graph.
    """
    setting: dict[str, Any] = {"default_graph": graphs, "use_default_graph_as_union": graphs is None}

    def count(what: str) -> int:
        return int(
            next(cast(QuerySolutions, store.query(f"SELECT (COUNT(*) AS ?n) {{ {what} }}", **setting)))["n"].value
        )

    return count("?s ?p ?o") != count("SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }")


def join_graphs(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    """Return a new store in memory for a query over this dataset.

    Its default graph is the union of the graphs `default`. Its named graphs are the graphs `named`.
    """
    union = Store()
    for graph in default:
        union.extend(in_default_graph(store.quads_for_pattern(None, None, None, graph)))
    for graph in named:
        union.extend(store.quads_for_pattern(None, None, None, graph))
    return union


def in_default_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield these quads with the default graph in place of their own graph."""
    return (Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)


MOST_GRAPHS = 1000
"""Number of graphs for which a group may be expanded."""

_LONGEST_EXPANDED = 2**21
"""Number of characters that an expanded query may have."""

_WITHOUT_DATA = frozenset({"SELECT", "VALUES"})
"""Keywords in the group of `GRAPH <a>` for which it may have solutions even if there is no such graph."""
_EXPAND_ALWAYS = frozenset({"SELECT", "MINUS", "GRAPH"})
"""Keywords in the group of `GRAPH ?g` for which the group is expanded in every case."""
_EXPAND_WITH_VARIABLE = frozenset({"FILTER", "BIND", "OPTIONAL", "EXISTS", "VALUES"})
"""Keywords for which the group is expanded if it uses `?g` itself."""


@dataclass(frozen=True)
class Dataset:
    """The dataset of a query: the graphs that make up the default graph, and the named graphs.

    No graph is repeated in either, because the engine would return the rows of a repeated graph twice.
    """

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]

    @classmethod
    def from_protocol(cls, question: Question) -> Self | None:
        """Return the dataset that parameters of the SPARQL 1.1 Protocol set for a query (section 2.1.4).

        It takes precedence over FROM clauses. None if none is given. Raises QueryRefusedError if the name of a graph is
        not an absolute IRI.
        """
        if question.default_graphs is None and question.named_graphs is None:
            return None
        return cls(
            *(
                tuple(graph_name(iri) for iri in dict.fromkeys(iris))
                for iris in (question.default_graphs or (), question.named_graphs or ())
            )
        )

    @classmethod
    def from_query(cls, text: str, base_iri: str | None) -> Self | None:
        """Return the dataset that the FROM clauses of a query name; None without them, or if it is not SPARQL."""
        tokens = list(tokenize(text))
        clauses: list[tuple[str, bool]] = []
        for index, token in enumerate(tokens):
            if keyword(token) == "FROM":
                is_named = [keyword(each) for each in tokens[index + 1 : index + 2]] == ["NAMED"]
                name = tokens[index + 1 + is_named : index + 2 + is_named]
                clauses += [
                    (each.text, is_named) for each in name if each.kind in (TokenKind.IRI, TokenKind.PREFIXED_NAME)
                ]
        form = prologue_length(tokens)
        if not clauses or form >= len(tokens):
            return None
        iris = resolve_names([name for name, _ in clauses], text[: tokens[form].start], base_iri)
        if iris is None:
            return None
        named = [(iri, is_named) for iri, (_, is_named) in zip(iris, clauses, strict=True)]
        return cls(*(tuple(dict.fromkeys(iri for iri, kind in named if kind is wanted)) for wanted in (False, True)))


def graph_name(iri: str) -> NamedNode:
    """Return this IRI as the name of a graph. Raises QueryRefusedError if it is not an absolute IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise QueryRefusedError(
            Bilingual(
                f"{iri} cannot name a graph: it is not an absolute IRI.",
                f"{iri} no puede nombrar un grafo: no es un IRI absoluto.",
            )
        ) from None


def resolve_names(
    names: Sequence[str], prologue: str, base_iri: str | None, prefixes: Mapping[str, str] | None = None
) -> list[NamedNode] | None:
    """Return the absolute IRIs of names, such as `ex:a` or `<b>`, that follow this prologue in a query or an update.

    The engine resolves them, so that bases, prefixes and escapes have the same meaning as in the query. `base_iri` and
    `prefixes` are defaults that the prologue can override. None if a name is not an IRI, or the prologue is invalid.
    """
    columns = " ".join(f"({escape_dots(name)} AS ?iri{number})" for number, name in enumerate(names))
    try:
        solutions = Store().query(f"{prologue} SELECT {columns} {{}}", base_iri=base_iri, prefixes=dict(prefixes or {}))
    except SyntaxError:
        return None
    iris = [iri for iri in next(cast(QuerySolutions, solutions)) if isinstance(iri, NamedNode)]
    return iris if len(iris) == len(names) else None


def adapt_for_engine(text: str) -> str:
    """Return a query or an update with small changes of syntax, so that the engine reads it as the standard says.

    The changes are: dots in prefixed names are escaped, `TRUE` becomes `true`, blank space before certain brackets is
    dropped, GROUP_CONCAT gets a STR() around it, and `GRAPH <a> {}` comes before a group of the graph that would have
    solutions even if there is no such graph.
    """
    tokens = list(tokenize(text))
    edits: list[Edit] = []
    for index, token in enumerate(tokens):
        word = keyword(token)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind is TokenKind.PREFIXED_NAME and token.text.count(".") > 1:
            edits.append((token.start, token.end, escape_dots(token.text)))
        if word in ("TRUE", "FALSE") and not token.text.islower():
            # The grammar allows letters of any case (section 19.8).
            edits.append((token.start, token.end, token.text.lower()))
        if following is not None and may_not_be_separated(token, following) and token.end < following.start:
            edits.append((token.end, following.start, ""))
        if word == "GROUP_CONCAT" and following is not None and following.text == "(":
            # If all joined texts have the same language, the engine gives it to the result. The result must be a
            # simple literal (SPARQL 1.1 Query Language, section 18.5.1.7).
            closing = closing_bracket(tokens, index + 1)
            if closing is not None:
                edits += [(token.start, token.start, "STR("), (tokens[closing].end, tokens[closing].end, ")")]
    for index, closing in _graph_groups(tokens):
        name, words = tokens[index + 1], map(keyword, tokens[index:closing])
        if name.kind is not TokenKind.VARIABLE and not _WITHOUT_DATA.isdisjoint(words):
            start = tokens[index].start
            edits.append((start, start, f"GRAPH {escape_dots(name.text)} {{}} "))
    return apply_edits(text, edits)


def expand_select_all(text: str, base_iri: str | None = None) -> str:
    """Return a SELECT query with `*` replaced by the variables in scope, in the order of their first mention.

    The engine itself would sort them alphabetically. It decides which variables are in scope (SPARQL 1.1 Query
    Language, section 18.2.1). Other queries are returned unchanged.
    """
    tokens = list(tokenize(text))
    words = [keyword(token) for token in tokens]
    # The outermost SELECT is the first.
    star = words.index("SELECT") + 1 if "SELECT" in words else len(tokens)
    star += star < len(tokens) and words[star] in ("DISTINCT", "REDUCED")
    if star >= len(tokens) or tokens[star].text != "*":
        return text
    try:
        results = Store().query(text, base_iri=base_iri)
    except (SyntaxError, RuntimeError):
        # The error is reported when the query itself is run.
        return text
    in_scope = {variable.value for variable in results.variables} if isinstance(results, QuerySolutions) else set()
    named = dict.fromkeys(token.text[1:] for token in tokens if token.kind is TokenKind.VARIABLE)
    columns = " ".join(f"?{name}" for name in named if name in in_scope)
    return f"{text[: tokens[star].start]} {columns} {text[tokens[star].end :]}" if columns else text


def has_graph_groups_to_expand(text: str) -> bool:
    """Return whether a query contains a `GRAPH ?g { … }` group that `expand_graph_groups` must expand."""
    if "GRAPH" not in text.upper():
        return False
    tokens = list(tokenize(text))
    return any(_is_to_be_expanded(tokens, index, closing) for index, closing in _graph_groups(tokens))


def expand_graph_groups(text: str, graphs: Sequence[str]) -> str:
    """Return a query in which a `GRAPH ?g { … }` group is replaced by a UNION of one copy for each graph.

    Only groups that the engine would answer wrongly are expanded. `graphs` are names in SPARQL syntax, such as `<a>`.
    Raises QueryRefusedError if there are too many graphs or the result is too long.
    """
    if len(graphs) > MOST_GRAPHS:
        raise QueryRefusedError(_TOO_MANY_GRAPHS)
    tokens = list(tokenize(text))
    edits: list[Edit] = []
    end = size = 0
    for index, closing in _graph_groups(tokens):
        if index < end:
            continue
        end = closing
        start, stop = tokens[index + 2].end, tokens[closing].start
        group = expand_graph_groups(text[start:stop], graphs)
        if _is_to_be_expanded(tokens, index, closing):
            size += len(graphs) * len(group)
            if size > _LONGEST_EXPANDED:
                raise QueryRefusedError(_TOO_MANY_GRAPHS)
            edits.append(
                (tokens[index].start, tokens[closing].end, _union_over_graphs(tokens[index + 1].text, group, graphs))
            )
        else:
            size += len(group)
            edits.append((start, stop, group))
    return apply_edits(text, edits)


def _graph_groups(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the index of each GRAPH keyword, and the index of the bracket that closes its group."""
    for index in range(len(tokens) - 2):
        if keyword(tokens[index]) == "GRAPH" and tokens[index + 2].text == "{":
            closing = closing_bracket(tokens, index + 2)
            if closing is not None:
                yield index, closing


def _is_to_be_expanded(tokens: Sequence[Token], graph: int, closing: int) -> bool:
    """Return whether the group of a `GRAPH ?g` must be expanded.

    The engine binds the variable before it evaluates the group, and it finds no graph for a branch without a triple
    pattern. Both can give wrong answers. `graph` and `closing` are the indexes of GRAPH and of the closing bracket.
    """
    if tokens[graph + 1].kind is not TokenKind.VARIABLE:
        return False
    inner = tokens[graph + 3 : closing]
    words = [keyword(token) for token in inner]
    if not _EXPAND_ALWAYS.isdisjoint(words):
        return True
    name = tokens[graph + 1].text[1:]
    uses_variable = any(token.kind is TokenKind.VARIABLE and token.text[1:] == name for token in inner)
    if uses_variable and not _EXPAND_WITH_VARIABLE.isdisjoint(words):
        return True
    tables = words.count("VALUES")
    texts = [token.text for token in inner]
    is_alone = bool(tables) and words[0] == "VALUES" and texts.index("}") == len(texts) - 1
    has_more = texts.count("{") > tables or "FILTER" in words or "BIND" in words
    return tables > 1 or (tables == 1 and (is_alone or has_more))


def _union_over_graphs(variable: str, group: str, graphs: Sequence[str]) -> str:
    """Return the UNION of a group over these graphs; without graphs, a group with the same variables but no rows."""
    if not graphs:
        return f"{{ GRAPH {variable} {{{group}}} FILTER(false) }}"
    # The same blank node label may not be used in several groups, so each copy gets its own labels.
    blank = [token.end for token in tokenize(group) if token.kind is TokenKind.BLANK_NODE]
    copies = (
        f"{{ GRAPH {name} {{{apply_edits(group, ((end, end, f'__in_graph_{number}') for end in blank))}}} "
        f"VALUES {variable} {{ {name} }} }}"
        for number, name in enumerate(graphs)
    )
    return f"{{ {' UNION '.join(copies)} }}"


_TOO_MANY_GRAPHS = Bilingual(
    "GRAPH with a variable around a sub-select, MINUS, VALUES or a use of the variable is answered graph by graph, and "
    "these are too many. Name those you mean with FROM NAMED.",
    "GRAPH con una variable en torno a una subconsulta, MINUS, VALUES o un uso de la variable se responde grafo por "
    "grafo, y estos son demasiados. Nombre con FROM NAMED los que le interesan.",
)
