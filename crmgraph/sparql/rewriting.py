"""The columns of SELECT *, in the order in which the query first names them: the engine has them by the alphabet."""

from collections.abc import Iterator, Sequence

from pyoxigraph import QuerySolutions, Store

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.tokens import Kind, Token, closing_of, keyword, tokens
from crmgraph.wording import Bilingual

__all__ = ["MOST_GRAPHS", "needs_graphs_apart", "with_columns_named", "with_graphs_apart"]


def with_columns_named(text: str, base_iri: str | None = None) -> str:
    """The SELECT query with its variables by name where it says `*`; as it is where it does not, or is none.

    Which variables are in scope (SPARQL 1.1 Query Language, 18.2.1) is the engine's to say.
    """
    found = list(tokens(text))
    star = _star(found)
    if star is None:
        return text
    in_scope = _in_scope(text, base_iri)
    named = dict.fromkeys(token.text[1:] for token in found if token.kind is Kind.VARIABLE)
    columns = " ".join(f"?{name}" for name in named if name in in_scope)
    return f"{text[: star.start]} {columns} {text[star.end :]}" if columns else text


def _star(found: list[Token]) -> Token | None:
    """The `*` of the outermost SELECT, which is the first."""
    words = [token.text.upper() if token.kind is Kind.WORD else "" for token in found]
    if "SELECT" not in words:
        return None
    index = words.index("SELECT") + 1
    index += index < len(words) and words[index] in ("DISTINCT", "REDUCED")
    return found[index] if index < len(found) and found[index].text == "*" else None


def _in_scope(text: str, base_iri: str | None) -> set[str]:
    try:
        results = Store().query(text, base_iri=base_iri)
    except (SyntaxError, RuntimeError):
        # Whoever asks the query in earnest is told.
        return set()
    return {variable.value for variable in results.variables} if isinstance(results, QuerySolutions) else set()


MOST_GRAPHS = 1000
"""Over how many graphs a group is written out."""

# How many characters the query may have then.
_LONGEST = 2**21
_TOLD_APART = frozenset({"SELECT", "MINUS"})


def needs_graphs_apart(text: str) -> bool:
    """Whether the query has a group that needs it."""
    words = text.upper()
    if "GRAPH" not in words or not any(word in words for word in (*_TOLD_APART, "VALUES")):
        return False
    found = list(tokens(text))
    return any(_is_to_be_written_out(found, start, end) for start, end in _groups(found))


def with_graphs_apart(text: str, graphs: Sequence[str]) -> str:
    """The query with the groups that need it written out for each of the named graphs, as SPARQL writes these.

    Raises QueryRefusedError where there are too many of them.
    """
    if len(graphs) > MOST_GRAPHS:
        raise _too_many()
    found = list(tokens(text))
    return _Writing(text, found, graphs).between(0, len(text), 0, len(found))


def _groups(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Each group of GRAPH with a variable, by the indices of its brackets."""
    for index in range(len(found) - 2):
        if _opens(found, index) and found[index + 1].kind is Kind.VARIABLE:
            end = closing_of(found, index + 2)
            if end is not None:
                yield index + 2, end


def _opens(found: Sequence[Token], index: int) -> bool:
    return keyword(found[index]) == "GRAPH" and index + 2 < len(found) and found[index + 2].text == "{"


def _is_to_be_written_out(found: Sequence[Token], start: int, end: int) -> bool:
    """Whether the group between these brackets needs it; what is in a GRAPH within is that one's own affair."""
    if keyword(found[start + 1]) == "VALUES":
        closing = next((index for index in range(start, end) if found[index].text == "}"), end)
        if closing == end - 1:
            return True
    index = start + 1
    while index < end:
        if _opens(found, index):
            index = closing_of(found, index + 2) or end
        elif keyword(found[index]) in _TOLD_APART:
            return True
        index += 1
    return False


class _Writing:
    """A query being written out over the graphs with these names."""

    def __init__(self, text: str, found: Sequence[Token], names: Sequence[str]) -> None:
        self._text = text
        self._found = found
        self._names = names
        self._left = _LONGEST

    def between(self, start: int, end: int, first: int, last: int) -> str:
        """The text from `start` to `end`, whose tokens are those from `first` to before `last`."""
        parts: list[str] = []
        done, index = start, first
        while index < last:
            closing = closing_of(self._found, index + 2) if _opens(self._found, index) else None
            if closing is None:
                index += 1
                continue
            word, variable, opening = self._found[index : index + 3]
            group = self.between(opening.end, self._found[closing].start, index + 3, closing)
            parts.append(self._text[done : word.start])
            if variable.kind is Kind.VARIABLE and _is_to_be_written_out(self._found, index + 2, closing):
                parts.append(self._union(variable.text, group))
            else:
                parts.append(f"{self._text[word.start : opening.end]}{group}}}")
            done, index = self._found[closing].end, closing + 1
        return "".join((*parts, self._text[done:end]))

    def _union(self, variable: str, group: str) -> str:
        """The group in each graph; where there is none, the variables stay in scope and nothing is found."""
        if not self._names:
            return f"{{ GRAPH {variable} {{{group}}} FILTER(false) }}"
        self._left -= len(self._names) * len(group)
        if self._left < 0:
            raise _too_many()
        copies = (
            f"{{ GRAPH {name} {{{_with_nodes_of_its_own(group, number)}}} VALUES {variable} {{ {name} }} }}"
            for number, name in enumerate(self._names)
        )
        return f"{{ {' UNION '.join(copies)} }}"


def _with_nodes_of_its_own(group: str, number: int) -> str:
    """A copy of the group: a label of a blank node may stand in one group of patterns only."""
    if "_:" not in group:
        return group
    parts: list[str] = []
    done = 0
    for token in tokens(group):
        if token.kind is Kind.BLANK:
            parts += (group[done : token.end], f"__in_graph_{number}")
            done = token.end
    return "".join((*parts, group[done:]))


def _too_many() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            "GRAPH with a variable around a sub-select, MINUS or VALUES is answered graph by graph, and these are too "
            "many. Name those you mean with FROM NAMED.",
            "GRAPH con una variable en torno a una subconsulta, MINUS o VALUES se responde grafo por grafo, y estos "
            "son demasiados. Nombre con FROM NAMED los que le interesan.",
        )
    )
