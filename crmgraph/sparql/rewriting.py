"""The dataset that a query names, and queries rewritten so that the engine answers them as SPARQL 1.1 means them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pyoxigraph import NamedNode, QuerySolutions, Store

from crmgraph.errors import Bilingual, QueryRefusedError
from crmgraph.sparql.engine import Question
from crmgraph.sparql.syntax import Edit, Kind, Token, after_prologue, closing_of, edited, is_close, keyword, tokens

MOST_GRAPHS = 1000
"""Over how many graphs a group is written out."""

_LONGEST = 2**21
"""Number of characters that the query may have then."""

_APART = frozenset({"SELECT", "MINUS"})
"""Keywords for which a group of GRAPH is asked of each graph by itself, always and where it uses its variable."""
_APART_WITH_VARIABLE = frozenset({"FILTER", "BIND", "OPTIONAL", "EXISTS", "VALUES"})


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
        clauses: list[tuple[str, bool]] = []
        for index, token in enumerate(found):
            if keyword(token) == "FROM":
                is_named = [keyword(each) for each in found[index + 1 : index + 2]] == ["NAMED"]
                name = found[index + 1 + is_named : index + 2 + is_named]
                clauses += [(each.text, is_named) for each in name if each.kind in (Kind.IRI, Kind.NAME)]
        form = after_prologue(found)
        if not clauses or form >= len(found):
            return None
        iris = iris_written([name for name, _ in clauses], text[: found[form].start], base_iri)
        if iris is None:
            return None
        named = [(iri, is_named) for iri, (_, is_named) in zip(iris, clauses, strict=True)]
        return cls(*(tuple(dict.fromkeys(iri for iri, kind in named if kind is wanted)) for wanted in (False, True)))


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
    edits: list[Edit] = []
    for index, token in enumerate(found):
        word = keyword(token)
        following = found[index + 1] if index + 1 < len(found) else None
        if word in ("TRUE", "FALSE") and not token.text.islower():
            # The grammar takes letters of any case (section 19.8).
            edits.append((token.start, token.end, token.text.lower()))
        if following is not None and is_close(token, following) and token.end < following.start:
            edits.append((token.end, following.start, ""))
        if word == "GROUP_CONCAT" and following is not None and following.text == "(":
            # The texts that it joins have a language for the engine where all of them have it; the standard makes a
            # simple literal of them (SPARQL 1.1 Query Language, 18.5.1.7).
            closing = closing_of(found, index + 1)
            if closing is not None:
                edits += [(token.start, token.start, "STR("), (found[closing].end, found[closing].end, ")")]
    return edited(text, edits)


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
    if "GRAPH" not in text.upper():
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
    words = [keyword(token) for token in inner]
    if not _APART.isdisjoint(words):
        return True
    name = found[graph + 1].text[1:]
    uses_variable = any(token.kind is Kind.VARIABLE and token.text[1:] == name for token in inner)
    if uses_variable and not _APART_WITH_VARIABLE.isdisjoint(words):
        return True
    tables = words.count("VALUES")
    texts = [token.text for token in inner]
    is_alone = bool(tables) and words[0] == "VALUES" and texts.index("}") == len(texts) - 1
    has_more = texts.count("{") > tables or "FILTER" in words or "BIND" in words
    return tables > 1 or (tables == 1 and (is_alone or has_more))


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
