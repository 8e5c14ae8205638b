"""A tokenizer for SPARQL (SPARQL 1.1 Query Language, section 19.8), checks of untrusted queries, and syntax errors.

The tokenizer takes linear time. The checks come before the engine parses a query. If the engine rejects a query, the
error message states the line, the column and the unexpected token.
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

# The character classes of productions 164 to 168 of the grammar. `\w` has both more and fewer characters.
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


class TokenKind(Enum):
    """The kinds of tokens, each with its regular expression, in the order in which the tokenizer tries them.

    UNTERMINATED is a string without its closing quotation marks. WORD is a keyword, or any other word. SYMBOL is
    punctuation, an operator, or a character that no other kind matches.
    """

    SPACE = r"[ \t\r\n]++"
    COMMENT = r"#[^\n\r]*+"
    IRI = _IRI
    STRING = "|".join(_STRINGS)
    UNTERMINATED = r"[\"'].*+"
    VARIABLE = rf"[?$][{_NAME}]++"
    BLANK_NODE = rf"_:[{_NAME}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"
    PREFIXED_NAME = rf"(?:{_PREFIX})?+:(?:{_LOCAL})?+"
    LANGUAGE = r"@[A-Za-z]+(?:-+[A-Za-z0-9]+)*+"
    NUMBER = r"(?:[0-9]++(?:\.[0-9]*(?=[eE][+\-]?[0-9])|\.[0-9]+)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?"
    WORD = rf"{_PREFIX}|[{_NAME}]++"
    SYMBOL = rf"<(?={_IRI})|<<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|&&|\|\||[!<>]=|."


class Token(NamedTuple):
    """A token of a query: its kind, the code point offset of its start, and its text."""

    kind: TokenKind
    start: int
    text: str

    @property
    def end(self) -> int:
        """The code point offset of the end, exclusive."""
        return self.start + len(self.text)


# The engine rejects blank space between these words and their bracket, though the grammar allows it.
_CLOSE_TO_BRACKET = ("BNODE", "COALESCE", "CONCAT")

BRACKETS = {"{": "}", "(": ")", "[": "]"}
"""The closing bracket for each opening bracket."""

_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{kind.value})" for kind in TokenKind), re.DOTALL)
_DOT_OR_WORD = re.compile(r"\.|[^.]+")
_SKIPPED_KINDS = (TokenKind.SPACE, TokenKind.COMMENT)


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order, without blank space and comments.

    Any text can be tokenized. An unexpected character is a SYMBOL, and an unterminated string is one token that runs
    to the end of the text.
    """
    for match in _TOKEN.finditer(text):
        kind = TokenKind[match.lastgroup or ""]
        if kind is TokenKind.WORD:
            # "true.FILTER" matches as the beginning of a prefixed name; without a colon, it is three tokens.
            for part in _DOT_OR_WORD.finditer(match.group()):
                dot_or_word = TokenKind.SYMBOL if part.group() == "." else TokenKind.WORD
                yield Token(dot_or_word, match.start() + part.start(), part.group())
        elif kind not in _SKIPPED_KINDS:
            yield Token(kind, match.start(), match.group())


def keyword(token: Token) -> str:
    """Return the text of a WORD token in upper case, for comparison with keywords; empty for other kinds of tokens."""
    return token.text.upper() if token.kind is TokenKind.WORD else ""


def may_not_be_separated(token: Token, following: Token) -> bool:
    """Return whether the engine rejects blank space between two tokens, though the grammar allows it."""
    return keyword(token) in _CLOSE_TO_BRACKET and following.text == "("


_ESCAPED_OR_DOT = re.compile(r"\\.|\.")


def escape_dots(name: str) -> str:
    """Return a prefixed name with escaped dots in its local part, and an IRI unchanged.

    The engine reads `a:7.1.1` as the two terms `a:7.1` and `.1`.
    """
    prefix, colon, local = name.partition(":")
    is_iri = name.startswith("<")
    return name if is_iri else prefix + colon + _ESCAPED_OR_DOT.sub(lambda match: rf"\{match[0][-1]}", local)


def closing_bracket(tokens: Sequence[Token], opening: int) -> int | None:
    """Return the index of the bracket that closes the bracket at index `opening`; None if there is none."""
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].kind is TokenKind.SYMBOL:
            depth += (tokens[index].text in BRACKETS) - (tokens[index].text in BRACKETS.values())
            if depth == 0:
                return index
    return None


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")


_DECLARATIONS = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
"""Number of tokens in each kind of declaration, by keyword."""


def prologue_length(tokens: Sequence[Token]) -> int:
    """Return the number of tokens in the prologue (the declarations) of a query or an update."""
    index = 0
    while index < len(tokens) and keyword(tokens[index]) in _DECLARATIONS:
        index += _DECLARATIONS[keyword(tokens[index])]
    return index


def declared_prefix_iris(prologue: Sequence[Token]) -> dict[str, str]:
    """Return the namespace IRIs that a prologue declares, by prefix; without relative IRIs."""
    # The last declaration of a prefix counts. A relative IRI is left out, because its base is not known here.
    last = {
        name.text[:-1]: iri.text[1:-1]
        for name, iri in pairwise(prologue)
        if name.kind is TokenKind.PREFIXED_NAME and iri.kind is TokenKind.IRI
    }
    return {name: iri for name, iri in last.items() if _ABSOLUTE.fullmatch(iri)}


Edit = tuple[int, int, str]
"""A replacement in a text: the code point offsets of its start and end (exclusive), and the new text."""


def apply_edits(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return the text from offset `start` to `end` with these edits, which must not overlap."""
    parts: list[str] = []
    done = start
    for begin, stop, put in sorted(edits):
        parts += (text[done:begin], put)
        done = stop
    return "".join((*parts, text[done:end]))


def syntax_error_at(text: str, offset: int, what: Bilingual) -> QuerySyntaxError:
    """Return the error for a mistake at a code point offset of a query or an update; `what` describes the mistake."""
    at = Place.of(text, offset)
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {what}.",
            f"Línea {at.line}, columna {at.column}: {what.spanish}.",
        ),
        at.line,
        at.column,
    )


LONGEST_QUERY = 262_144
"""Number of characters that a query may have. The tokenizer takes at most 0.25 s for them."""

DEEPEST_NESTING = 100
"""Number of levels to which brackets may nest.

The engine survives twice this depth with a stack of 8 MiB, and a hundred times with the stack of a worker. Nested lists
of this depth take it 0.5 s, and twice as long every ten levels."""

QUERY_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATE_KEYWORDS = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
_NON_DETERMINISTIC = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True)
class Outline:
    """Properties of a query that its tokens show, without a full parse.

    Attributes:
        form: "SELECT", "ASK", "CONSTRUCT" or "DESCRIBE"; None if the query has no form.
        names_dataset: Whether the query has FROM clauses.
        is_deterministic: Whether the same query over the same data has the same answer; not so with NOW() or RAND().
        prefixes: Namespace IRIs that the query declares, by prefix.
    """

    form: str | None
    names_dataset: bool
    is_deterministic: bool
    prefixes: dict[str, str]


def outline_query(text: str, longest: int = LONGEST_QUERY) -> Outline:
    """Check an untrusted query and return its outline.

    Raises QuerySyntaxError if the text is an update, and the errors of `checked_tokens`.
    """
    tokens = checked_tokens(text, longest)
    words = [keyword(token) for token in tokens]
    start = prologue_length(tokens)
    form = words[start] if start < len(tokens) else ""
    if form in _UPDATE_KEYWORDS:
        at = Place.of(text, tokens[start].start)
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
        form=form if form in QUERY_FORMS else None,
        names_dataset="FROM" in words,
        is_deterministic=_NON_DETERMINISTIC.isdisjoint(words),
        prefixes=declared_prefix_iris(tokens[:start]),
    )


def checked_tokens(text: str, longest: int, may_ask_services: bool = False) -> list[Token]:
    """Return the tokens of an untrusted query or update, after checks that keep the engine safe.

    Raises QueryRefusedError if the text is longer than `longest` characters, if brackets nest deeper than
    DEEPEST_NESTING, or if it contains SERVICE and not `may_ask_services`. Raises QuerySyntaxError for a lone surrogate,
    or for a keyword such as FROM that is not separated from the next token, as in `FROMex:graph`.
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
    tokens = list(tokenize(text))
    _check_depth_and_services(text, tokens, may_ask_services)
    _check_adjoining_keywords(text, tokens)
    return tokens


def _check_depth_and_services(text: str, tokens: Sequence[Token], may_ask: bool) -> None:
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.SYMBOL:
            depth = max(depth + sum(map(token.text.count, "([{")) - sum(map(token.text.count, ")]}")), 0)
            if depth > DEEPEST_NESTING:
                at = Place.of(text, token.start)
                raise QueryRefusedError(
                    Bilingual(
                        f"At line {at.line}, column {at.column}, brackets nest deeper than {DEEPEST_NESTING} levels, "
                        "which is the limit.",
                        f"En la línea {at.line}, columna {at.column}, los paréntesis se anidan a más de "
                        f"{DEEPEST_NESTING} niveles, que es lo máximo que se admite.",
                    )
                )
        # The engine also recognises SERVICE within a longer word or name. No other keyword contains it.
        elif not may_ask and ("SERVICE" in keyword(token) or (depth > 0 and _may_be_adjoining_service(tokens, index))):
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


def _may_be_adjoining_service(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the engine may parse a prefixed name as SERVICE and a name: "SERVICEg:x {", "trueSERVICE:x {"."""
    if tokens[index].kind is not TokenKind.PREFIXED_NAME or "SERVICE" not in _prefix(tokens[index]).upper():
        return False
    opens_group = index + 1 < len(tokens) and tokens[index + 1].text == "{"
    return opens_group and keyword(tokens[index - 1]) != "GRAPH"


# No other keyword contains one of these.
_GRAPH_KEYWORDS = ("FROM", "USING", "NAMED", "LOAD", "PREFIX")
# These keywords are followed by a name. Between the two, only the keywords in the value may come.
_KEYWORDS_AFTER: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("FROM", "USING"), ("NAMED",)),
    "LOAD": ("SILENT",),
    **dict.fromkeys(("PREFIX", "NAMED", "SILENT", "GRAPH", "WITH", "COPY", "MOVE", "ADD", "TO"), ()),
}


def _check_adjoining_keywords(text: str, tokens: Sequence[Token]) -> None:
    """Raise QuerySyntaxError if FROM, USING, NAMED, LOAD or PREFIX is not separated from the next word or name.

    The engine would accept `FROMex:graph` as `FROM ex:graph`, so that the graph would escape checks. Prefixed names are
    checked outside of groups only, where such clauses are allowed.
    """
    declared = declared_prefixes(tokens)
    depth = 0
    for index, token in enumerate(tokens):
        run_in: Iterable[str] = ()
        if token.kind is TokenKind.SYMBOL:
            depth += token.text.count("{") - token.text.count("}")
        elif token.kind is TokenKind.WORD:
            run_in = (word for word in _GRAPH_KEYWORDS if word in keyword(token) and word != keyword(token))
        elif token.kind is TokenKind.PREFIXED_NAME and depth <= 0:
            before = keyword(tokens[index - 1]) if index else ""
            run_in = (
                word
                for word, at in _keywords_within(token, declared, _KEYWORDS_AFTER.get(before, _GRAPH_KEYWORDS))
                if at == 0 or before not in _KEYWORDS_AFTER
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


def _keywords_within(token: Token, declared: Collection[str], words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each of these words that the engine may recognise within a prefixed name, and its offset in the name."""
    prefix = _prefix(token)
    for word in words:
        for match in re.finditer(f"(?={word})", prefix, re.IGNORECASE):
            if prefix not in declared or prefix[match.start() + len(word) :] in declared or word == "PREFIX":
                yield word, match.start()


def declared_prefixes(tokens: Sequence[Token]) -> set[str]:
    """Return the prefixes that a query or an update declares, without the colon."""
    return {
        _prefix(name)
        for word, name in pairwise(tokens)
        if keyword(word) == "PREFIX" and name.kind is TokenKind.PREFIXED_NAME
    }


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


# The parser reports the furthest character that it looked at, which may be as far behind the error as its longest
# keyword, ENCODE_FOR_URI, is long. With more blank space than that after every token, the wrong token is the one before
# that character.
_PADDING = " " * 16
_LINE_AND_COLUMN = re.compile(r"\b(\d+):(\d+)\b")
_LONGEST_QUOTED = 40

_KNOWN_MISTAKES = {
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
    engine_message: str,
    parse: Callable[[str], object],
    prefixes: Collection[str] = (),
    known: Mapping[str, str] = MappingProxyType({}),
) -> QuerySyntaxError:
    """Return the error for a text that the engine rejects, with the place and the text of the wrong token.

    Args:
        text: The query or update.
        engine_message: The engine's message about the text.
        parse: A function that has the engine parse a text with the same base and prefixes, and raises SyntaxError.
        prefixes: Prefixes that need not be declared in the text.
        known: Namespace IRIs by prefix, for suggestions if a declaration is missing.
    """
    tokens = list(tokenize(text))
    padded = ""
    starts = []
    for token, following in zip_longest(tokens, tokens[1:]):
        starts.append(len(padded))
        padded += escape_dots(token.text) if token.kind is TokenKind.PREFIXED_NAME else token.text
        padded += "" if following and may_not_be_separated(token, following) else _PADDING
    try:
        parse(padded)
    except SyntaxError as error:
        padded_message = str(error)
    else:
        return syntax_error_at(text, _error_offset(text, engine_message), _known_mistake(engine_message) or _NOT_SPARQL)
    offset = _error_offset(padded, padded_message)
    mistake = _known_mistake(padded_message)
    if offset >= len(padded) and not (tokens and tokens[-1].kind is TokenKind.UNTERMINATED):
        return syntax_error_at(text, len(text.rstrip()), mistake or _ENDS_EARLY)
    token = tokens[bisect_right(starts, offset) - 1]
    if slashed := _name_with_slash(text, token.start, known):
        return slashed
    return syntax_error_at(
        text,
        token.start,
        mistake or _unexpected_token(token, declared_prefixes(tokens).union(prefixes), known),
    )


_NAME_WITH_SLASH = re.compile(r"(?<![\w<:/])([A-Za-z][\w-]*):([\w.-]*\w(?:/[\w.-]*\w)+)(?![\w:])")
_DECLARATION = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>\s]*)>", re.IGNORECASE)


def _name_with_slash(text: str, offset: int, known: Mapping[str, str]) -> QuerySyntaxError | None:
    """Return the error for a prefixed name with a slash, such as id:plan/crm, at the wrong token or just before it."""
    spaces = {**known, **dict(_DECLARATION.findall(text))}
    for name in _NAME_WITH_SLASH.finditer(text):
        # In a namespace of terms, which ends in "#", a slash is a path.
        if name.start() <= offset <= name.end() + 2 and spaces.get(name[1], "#")[-1:] != "#":
            whole = f"<{spaces[name[1]]}{name[2]}>"
            return syntax_error_at(
                text,
                name.start(),
                Bilingual(
                    f"a name after a prefix cannot contain a slash: write {whole} in place of {name[0]}",
                    f"un nombre tras un prefijo no puede contener una barra: escriba {whole} en lugar de {name[0]}",
                ),
            )
    return None


def _error_offset(text: str, engine_message: str) -> int:
    match = _LINE_AND_COLUMN.search(engine_message)
    if not match:
        return 0
    line, column = map(int, match.groups())
    return min(sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1, len(text))


def _known_mistake(engine_message: str) -> Bilingual | None:
    return next((mistake for part, mistake in _KNOWN_MISTAKES.items() if part in engine_message), None)


def _unexpected_token(token: Token, declared: Collection[str], known: Mapping[str, str]) -> Bilingual:
    prefix = token.text.partition(":")[0]
    if token.kind is TokenKind.PREFIXED_NAME and prefix not in declared:
        declaration = f"PREFIX {prefix}: <{known.get(prefix, '…')}>"
        return Bilingual(
            f"the prefix {prefix}: is not declared; put {declaration} before",
            f"el prefijo {prefix}: no está declarado; ponga antes {declaration}",
        )
    shown = token.text if len(token.text) <= _LONGEST_QUOTED else token.text[: _LONGEST_QUOTED - 1] + "…"
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in shown)
    return Bilingual(f"{shown} is not expected here", f"aquí no se espera {shown}")
