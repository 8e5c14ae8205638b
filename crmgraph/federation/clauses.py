"""The SERVICE clauses of a query (SPARQL 1.1 Federated Query), and what is known of their variables beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.rewriting import iris_written
from crmgraph.sparql.tokens import Kind, Token, after_prologue, closing_of, keyword, syntax_error_at
from crmgraph.sparql.validation import safe_tokens
from crmgraph.wording import Bilingual

__all__ = ["MOST_CLAUSES", "Clause", "clauses_of"]

MOST_CLAUSES = 10
"""SERVICE clauses that a query may have."""

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
# Behind these comes a group, and no clause.
_BEFORE_GROUPS = frozenset({"OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE", "GRAPH"})
_DOT = Token(Kind.SIGN, 0, ".")
_IN_TRIPLES = frozenset({"A", "TRUE", "FALSE"})


@dataclass(frozen=True)
class Clause:
    """A SERVICE clause: where it begins and ends in the query, the address that it asks and whether it is SILENT.

    `prologue` are the declarations of the query, `group` is the text between the brackets of the clause; it
    `names_graphs` where GRAPH stands in it. `beside` is a pattern that each solution of the group around the clause
    satisfies at the clause, and `shared` are the variables that both have in common; empty where none is known.
    """

    start: int
    end: int
    address: str
    is_silent: bool
    prologue: str
    group: str
    beside: str
    shared: tuple[str, ...]
    names_graphs: bool

    @property
    def opening(self) -> int:
        """Where the group begins in the query, with its bracket."""
        return self.end - len(self.group) - 2


def clauses_of(text: str, longest: int, base_iri: str | None) -> list[Clause]:
    """Return the SERVICE clauses of a query of at most `longest` characters, which is sent to `base_iri`.

    Raises QueryRefusedError where it is longer, nests too deep or has too many, where a clause asks an address that
    only the answer tells (a variable), and where one stands within another; QuerySyntaxError as `safe_tokens` does, and
    where none can stand.
    """
    found = safe_tokens(text, longest, may_ask_services=True)
    start = after_prologue(found)
    services = [index for index in range(start, len(found)) if keyword(found[index]) == "SERVICE"]
    if not services or keyword(found[start]) not in _FORMS:
        return []
    if len(services) > MOST_CLAUSES:
        raise QueryRefusedError(_TOO_MANY)
    prologue = (f"BASE <{base_iri}> " if base_iri else "") + text[: found[start].start]
    names_dataset = any(keyword(token).startswith("FROM") for token in found)
    clauses: list[Clause] = []
    end = 0
    for index in services:
        at = index + 1 + (keyword(_at(found, index + 1)) == "SILENT")
        closing = closing_of(found, at + 1)
        if index < end:
            raise QueryRefusedError(_NESTED)
        if _at(found, at + 1).text != "{" or closing is None or not _may_stand(found, index, closing):
            raise syntax_error_at(text, found[index].start, _OUT_OF_PLACE)
        around = _groups_around(found, index)
        graphs = [found[group - 1] for group in around if group > 1 and keyword(found[group - 2]) == "GRAPH"]
        if any(name.kind is Kind.VARIABLE for name in graphs):
            raise QueryRefusedError(_IN_A_GRAPH)
        address = iris_written([found[at].text], prologue, None)
        if address is None:
            raise QueryRefusedError(_NO_ADDRESS)
        end = closing
        inside = found[at + 2 : closing]
        is_known = around and not graphs and not names_dataset
        beside = _beside(found[around[0] + 1 : index], found[closing + 1 :]) if is_known else []
        clauses.append(
            Clause(
                found[index].start,
                found[closing].end,
                address[0].value,
                at > index + 1,
                prologue,
                text[found[at + 1].end : found[closing].start],
                " ".join(token.text for token in beside),
                tuple(sorted(_variables(inside) & _variables(beside))),
                any(keyword(token) == "GRAPH" for token in inside),
            )
        )
    return clauses


def _beside(before: Sequence[Token], after: Sequence[Token]) -> list[Token]:
    """Return a pattern that each solution of a group satisfies at a clause, given what is before and after it there.

    What comes before is joined with the clause, but for filters, which are for the whole group; so are the triples
    right behind it. Of several clauses only the first has something before it.
    """
    kept: list[Token] = []
    index = 0
    while index < len(before):
        if keyword(before[index]) == "FILTER":
            opening = next((at for at in range(index, len(before)) if before[at].text in ("(", "{")), len(before))
            index = (closing_of(before, opening) or len(before)) + 1
        else:
            kept.append(before[index])
            index += 1
    # The engine may read more in a word than the grammar does, as in "trueFILTER (".
    words = [token.text.upper() for token in kept if token.kind in (Kind.WORD, Kind.NAME)]
    if any(word in text for text in words for word in ("SERVICE", "FILTER")):
        kept = []
    more = list(takewhile(_is_in_triples, after[bool(after and after[0].text == ".") :]))
    return [*kept, *([_DOT] if kept and kept[-1].text not in ".}" else []), *more]


def _is_in_triples(token: Token) -> bool:
    return token.text not in ("{", "}") and (token.kind is not Kind.WORD or token.text.upper() in _IN_TRIPLES)


def _variables(found: Sequence[Token]) -> set[str]:
    return {token.text[1:] for token in found if token.kind is Kind.VARIABLE}


def _groups_around(found: Sequence[Token], index: int) -> list[int]:
    """Return the bracket that opens each group that the token there is in, the innermost first."""
    groups, depth = [], 0
    for at in range(index - 1, -1, -1):
        if found[at].text == "}":
            depth += 1
        elif found[at].text == "{" and depth:
            depth -= 1
        elif found[at].text == "{":
            groups.append(at)
    return groups


def _may_stand(found: Sequence[Token], index: int, closing: int) -> bool:
    before, two_before = keyword(_at(found, index - 1)), keyword(_at(found, index - 2))
    return not (before in _BEFORE_GROUPS or two_before == "GRAPH" or keyword(_at(found, closing + 1)) == "UNION")


def _at(found: Sequence[Token], index: int) -> Token:
    return found[index] if index < len(found) else Token(Kind.SIGN, 0, "")


_OUT_OF_PLACE = Bilingual(
    "SERVICE stands where no clause can, or has no group in brackets",
    "SERVICE está donde no cabe ninguna cláusula, o no tiene grupo entre llaves",
)
_TOO_MANY = Bilingual(
    f"A query may have {MOST_CLAUSES} SERVICE clauses at most.",
    f"Una consulta puede tener {MOST_CLAUSES} cláusulas SERVICE como máximo.",
)
_NO_ADDRESS = Bilingual(
    "SERVICE is answered here for an address that is written in the query, not for a variable.",
    "Aquí se responde a SERVICE con una dirección escrita en la consulta, no con una variable.",
)
_IN_A_GRAPH = Bilingual(
    "SERVICE within GRAPH and a variable is not answered here. Put the two beside each other.",
    "Aquí no se responde a SERVICE dentro de GRAPH con una variable. Póngalos uno junto al otro.",
)
_NESTED = Bilingual(
    "SERVICE within SERVICE is not answered here. Put them beside each other.",
    "Aquí no se responde a SERVICE dentro de SERVICE. Póngalos uno junto al otro.",
)
