"""What some engines read into a query beyond SPARQL: it is not sent to any."""

import re

from crmgraph.errors import Place, QueryRefusedError
from crmgraph.sparql.tokens import Kind, tokens
from crmgraph.wording import Bilingual

__all__ = ["refuse_extensions"]

# Virtuoso's own functions and predicates, which reach its database, by their short and their long name. An escape could
# hide the name, and nobody needs one in an IRI's first characters.
_THEIRS = re.compile(r"<(?:bif|sql|sqlbif|http://www\.openlinksw\.com/?)|<[^>/]*\\", re.IGNORECASE)


def refuse_extensions(text: str) -> None:
    """Raises QueryRefusedError where the query names what is an engine's own."""
    for token in tokens(text):
        if token.kind is Kind.IRI and _THEIRS.match(token.text):
            at = Place.of(text, token.start)
            raise QueryRefusedError(
                Bilingual(
                    f"{token.text} (line {at.line}, column {at.column}) belongs to an engine and not to SPARQL, so it "
                    "is not sent to the one that holds the data.",
                    f"{token.text} (línea {at.line}, columna {at.column}) es propio de un motor y no de SPARQL, así "
                    "que no se envía al que guarda los datos.",
                )
            )
