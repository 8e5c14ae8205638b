"""The dataset that a query names, and queries rewritten so that the engine answers them as SPARQL 1.1 means them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from pyoxigraph import NamedNode, QuerySolutions, Store

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.engine import Question
from crmgraph.sparql.tokens import Edit, Kind, Token, after_prologue, closing_of, edited, keyword, tokens
from crmgraph.wording import Bilingual

__all__ = [
    "MOST_GRAPHS",
    "Dataset",
    "for_engine",
    "graph_named",
    "iris_written",
    "is_close",
    "needs_graphs_apart",
    "with_columns_named",
    "with_graphs_apart",
]


MOST_GRAPHS = 1000
"""Over how many graphs a group is written out."""

_LONGEST = 2**21
"""How many characters the query may have then."""

_APART = frozenset({"SELECT", "MINUS"})
"""What a group of GRAPH is asked of each graph by itself for, and what for where it uses the variable of the graph."""
_APART_WITH_VARIABLE = frozenset({"FILTER", "BIND", "OPTIONAL", "EXISTS", "VALUES"})

# The grammar allows blank space behind every token; the parser takes none between these words and their bracket.
_CLOSE_TO_BRACKET = ("BNODE", "COALESCE", "CONCAT")

# The texts that it joins have a language for the engine where all of them have it; the standard makes a simple literal
# of them (SPARQL 1.1 Query Language, 18.5.1.7).
_JOINS = "GROUP_CONCAT"


@dataclass(frozen=True)
class Dataset:
    """The graphs of which the default graph is the union, and the named graphs, each once.

    The engine gives the rows of a graph that is named twice twice.
    """

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]

    @classmethod
    def beside(cls, question: Question) -> Self | None:
        """Return the dataset that is named beside a query, which goes before its own (SPARQL 1.1 Protocol, 2.1.4).

        None where there is none. Raises QueryRefusedError where a graph has no IRI, or a relative one.
        """
        if question.default_graphs is None and question.named_graphs is None:
            return None
        given = (question.default_graphs or (), question.named_graphs or ())
        return cls(*(tuple(graph_named(iri) for iri in dict.fromkeys(iris)) for iris in given))

    @classmethod
    def within(cls, text: str, base_iri: str | None) -> Self | None:
        """Return the dataset that a query names by FROM; None where it names none, or is not SPARQL."""
        found = list(tokens(text))
        clauses = list(_clauses(found))
        form = after_prologue(found)
        if not clauses or form >= len(found):
            return None
        written = iris_written([name.text for name, _ in clauses], text[: found[form].start], base_iri)
        if written is None:
            return None
        graphs: dict[bool, dict[NamedNode, None]] = {False: {}, True: {}}
        for (_, is_named), graph in zip(clauses, written, strict=True):
            graphs[is_named][graph] = None
        return cls(tuple(graphs[False]), tuple(graphs[True]))


def _clauses(found: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield the name of the graph in each FROM, and whether it is FROM NAMED."""
    for index, token in enumerate(found):
        if keyword(token) == "FROM":
            is_named = [keyword(each) for each in found[index + 1 : index + 2]] == ["NAMED"]
            name = found[index + 1 + is_named : index + 2 + is_named]
            if name and name[0].kind in (Kind.IRI, Kind.NAME):
                yield name[0], is_named


def graph_named(iri: str) -> NamedNode:
    """Return the name of the graph with this IRI. Raises QueryRefusedError where it is none, or relative."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise QueryRefusedError(
            Bilingual(
                f"{iri} cannot name a graph: it is not an absolute IRI.",
                f"{iri} no puede nombrar un grafo: no es un IRI absoluto.",
            )
        ) from None


def iris_written(
    names: Sequence[str], prologue: str, base_iri: str | None, prefixes: Mapping[str, str] | None = None
) -> list[NamedNode] | None:
    """Return what names in a query or an update that is sent to `base_iri` stand for behind this prologue.

    The engine itself says it, so bases, prefixes and escapes are read as in the query. `prefixes` are declared before
    the prologue. None where one of the names is no IRI, or the prologue none.
    """
    columns = " ".join(f"({name} AS ?iri{number})" for number, name in enumerate(names))
    try:
        solutions = Store().query(f"{prologue} SELECT {columns} {{}}", base_iri=base_iri, prefixes=dict(prefixes or {}))
    except SyntaxError:
        return None
    assert isinstance(solutions, QuerySolutions)
    iris = [iri for iri in next(solutions) if isinstance(iri, NamedNode)]
    return iris if len(iris) == len(names) else None


def for_engine(text: str) -> str:
    """Return a query or update that the engine takes wherever the grammar does, and as the standard means it."""
    found = list(tokens(text))
    return edited(text, (*_closed_up(found), *_joined_plainly(found), *_booleans_in_small_letters(found)))


def is_close(token: Token, following: Token) -> bool:
    """Tell whether the engine takes no blank space between two tokens, where the grammar does."""
    return token.kind is Kind.WORD and token.text.upper() in _CLOSE_TO_BRACKET and following.text == "("


def _closed_up(found: Sequence[Token]) -> Iterator[Edit]:
    for token, following in pairwise(found):
        if is_close(token, following) and token.end < following.start:
            yield token.end, following.start, ""


def _booleans_in_small_letters(found: Sequence[Token]) -> Iterator[Edit]:
    """Yield the edits of `TRUE` and `FALSE`, which the grammar takes in letters of any case (section 19.8)."""
    for token in found:
        if keyword(token) in ("TRUE", "FALSE") and not token.text.islower():
            yield token.start, token.end, token.text.lower()


def _joined_plainly(found: Sequence[Token]) -> Iterator[Edit]:
    """Yield where STR and its brackets are to be put around what joins texts."""
    for index, (token, following) in enumerate(pairwise(found)):
        if keyword(token) == _JOINS and following.text == "(":
            closing = closing_of(found, index + 1)
            if closing is not None:
                yield token.start, token.start, "STR("
                yield found[closing].end, found[closing].end, ")"


def with_columns_named(text: str, base_iri: str | None = None) -> str:
    """Return a SELECT query with its variables by name where it says `*`, in the order in which it first names them.

    The engine has them by the alphabet. Which variables are in scope (SPARQL 1.1 Query Language, 18.2.1) is the
    engine's to say.
    """
    found = list(tokens(text))
    words = [keyword(token) for token in found]
    # The outermost SELECT is the first.
    star = words.index("SELECT") + 1 if "SELECT" in words else len(found)
    star += star < len(found) and words[star] in ("DISTINCT", "REDUCED")
    if star >= len(found) or found[star].text != "*":
        return text
    try:
        results = Store().query(text, base_iri=base_iri)
    except (SyntaxError, RuntimeError):
        # Whoever asks the query in earnest is told.
        return text
    in_scope = {variable.value for variable in results.variables} if isinstance(results, QuerySolutions) else set()
    named = dict.fromkeys(token.text[1:] for token in found if token.kind is Kind.VARIABLE)
    columns = " ".join(f"?{name}" for name in named if name in in_scope)
    return f"{text[: found[star].start]} {columns} {text[found[star].end :]}" if columns else text


def needs_graphs_apart(text: str) -> bool:
    """Tell whether a query has a group of GRAPH with a variable that has to be asked of each graph by itself."""
    words = text.upper()
    if "GRAPH" not in words or not any(word in words for word in _APART | _APART_WITH_VARIABLE):
        return False
    found = list(tokens(text))
    return any(_is_to_be_written_out(found, index, closing) for index, closing in _graph_groups(found))


def with_graphs_apart(text: str, graphs: Sequence[str]) -> str:
    """Return a query with the groups that need it written out for each of these graphs, written as in SPARQL.

    Raises QueryRefusedError where there are too many of them.
    """
    if len(graphs) > MOST_GRAPHS:
        raise QueryRefusedError(_TOO_MANY)
    found = list(tokens(text))
    edits: list[Edit] = []
    end = size = 0
    for index, closing in _graph_groups(found):
        if index < end:
            continue
        end = closing
        start, stop = found[index + 2].end, found[closing].start
        group = with_graphs_apart(text[start:stop], graphs)
        if _is_to_be_written_out(found, index, closing):
            size += len(graphs) * len(group)
            if size > _LONGEST:
                raise QueryRefusedError(_TOO_MANY)
            edits.append((found[index].start, found[closing].end, _union(found[index + 1].text, group, graphs)))
        else:
            size += len(group)
            edits.append((start, stop, group))
    return edited(text, edits)


def _graph_groups(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the index of each GRAPH, and that of the bracket which closes its group."""
    for index in range(len(found) - 2):
        if keyword(found[index]) == "GRAPH" and found[index + 2].text == "{":
            closing = closing_of(found, index + 2)
            if closing is not None:
                yield index, closing


def _is_to_be_written_out(found: Sequence[Token], graph: int, closing: int) -> bool:
    """Tell whether the group of a GRAPH with a variable needs it; what is in a GRAPH within does not count.

    The engine binds the variable before it evaluates the group, and finds no graph for a branch without a triple.
    """
    if found[graph + 1].kind is not Kind.VARIABLE:
        return False
    inner = list(found[graph + 3 : closing])
    for index, end in reversed(list(_graph_groups(inner))):
        # Its own name may be the variable, which is bound there.
        del inner[index : end + 1]
    words = {keyword(token) for token in inner}
    if words & _APART:
        return True
    name = found[graph + 1].text[1:]
    if words & _APART_WITH_VARIABLE and any(each.kind is Kind.VARIABLE and each.text[1:] == name for each in inner):
        return True
    tables = sum(keyword(token) == "VALUES" for token in inner)
    texts = [token.text for token in inner]
    is_alone = bool(inner) and keyword(inner[0]) == "VALUES" and texts.index("}") == len(texts) - 1
    has_groups = texts.count("{") > tables
    return tables > 1 or (tables == 1 and (is_alone or has_groups or not words.isdisjoint({"FILTER", "BIND"})))


def _union(variable: str, group: str, graphs: Sequence[str]) -> str:
    """Return a group in each graph; where there is none, the variables stay in scope and nothing is found."""
    if not graphs:
        return f"{{ GRAPH {variable} {{{group}}} FILTER(false) }}"
    # A label of a blank node may stand in one group of patterns only.
    blank = [token.end for token in tokens(group) if token.kind is Kind.BLANK]
    copies = (
        f"{{ GRAPH {name} {{{edited(group, ((end, end, f'__in_graph_{number}') for end in blank))}}} "
        f"VALUES {variable} {{ {name} }} }}"
        for number, name in enumerate(graphs)
    )
    return f"{{ {' UNION '.join(copies)} }}"


_TOO_MANY = Bilingual(
    "GRAPH with a variable around a sub-select, MINUS, VALUES or a use of the variable is answered graph by graph, and "
    "these are too many. Name those you mean with FROM NAMED.",
    "GRAPH con una variable en torno a una subconsulta, MINUS, VALUES o un uso de la variable se responde grafo por "
    "grafo, y estos son demasiados. Nombre con FROM NAMED los que le interesan.",
)
