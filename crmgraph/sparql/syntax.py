"""SPARQL text cut into its tokens (SPARQL 1.1 Query Language, section 19.8), and checks before the engine sees it.

Cutting takes one pass and linear time. Where the engine finds that a text is not SPARQL, the error tells the place.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, zip_longest
from types import MappingProxyType
from typing import NamedTuple

from crmgraph.errors import Bilingual, Place, QueryRefusedError, QuerySyntaxError

# The character classes of the grammar, productions 164 to 168: `\w` would take too much and too little.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = _NAME + r"\-"
_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]|%[0-9A-Fa-f]{2}"
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_PREFIX = rf"[{_BASE}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"
_LOCAL = (
    rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:[{_CHARS}:]|{_ESCAPED}"
    rf"|\.+(?=[{_CHARS}:]|{_ESCAPED}))*+"
)
_STRINGS = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""',
    r"'''(?:[^'\\]|\\.|'(?!''))*+'''",
    r'"(?!"")(?:[^"\\\n\r]|\\.)*+"',
    r"'(?!'')(?:[^'\\\n\r]|\\.)*+'",
)


class Kind(Enum):
    """The kinds of tokens, each with its pattern, in the order in which they are tried."""

    SPACE = r"[ \t\r\n]++"
    COMMENT = r"#[^\n\r]*+"
    IRI = _IRI
    STRING = "|".join(_STRINGS)
    UNENDED = r"[\"'].*+"
    VARIABLE = rf"[?$][{_NAME}]++"
    BLANK = rf"_:[{_NAME}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"
    NAME = rf"(?:{_PREFIX})?+:(?:{_LOCAL})?+"
    LANGUAGE = r"@[A-Za-z]+(?:-+[A-Za-z0-9]+)*+"
    NUMBER = r"(?:[0-9]++(?:\.[0-9]*(?=[eE][+\-]?[0-9])|\.[0-9]+)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?"
    WORD = rf"{_PREFIX}|[{_NAME}]++"
    SIGN = rf"<(?={_IRI})|<<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|&&|\|\||[!<>]=|."


class Token(NamedTuple):
    """A token, the offset of its start in the text (code points), and its characters."""

    kind: Kind
    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset of its end in the text (exclusive)."""
        return self.start + len(self.text)


# The grammar allows blank space behind every token; the parser takes none between these words and their bracket.
_CLOSE_TO_BRACKET = ("BNODE", "COALESCE", "CONCAT")

BRACKETS = {"{": "}", "(": ")", "[": "]"}
"""The closing bracket of each opening one."""

_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{kind.value})" for kind in Kind), re.DOTALL)
_PARTS = re.compile(r"\.|[^.]+")
_SKIPPED = (Kind.SPACE, Kind.COMMENT)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in their order, without blank space and comments.

    Text that is not SPARQL is cut too: a character that fits nowhere is a SIGN, and a string that never ends is one
    UNENDED token that runs to the end of the text, for what stands in it is not SPARQL in any reading.
    """
    for match in _TOKEN.finditer(text):
        kind = Kind[match.lastgroup or ""]
        if kind is Kind.WORD:
            yield from _words(match.start(), match.group())
        elif kind not in _SKIPPED:
            yield Token(kind, match.start(), match.group())


def keyword(token: Token) -> str:
    """Return a token in capitals where it may be a keyword; an empty text where it cannot."""
    return token.text.upper() if token.kind is Kind.WORD else ""


def is_close(token: Token, following: Token) -> bool:
    """Tell whether the engine takes no blank space between two tokens, where the grammar does."""
    return keyword(token) in _CLOSE_TO_BRACKET and following.text == "("


def closing_of(found: Sequence[Token], opening: int) -> int | None:
    """Return the index of the bracket that closes the one at `opening`; None where none does."""
    depth = 0
    for index in range(opening, len(found)):
        if found[index].kind is Kind.SIGN:
            depth += (found[index].text in BRACKETS) - (found[index].text in BRACKETS.values())
            if depth == 0:
                return index
    return None


def _words(start: int, text: str) -> Iterator[Token]:
    # "true.FILTER" might have become a prefixed name and so is matched as one; without a colon it is three tokens.
    for part in _PARTS.finditer(text):
        kind = Kind.SIGN if part.group() == "." else Kind.WORD
        yield Token(kind, start + part.start(), part.group())


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")


_DECLARATIONS = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
"""The number of tokens of each declaration, by its keyword."""


def after_prologue(found: Sequence[Token]) -> int:
    """Return the index of the first token behind the declarations of a query or an update."""
    index = 0
    while index < len(found) and keyword(found[index]) in _DECLARATIONS:
        index += _DECLARATIONS[keyword(found[index])]
    return index


def prefixes_of(prologue: Sequence[Token]) -> dict[str, str]:
    """Return the prefixes to which these declarations at last give an absolute IRI."""
    # A relative IRI is left out, for what it is relative to may be declared anywhere before it.
    last = {
        name.text[:-1]: iri.text[1:-1]
        for name, iri in pairwise(prologue)
        if name.kind is Kind.NAME and iri.kind is Kind.IRI
    }
    return {name: iri for name, iri in last.items() if _ABSOLUTE.fullmatch(iri)}


Edit = tuple[int, int, str]
"""A change of a text: from where to where something is replaced (code points, end exclusive), and by what."""


def edited(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return the text from `start` to `end` with these edits, none of which may overlap."""
    parts: list[str] = []
    done = start
    for begin, stop, put in sorted(edits):
        parts += (text[done:begin], put)
        done = stop
    return "".join((*parts, text[done:end]))


def syntax_error_at(text: str, offset: int, what: Bilingual) -> QuerySyntaxError:
    """Return the error that something is wrong at an offset (code points) of a query or update."""
    at = Place.of(text, offset)
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {what}.",
            f"Línea {at.line}, columna {at.column}: {what.spanish}.",
        ),
        at.line,
        at.column,
    )


LONGEST = 262_144
"""Number of characters that a query may have. Cutting so many into tokens takes a quarter of a second at worst."""

DEEPEST = 100
"""Depth to which brackets may nest. The engine survives every kind of nesting at twice this depth on a stack of 8 MiB,
and at a hundred times on the worker's own; nested lists cost it 0.5 s here, and double their cost every ten levels."""

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
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
        form=form if form in FORMS else None,
        names_dataset="FROM" in words,
        lasting=_FLEETING.isdisjoint(words),
        prefixes=prefixes_of(found[:start]),
    )


def safe_tokens(text: str, longest: int, may_ask_services: bool = False) -> list[Token]:
    """Return the tokens of a query or update of at most `longest` characters.

    Raises QueryRefusedError where it is longer, nests brackets deeper than DEEPEST or asks another service, unless it
    `may_ask_services`, and QuerySyntaxError where it holds characters that are not Unicode, or a keyword that names
    graphs or a prefix and runs into the token beside it.
    """
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
    found = list(tokens(text))
    _check_depth_and_services(text, found, may_ask_services)
    _check_run_ins(text, found)
    return found


def _check_depth_and_services(text: str, found: Sequence[Token], may_ask: bool) -> None:
    depth = 0
    for index, token in enumerate(found):
        if token.kind is Kind.SIGN:
            depth = max(depth + sum(map(token.text.count, "([{")) - sum(map(token.text.count, ")]}")), 0)
            if depth > DEEPEST:
                at = Place.of(text, token.start)
                raise QueryRefusedError(
                    Bilingual(
                        f"At line {at.line}, column {at.column}, brackets nest deeper than {DEEPEST} levels, which is "
                        "the limit.",
                        f"En la línea {at.line}, columna {at.column}, los paréntesis se anidan a más de {DEEPEST} "
                        "niveles, que es lo máximo que se admite.",
                    )
                )
        # No other keyword holds this word, which the engine takes where it runs into another one, or into a name.
        elif not may_ask and ("SERVICE" in keyword(token) or (depth > 0 and _is_service_run_in(found, index))):
            at = Place.of(text, token.start)
            raise QueryRefusedError(
                Bilingual(
                    f"SERVICE (line {at.line}, column {at.column}) is not answered here, where no other endpoint has "
                    "been allowed (--allow, or allow in crmgraph.toml). A client such as Comunica can ask both "
                    "endpoints.",
                    f"SERVICE (línea {at.line}, columna {at.column}) no se responde aquí, donde no se ha permitido "
                    "ningún otro punto de consulta (--allow, o allow en crmgraph.toml). Un cliente como Comunica puede "
                    "consultar ambos.",
                )
            )


def _is_service_run_in(found: Sequence[Token], index: int) -> bool:
    """Tell whether the engine may read a name as SERVICE and a name, as in "SERVICEg:x {" or "trueSERVICE:x {"."""
    if found[index].kind is not Kind.NAME or "SERVICE" not in _prefix(found[index]).upper():
        return False
    opens_group = index + 1 < len(found) and found[index + 1].text == "{"
    return opens_group and keyword(found[index - 1]) != "GRAPH"


# No other keyword holds one of these.
_WORDS = ("FROM", "USING", "NAMED", "LOAD", "PREFIX")
# Behind these stands a name, which the engine takes as it is; it may find only what may stand between.
_BETWEEN: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("FROM", "USING"), ("NAMED",)),
    "LOAD": ("SILENT",),
    **dict.fromkeys(("PREFIX", "NAMED", "SILENT", "GRAPH", "WITH", "COPY", "MOVE", "ADD", "TO"), ()),
}


def _check_run_ins(text: str, found: Sequence[Token]) -> None:
    """Raise QuerySyntaxError where a keyword that names graphs or a prefix runs into a word or a name.

    In a name that counts where such a clause can stand, outside of all groups: there the engine reads it so if the rest
    of the name is one, too.
    """
    declared = declared_in(found)
    depth = 0
    for index, token in enumerate(found):
        run_in: Iterable[str] = ()
        if token.kind is Kind.SIGN:
            depth += token.text.count("{") - token.text.count("}")
        elif token.kind is Kind.WORD:
            run_in = (word for word in _WORDS if word in keyword(token) and word != keyword(token))
        elif token.kind is Kind.NAME and depth <= 0:
            before = keyword(found[index - 1]) if index else ""
            run_in = (
                word
                for word, at in _words_run_into(token, declared, _BETWEEN.get(before, _WORDS))
                if at == 0 or before not in _BETWEEN
            )
        for word in run_in:
            raise syntax_error_at(
                text,
                token.start,
                Bilingual(
                    f"{word} runs into the word or name beside it. Write it with spaces around it; a prefix that "
                    "holds this word cannot be used here",
                    f"{word} está pegado a la palabra o al nombre de al lado. Escríbalo entre espacios; un prefijo "
                    "que contiene esta palabra no se puede usar aquí",
                ),
            )


def _words_run_into(token: Token, declared: Collection[str], words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield those of the words that the engine may find in a prefixed name, and where."""
    prefix = _prefix(token)
    for word in words:
        for match in re.finditer(f"(?={word})", prefix, re.IGNORECASE):
            if prefix not in declared or prefix[match.start() + len(word) :] in declared or word == "PREFIX":
                yield word, match.start()


def declared_in(found: Sequence[Token]) -> set[str]:
    """Return the prefixes that a query or an update declares."""
    return {_prefix(name) for word, name in pairwise(found) if keyword(word) == "PREFIX" and name.kind is Kind.NAME}


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


# The parser names the furthest character that it looked at, and it looks ahead by the length of its longest keyword,
# ENCODE_FOR_URI. With more blank space than that behind every token, it stumbled at the token before that character.
_GAP = " " * 16
_PLACE = re.compile(r"\b(\d+):(\d+)\b")
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_LONGEST_SHOWN = 40

_REMARKS = {
    "overrides an existing variable": Bilingual(
        "SELECT gives a value to a variable that already has one",
        "SELECT da valor a una variable que ya lo tiene",
    ),
    "variable that is unbound": Bilingual(
        "SELECT asks for a variable that is neither grouped by nor inside an aggregate",
        "SELECT pide una variable que no está en GROUP BY ni dentro de un agregado",
    ),
    "Duplicated variable name": Bilingual(
        "SELECT names the same variable twice",
        "SELECT nombra dos veces la misma variable",
    ),
    "not authorized with GROUP BY": Bilingual(
        "SELECT * cannot be combined with GROUP BY; name the variables (of ASK and CONSTRUCT, put what is grouped into "
        "a SELECT between the braces, for the engine groups nothing else)",
        "SELECT * no se puede combinar con GROUP BY; nombre las variables (de ASK y CONSTRUCT, ponga lo que se agrupa "
        "en un SELECT entre las llaves, pues el motor no agrupa otra cosa)",
    ),
    "Repeated variables are not allowed": Bilingual(
        "VALUES names the same variable twice",
        "VALUES nombra dos veces la misma variable",
    ),
    "exactly the same number of values": Bilingual(
        "a row of VALUES has more or fewer values than there are variables (UNDEF leaves one open)",
        "una fila de VALUES tiene más o menos valores que variables (UNDEF deja uno sin valor)",
    ),
}
_ENDS_EARLY = Bilingual("the text ends before it is complete", "el texto termina antes de estar completo")
_NOT_SPARQL = Bilingual("the text is not SPARQL", "el texto no es SPARQL")


def syntax_error(
    text: str,
    said: str,
    parse: Callable[[str], object],
    base_iri: str | None = None,
    prefixes: Collection[str] = (),
    known: Mapping[str, str] = MappingProxyType({}),
) -> QuerySyntaxError:
    """Return the error that tells where a text stops being SPARQL, and by which token.

    `said` is the engine's message about it; `parse` gives a text to the engine, which raises SyntaxError, with the base
    and the prefixes that hold for it. `known` are prefixes that the text could declare.
    """
    found = list(tokens(text))
    spread = ""
    starts = []
    for token, following in zip_longest(found, found[1:]):
        starts.append(len(spread))
        spread += token.text + ("" if following and is_close(token, following) else _GAP)
    try:
        parse(spread)
    except SyntaxError as error:
        said_of_spread = str(error)
    else:
        return syntax_error_at(text, _stumbled(text, said), _remark(said) or _NOT_SPARQL)
    stumbled = _stumbled(spread, said_of_spread)
    remark = _remark(said_of_spread)
    if stumbled >= len(spread) and not (found and found[-1].kind is Kind.UNENDED):
        return syntax_error_at(text, len(text.rstrip()), remark or _ENDS_EARLY)
    token = found[bisect_right(starts, stumbled) - 1]
    declared = declared_in(found).union(prefixes)
    return syntax_error_at(text, token.start, remark or _unexpected(token, declared, base_iri, known))


def _stumbled(text: str, said: str) -> int:
    match = _PLACE.search(said)
    if not match:
        return 0
    line, column = map(int, match.groups())
    lines = text.split("\n")
    return min(sum(len(each) + 1 for each in lines[: line - 1]) + column - 1, len(text))


def _remark(said: str) -> Bilingual | None:
    return next((remark for part, remark in _REMARKS.items() if part in said), None)


def _unexpected(token: Token, declared: Collection[str], base_iri: str | None, known: Mapping[str, str]) -> Bilingual:
    prefix = token.text.partition(":")[0]
    if token.kind is Kind.NAME and prefix not in declared:
        declaration = f"PREFIX {prefix}: <{known.get(prefix, '…')}>"
        return Bilingual(
            f"the prefix {prefix}: is not declared; put {declaration} before",
            f"el prefijo {prefix}: no está declarado; ponga antes {declaration}",
        )
    if token.kind is Kind.UNENDED:
        return Bilingual(
            "the text in quotation marks that begins here does not end",
            "el texto entre comillas que comienza aquí no termina",
        )
    if token.kind is Kind.IRI and not base_iri and not _SCHEME.match(token.text):
        return Bilingual(
            f"{token.text} is relative, and nothing says to what; write it in full, or put BASE <…> before",
            f"{token.text} es relativo y nada dice a qué; escríbalo entero o ponga antes BASE <…>",
        )
    shown = token.text if len(token.text) <= _LONGEST_SHOWN else token.text[: _LONGEST_SHOWN - 1] + "…"
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in shown)
    return Bilingual(f"{shown} is not expected here", f"aquí no se espera {shown}")
