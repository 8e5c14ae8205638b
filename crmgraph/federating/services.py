"""The SERVICE clauses of a query: where they are, what they ask, and what is known of their variables beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.prologue import Prologue, after_prologue
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.wording import Bilingual

__all__ = ["MOST_CLAUSES", "Clause", "Clauses", "clauses_of"]

# What begins a part of a group that is no pattern of triples, and which bracket opens its end.
_OTHERS = {"OPTIONAL": "{", "MINUS": "{", "GRAPH": "{", "SERVICE": "{", "FILTER": "", "BIND": "(", "VALUES": "{"}
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_PLAIN = frozenset({"A", "TRUE", "FALSE"})
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
    clause stands in a GRAPH, or the query names a dataset.
    """

    start: int
    end: int
    address: str
    is_silent: bool
    group: str
    beside: str
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Clauses:
    """The clauses of a query, in their order, and its declarations of prefixes."""

    prologue: str
    clauses: Sequence[Clause]


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
    declared = _declared(found[:start], base_iri)
    clauses = []
    end = 0
    for index in services:
        at = index + 1 + (keyword(_at(found, index + 1)) == "SILENT")
        opening = at + 1
        closing = _end_of(found, opening)
        if index < end:
            raise _nested()
        if _at(found, opening).text != "{" or closing is None or not _may_stand(found, index, closing):
            raise _out_of_place(Place.of(text, found[index].start))
        end = closing
        beside, shared = ([], ()) if names_dataset else _beside(found, index, opening)
        clauses.append(
            Clause(
                found[index].start,
                found[closing].end,
                _address(found[at], declared),
                at > index + 1,
                text[found[opening].end : found[closing].start],
                " ".join(token.text for token in beside),
                shared,
            )
        )
    return Clauses(prologue, clauses)


def _may_stand(found: Sequence[Token], index: int, closing: int) -> bool:
    before, two_before = keyword(_at(found, index - 1)), keyword(_at(found, index - 2))
    return not (before in _BEFORE_GROUPS or two_before == "GRAPH" or keyword(_at(found, closing + 1)) == "UNION")


def _declared(prologue: Sequence[Token], base_iri: str | None) -> Prologue:
    try:
        return Prologue.of(prologue, base_iri)
    except ValueError:
        raise _no_address() from None


def _at(found: Sequence[Token], index: int) -> Token:
    return found[index] if index < len(found) else Token(Kind.SIGN, 0, "")


def _names(found: Sequence[Token]) -> frozenset[str]:
    """The variables and the nodes without a name, by which patterns hang together."""
    return frozenset(f"?{token.text[1:]}" for token in found if token.kind is Kind.VARIABLE) | {
        token.text for token in found if token.kind is Kind.BLANK
    }


def _end_of(found: Sequence[Token], opening: int) -> int | None:
    """The index of the bracket that closes the one there."""
    depth = 0
    for index in range(opening, len(found)):
        if found[index].kind is Kind.SIGN:
            depth += (found[index].text in _CLOSING) - (found[index].text in _CLOSING.values())
            if depth == 0:
                return index
    return None


def _address(token: Token, declared: Prologue) -> str:
    try:
        address = declared.iri(token)
    except ValueError:
        address = None
    if address is None:
        raise _no_address()
    return address


def _beside(found: Sequence[Token], service: int, inside: int) -> tuple[list[Token], tuple[str, ...]]:
    """The patterns of triples beside the clause that have to do with it, and the variables that they share with it."""
    around = _group_around(found, service)
    if around is None:
        return [], ()
    within = _names(_patterns(found, inside))
    blocks = _blocks(_patterns(found, around))
    shared = within & frozenset().union(*map(_names, blocks))
    variables = tuple(sorted(name[1:] for name in shared if name.startswith("?")))
    kept: list[list[Token]] = []
    reached = frozenset(f"?{name}" for name in variables)
    while more := [block for block in blocks if block not in kept and _names(block) & reached]:
        kept += more
        reached = reached.union(*map(_names, more))
    dot = Token(Kind.SIGN, 0, ".")
    return [token for block in kept for token in (*block, dot)], variables


def _blocks(found: Sequence[Token]) -> list[list[Token]]:
    """Patterns of triples, cut where a full stop ends them."""
    blocks: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        if token.kind is Kind.SIGN:
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
        if token.kind is Kind.SIGN and token.text == "." and depth == 0:
            blocks.append([])
        else:
            blocks[-1].append(token)
    return [block for block in blocks if block]


def _patterns(found: Sequence[Token], opening: int) -> list[Token]:
    """The tokens of the patterns of triples right in the group that opens there; none in a sub-select."""
    closing = _end_of(found, opening)
    kept: list[Token] = []
    index = opening + 1
    while closing is not None and index < closing:
        token, word = found[index], keyword(found[index])
        if word == "SELECT":
            return []
        if word in _OTHERS or token.text == "{":
            after = _after(found, index, _OTHERS.get(word, "{"))
            if after is None:
                return []
            kept.append(Token(Kind.SIGN, 0, "."))
            index = after
        elif word == "UNION":
            index += 1
        elif (word and word not in _PLAIN) or _runs_into_another(token):
            # The engine may read more in it than the grammar does.
            return []
        else:
            kept.append(token)
            index += 1
    return kept


def _runs_into_another(token: Token) -> bool:
    return token.kind is Kind.NAME and token.text.partition(":")[0].upper().endswith(tuple(_OTHERS))


def _group_around(found: Sequence[Token], service: int) -> int | None:
    """The bracket that opens the group of the clause; None where that is, or is in, a GRAPH."""
    depth, group = 0, None
    for index in range(service - 1, -1, -1):
        if found[index].text == "}":
            depth += 1
        elif found[index].text == "{":
            if depth:
                depth -= 1
                continue
            group = index if group is None else group
            if index > 1 and keyword(found[index - 2]) == "GRAPH":
                return None
    return group


def _after(found: Sequence[Token], index: int, bracket: str) -> int | None:
    """The index behind the part that begins there: behind the fellow of its first such bracket, or of any."""
    opens = (bracket,) if bracket else tuple(_CLOSING)
    at = index
    while at < len(found) and found[at].text not in opens:
        at += 1
    end = _end_of(found, at)
    return None if end is None else end + 1


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


def _nested() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            "SERVICE within SERVICE is not answered here. Put them beside each other.",
            "Aquí no se responde a SERVICE dentro de SERVICE. Póngalos uno junto al otro.",
        )
    )
