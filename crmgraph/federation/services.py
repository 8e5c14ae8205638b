"""The SERVICE clauses of a query: where they are, what they ask, and what is known of their variables beforehand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.federation.patterns import graphs_around, triples_beside
from crmgraph.sparql.dataset import iris_written
from crmgraph.sparql.tokens import Kind, Token, after_prologue, closing_of, keyword
from crmgraph.sparql.validation import safe_tokens
from crmgraph.wording import Bilingual

__all__ = ["MOST_CLAUSES", "Clause", "Clauses", "clauses_of"]

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
# Behind these comes a group, and no clause.
_BEFORE_GROUPS = frozenset({"OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE", "GRAPH"})

MOST_CLAUSES = 10
"""How many SERVICE clauses a query may have."""


@dataclass(frozen=True)
class Clause:
    """A SERVICE clause: where it begins and ends in the query, the address that it asks and whether it is SILENT.

    `group` is the text between its brackets. `beside` is the text of the patterns of triples that stand in the same
    group as the clause, as far as they have to do with `shared`: the variables that they and the patterns of triples in
    the clause itself have in common, so that each solution has a value for them on both sides. None are known where the
    clause stands in a GRAPH, or the query names a dataset. It `names_graphs` where GRAPH stands in it.
    """

    start: int
    end: int
    address: str
    is_silent: bool
    group: str
    beside: str
    shared: tuple[str, ...]
    names_graphs: bool


@dataclass(frozen=True)
class Clauses:
    """The clauses of a query, in their order, and its declarations of prefixes."""

    prologue: str
    clauses: Sequence[Clause]

    def groups_of(self, text: str) -> str:
        """The query with the group alone in the place of each clause, and everything where it stands."""
        parts, done = [], 0
        for clause in self.clauses:
            opening = clause.end - len(clause.group) - 2
            parts += [text[done : clause.start], re.sub(r"\S", " ", text[clause.start : opening])]
            done = opening
        return "".join((*parts, text[done:]))


def clauses_of(text: str, longest: int, base_iri: str | None) -> Clauses:
    """The SERVICE clauses of a query of at most `longest` characters, which is sent to `base_iri`.

    Raises QueryRefusedError where it is longer, nests too deep or has too many, where a clause asks an address that
    only the answer tells (a variable), and where one stands within another; QuerySyntaxError as the guard does, and
    where none can stand.
    """
    found = safe_tokens(text, longest, may_ask_services=True)
    start = after_prologue(found)
    services = [index for index in range(start, len(found)) if keyword(found[index]) == "SERVICE"]
    prologue = f"BASE <{base_iri}> " if base_iri else ""
    prologue += text[: found[start].start] if start < len(found) else text
    if not services or keyword(found[start]) not in _FORMS:
        return Clauses(prologue, [])
    if len(services) > MOST_CLAUSES:
        raise _too_many()
    names_dataset = any(keyword(token).startswith("FROM") for token in found)
    clauses = []
    end = 0
    for index in services:
        at = index + 1 + (keyword(_at(found, index + 1)) == "SILENT")
        opening = at + 1
        closing = closing_of(found, opening)
        if index < end:
            raise _nested()
        if _at(found, opening).text != "{" or closing is None or not _may_stand(found, index, closing):
            raise _out_of_place(Place.of(text, found[index].start))
        if any(name.kind is Kind.VARIABLE for name in graphs_around(found, index)):
            raise _in_a_graph()
        end = closing
        beside, shared = ([], ()) if names_dataset else triples_beside(found, index, opening)
        clauses.append(
            Clause(
                found[index].start,
                found[closing].end,
                _address(found[at], prologue),
                at > index + 1,
                text[found[opening].end : found[closing].start],
                " ".join(token.text for token in beside),
                shared,
                any(keyword(token) == "GRAPH" for token in found[opening:closing]),
            )
        )
    return Clauses(prologue, clauses)


def _may_stand(found: Sequence[Token], index: int, closing: int) -> bool:
    before, two_before = keyword(_at(found, index - 1)), keyword(_at(found, index - 2))
    return not (before in _BEFORE_GROUPS or two_before == "GRAPH" or keyword(_at(found, closing + 1)) == "UNION")


def _at(found: Sequence[Token], index: int) -> Token:
    return found[index] if index < len(found) else Token(Kind.SIGN, 0, "")


def _address(token: Token, prologue: str) -> str:
    iris = iris_written([token.text], prologue, None)
    if iris is None:
        raise _no_address()
    return iris[0].value


def _too_many() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"A query may have {MOST_CLAUSES} SERVICE clauses at most.",
            f"Una consulta puede tener {MOST_CLAUSES} cláusulas SERVICE como máximo.",
        )
    )


def _out_of_place(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"SERVICE (line {at.line}, column {at.column}) stands where no clause can, or has no group in brackets.",
            f"SERVICE (línea {at.line}, columna {at.column}) está donde no cabe ninguna cláusula, o no tiene grupo "
            "entre llaves.",
        ),
        at.line,
        at.column,
    )


def _no_address() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            "SERVICE is answered here for an address that is written in the query, not for a variable.",
            "Aquí se responde a SERVICE con una dirección escrita en la consulta, no con una variable.",
        )
    )


def _in_a_graph() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            "SERVICE within GRAPH and a variable is not answered here. Put the two beside each other.",
            "Aquí no se responde a SERVICE dentro de GRAPH con una variable. Póngalos uno junto al otro.",
        )
    )


def _nested() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            "SERVICE within SERVICE is not answered here. Put them beside each other.",
            "Aquí no se responde a SERVICE dentro de SERVICE. Póngalos uno junto al otro.",
        )
    )
