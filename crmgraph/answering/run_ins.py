"""Keywords that run into the token beside them.

The engine takes a keyword wherever its letters stand: "FROMNAMED<…>" and "USINGg:x" are FROM NAMED and USING to it,
where the grammar (SPARQL 1.1 Query Language, section 19.8) sees one word, or one prefixed name. Whoever looks at the
tokens would not see what the engine does, so what the two may read differently is refused.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.wording import Bilingual

__all__ = ["check_run_ins", "is_service_run_in"]

# No other keyword holds one of these.
_WORDS = ("FROM", "USING", "NAMED", "LOAD", "PREFIX")
# Behind these stands a name, which the engine takes as it is; it may find only what may stand between.
_BETWEEN: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("FROM", "USING"), ("NAMED",)),
    "LOAD": ("SILENT",),
    **dict.fromkeys(("PREFIX", "NAMED", "SILENT", "GRAPH", "WITH", "COPY", "MOVE", "ADD", "TO"), ()),
}


def check_run_ins(text: str, found: Sequence[Token]) -> None:
    """Raises QuerySyntaxError where a keyword that names graphs or a prefix runs into a word or a name.

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
                    raise _run_in(word, Place.of(text, token.start))
        elif token.kind is Kind.NAME and depth <= 0:
            before = keyword(found[index - 1]) if index else ""
            for word, starts in _words_run_into(token, declared, _BETWEEN.get(before, _WORDS)):
                if starts or before not in _BETWEEN:
                    raise _run_in(word, Place.of(text, token.start))


def is_service_run_in(found: Sequence[Token], index: int) -> bool:
    """Whether the engine may read the name there as SERVICE and a name, as in "SERVICEg:x {" or "trueSERVICE:x {"."""
    opens_group = index + 1 < len(found) and found[index + 1].text == "{"
    return opens_group and keyword(found[index - 1]) != "GRAPH" and "SERVICE" in _prefix(found[index]).upper()


def _words_run_into(token: Token, declared: Collection[str], words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Those of the words that the engine may find in a prefixed name, and whether the name starts so."""
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


def _run_in(word: str, at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {word} runs into the word or name beside it. Write it with spaces "
            "around it; a prefix that holds this word cannot be used here.",
            f"Línea {at.line}, columna {at.column}: {word} está pegado a la palabra o al nombre de al lado. Escríbalo "
            "entre espacios; un prefijo que contiene esta palabra no se puede usar aquí.",
        ),
        at.line,
        at.column,
    )
