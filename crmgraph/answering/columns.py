"""The columns of SELECT *, in the order in which the query first names them: the engine has them by the alphabet."""

from pyoxigraph import QuerySolutions, Store

from crmgraph.answering.tokens import Kind, Token, tokens

__all__ = ["with_columns_named"]


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
