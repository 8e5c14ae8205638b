"""Checks of a query before the engine sees it: length, depth, no SERVICE, no keyword run into a name."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.sparql.tokens import Kind, Token, after_prologue, keyword, prefixes_of, syntax_error_at, tokens
from crmgraph.wording import Bilingual

__all__ = ["DEEPEST", "LONGEST", "Outline", "check_run_ins", "inspect", "is_service_run_in", "safe_tokens"]

LONGEST = 262_144
"""How many characters a query may have. Cutting so many into tokens takes a quarter of a second at worst."""

DEEPEST = 100
"""How deep brackets may nest. The engine survives every kind of nesting at twice this depth on a stack of 8 MiB,
and at a hundred times on the worker's own; nested lists cost it 0.5 s here, and double their cost every ten levels."""

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
_FLEETING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True)
class Outline:
    """The outline of a query: its form (None where it has none), whether it names a dataset by FROM, whether its answer
    would be the same if asked again, and the prefixes that it declares."""

    form: str | None
    names_dataset: bool
    lasting: bool
    prefixes: dict[str, str]


def inspect(text: str, longest: int = LONGEST) -> Outline:
    """Check a query, and return its outline.

    Raises QueryRefusedError where it is too long, nests brackets deeper than DEEPEST or asks another service, and
    QuerySyntaxError where it is an update or holds characters that are not Unicode.
    """
    found = safe_tokens(text, longest)
    words = [keyword(token) for token in found]
    start = after_prologue(found)
    form = words[start] if start < len(found) else ""
    if form in _UPDATES:
        at = Place.of(text, found[start].start)
        raise QuerySyntaxError(
            Bilingual(
                f"This is an update (line {at.line}, column {at.column}: {form}) and no query. A server that takes "
                "updates is sent them by POST as update=, not as query=.",
                f"Esto es una actualización (línea {at.line}, columna {at.column}: {form}) y no una consulta. A un "
                "servidor que admite actualizaciones se le envían por POST como update=, no como query=.",
            ),
            at.line,
            at.column,
        )
    return Outline(
        form=form if form in _FORMS else None,
        names_dataset="FROM" in words,
        lasting=_FLEETING.isdisjoint(words),
        prefixes=prefixes_of(found[:start]),
    )


def safe_tokens(text: str, longest: int, may_ask_services: bool = False) -> list[Token]:
    """Return the tokens of a query or update of at most `longest` characters.

    Raises QueryRefusedError where it is longer, nests brackets deeper than DEEPEST or asks another service, unless it
    `may_ask_services`, and QuerySyntaxError where it holds characters that are not Unicode, or a keyword that runs into
    the token beside it.
    """
    _check_characters(text, longest)
    found = list(tokens(text))
    _check_depth_and_services(text, found, may_ask_services)
    check_run_ins(text, found)
    return found


def _check_characters(text: str, longest: int) -> None:
    if len(text) > longest:
        raise QueryRefusedError(
            Bilingual(
                f"The text has {len(text)} characters, and at most {longest} are accepted.",
                f"El texto tiene {len(text)} caracteres, y se admiten {longest} como máximo.",
            )
        )
    if re.search("[\ud800-\udfff]", text):
        raise QuerySyntaxError(
            Bilingual(
                "The text contains half of a surrogate pair, which is not a character.",
                "El texto contiene la mitad de un par sustituto, que no es un carácter.",
            )
        )


def _check_depth_and_services(text: str, found: Sequence[Token], may_ask: bool) -> None:
    depth = 0
    for index, token in enumerate(found):
        if token.kind is Kind.SIGN:
            depth += sum(map(token.text.count, "([{")) - sum(map(token.text.count, ")]}"))
            if depth > DEEPEST:
                raise _too_deep(Place.of(text, token.start))
            depth = max(depth, 0)
        elif not may_ask and _asks_a_service(found, index, depth):
            raise _no_service(Place.of(text, token.start))


def _asks_a_service(found: Sequence[Token], index: int, depth: int) -> bool:
    token = found[index]
    # No other keyword holds this word, which the engine takes where it runs into another one, or into a name.
    return "SERVICE" in keyword(token) or (token.kind is Kind.NAME and depth > 0 and is_service_run_in(found, index))


def _too_deep(at: Place) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"At line {at.line}, column {at.column}, brackets nest deeper than {DEEPEST} levels, which is the limit.",
            f"En la línea {at.line}, columna {at.column}, los paréntesis se anidan a más de {DEEPEST} niveles, que es "
            "lo máximo que se admite.",
        )
    )


def _no_service(at: Place) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"SERVICE (line {at.line}, column {at.column}) is not answered here, where no other endpoint has been "
            "allowed (--allow, or allow in crmgraph.toml). A client such as Comunica can ask both endpoints.",
            f"SERVICE (línea {at.line}, columna {at.column}) no se responde aquí, donde no se ha permitido ningún otro "
            "punto de consulta (--allow, o allow en crmgraph.toml). Un cliente como Comunica puede consultar ambos.",
        )
    )


# No other keyword holds one of these.
_WORDS = ("FROM", "USING", "NAMED", "LOAD", "PREFIX")
# Behind these stands a name, which the engine takes as it is; it may find only what may stand between.
_BETWEEN: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("FROM", "USING"), ("NAMED",)),
    "LOAD": ("SILENT",),
    **dict.fromkeys(("PREFIX", "NAMED", "SILENT", "GRAPH", "WITH", "COPY", "MOVE", "ADD", "TO"), ()),
}


def check_run_ins(text: str, found: Sequence[Token]) -> None:
    """Raise QuerySyntaxError where a keyword that names graphs or a prefix runs into a word or a name.

    In a name that counts where such a clause can stand, outside of all groups: there the engine reads it so if the rest
    of the name is one, too.
    """
    declared = _declared(found)
    depth = 0
    for index, token in enumerate(found):
        if token.kind is Kind.SIGN:
            depth += token.text.count("{") - token.text.count("}")
        elif token.kind is Kind.WORD:
            for word in _WORDS:
                if word in keyword(token) and word != keyword(token):
                    raise syntax_error_at(text, token.start, _run_in(word))
        elif token.kind is Kind.NAME and depth <= 0:
            before = keyword(found[index - 1]) if index else ""
            for word, starts in _words_run_into(token, declared, _BETWEEN.get(before, _WORDS)):
                if starts or before not in _BETWEEN:
                    raise syntax_error_at(text, token.start, _run_in(word))


def is_service_run_in(found: Sequence[Token], index: int) -> bool:
    """Tell whether the engine may read a name as SERVICE and a name, as in "SERVICEg:x {" or "trueSERVICE:x {"."""
    opens_group = index + 1 < len(found) and found[index + 1].text == "{"
    return opens_group and keyword(found[index - 1]) != "GRAPH" and "SERVICE" in _prefix(found[index]).upper()


def _words_run_into(token: Token, declared: Collection[str], words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield those of the words that the engine may find in a prefixed name, and whether the name starts so."""
    prefix = _prefix(token)
    for word in words:
        at = prefix.upper().find(word)
        while at >= 0:
            rest = prefix[at + len(word) :]
            if prefix not in declared or rest in declared or word == "PREFIX":
                yield word, at == 0
            at = prefix.upper().find(word, at + 1)


def _declared(found: Sequence[Token]) -> set[str]:
    return {_prefix(name) for word, name in pairwise(found) if keyword(word) == "PREFIX" and name.kind is Kind.NAME}


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _run_in(word: str) -> Bilingual:
    return Bilingual(
        f"{word} runs into the word or name beside it. Write it with spaces around it; a prefix that holds this word "
        "cannot be used here",
        f"{word} está pegado a la palabra o al nombre de al lado. Escríbalo entre espacios; un prefijo que contiene "
        "esta palabra no se puede usar aquí",
    )
