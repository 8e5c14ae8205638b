"""RDF that somebody sent, read into the statements of one graph."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from crmgraph.errors import DataError
from crmgraph.sparql.formats import GRAPH_FORMATS, by_media_type
from crmgraph.sparql.results import RDF_SYNTAXES
from crmgraph.texts import declares_entities, in_double_quotes
from crmgraph.wording import Bilingual

__all__ = ["read_rdf", "said_of"]

_LONGEST = 200
"""Characters of the engine's words that are passed on: it quotes what it does not understand, of any length."""

_ENTITIES = Bilingual(
    "RDF/XML with entities other than beginnings of IRIs is not accepted. Write what they stand for.",
    "No se acepta RDF/XML con entidades que no sean comienzos de IRI. Escriba lo que representan.",
)


def read_rdf(body: bytes, media_type: str, base_iri: str | None, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """Yield the statements in a body, all of them in one graph; its blank nodes are none that there were before.

    Raises DataError, with line and column where the engine tells them, for what is not in this syntax, for statements
    in named graphs, and for XML that declares entities other than the beginnings of IRIs.
    """
    known = by_media_type(media_type)
    if known is None or known.short not in RDF_SYNTAXES:
        offered = ", ".join(each.media_type for each in GRAPH_FORMATS)
        raise DataError(
            Bilingual(
                f"RDF is accepted as {offered}, not as {media_type or 'a body without a type'}.",
                f"Se acepta RDF como {offered}, no como {media_type or 'un cuerpo sin tipo'}.",
            )
        )
    text = body.removeprefix(BOM_UTF8)
    if known.short == "rdf":
        if declares_entities(body):
            raise DataError(_ENTITIES)
        text = in_double_quotes(text)
    try:
        for quad in parse(
            text, RDF_SYNTAXES[known.short], base_iri=base_iri, without_named_graphs=True, rename_blank_nodes=True
        ):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise DataError(_explained(known.label, said_of(error)), error.lineno, error.offset) from None


def _explained(label: str, said: str) -> Bilingual:
    if said.startswith("Named graphs are not allowed"):
        return Bilingual(
            f"The {label} names graphs of its own, and all goes into one graph here. Send it without their names.",
            f"El {label} nombra grafos propios, y aquí todo va a un solo grafo. Envíelo sin sus nombres.",
        )
    if "LoadDocumentCallback" in said:
        return Bilingual(
            f"The {label} names a context that stands elsewhere, and nothing is fetched. Write the context into it.",
            f"El {label} nombra un contexto que está en otra parte, y no se trae nada. Escriba el contexto en él.",
        )
    return Bilingual(f"This is not {label}: {said}.", f"Esto no es {label}: {said}.")


def said_of(error: SyntaxError) -> str:
    """Return what the engine says is wrong, in a few words, without the place, which the error has besides."""
    said = re.sub("^Parser error .*?: ", "", error.msg)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
