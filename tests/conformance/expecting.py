"""Which tests of the SPARQL 1.1 suites are expected to fail: why, and whose the difference is."""

from dataclasses import dataclass
from typing import Literal

from crmgraph.errors import Bilingual


@dataclass(frozen=True)
class Reason:
    """Why a test fails, and whose that is: the engine's, ours, or the test's own."""

    whose: Literal["engine", "ours", "test"]
    why: Bilingual


_NODES = Reason(
    "engine",
    Bilingual(
        "BNODE of a text names a blank node by that text, the same one in every row; the standard wants one a row",
        "BNODE de un texto nombra con él un nodo en blanco, el mismo en cada fila; el estándar pide uno por fila",
    ),
)
_LENGTH_ZERO = Reason(
    "engine",
    Bilingual(
        "a path of length zero is not found from or to a term that stands in no statement of the graph",
        "no halla un camino de longitud cero desde o hasta un término que no está en ninguna sentencia del grafo",
    ),
)
_SPELLING = Reason(
    "engine",
    Bilingual(
        "the store keeps the value of a number and not its spelling, so 1.0E6 is told as 1000000",
        "el almacén guarda el valor de un número y no cómo está escrito, así que de 1.0E6 dice 1000000",
    ),
)
_SUBTYPE = Reason(
    "engine",
    Bilingual(
        "the store keeps a negativeInteger as the integer that it is, and nothing tells afterwards what it was called",
        "el almacén guarda un negativeInteger como el integer que es, y nada dice después cómo se llamaba",
    ),
)

KNOWN_FAILURES = {
    "functions/bnode01": _NODES,
    "property-path/zero_or_more_set_start": _LENGTH_ZERO,
    "property-path/zero_or_more_set_end": _LENGTH_ZERO,
    "property-path/zero_or_one_set_start": _LENGTH_ZERO,
    "property-path/zero_or_one_set_end": _LENGTH_ZERO,
    "csv-tsv-res/csv03": _SPELLING,
    "csv-tsv-res/tsv03": _SUBTYPE,
}
"""Each by folder and name; any other test passes."""
