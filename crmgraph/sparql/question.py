"""What goes into the pool and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmgraph.sparql.spool import Spool
from crmgraph.sparql.validation import LONGEST as LONGEST_QUERY
from crmgraph.wording import Bilingual

__all__ = ["LARGEST", "LARGEST_IN_PARTS", "NOT_THERE", "PART", "WHOLE", "Answer", "Question", "Snapshot"]

LARGEST = 128 * 2**20
"""How many bytes an answer that is held as a whole may have, unless something else is said."""

LARGEST_IN_PARTS = 2**30
"""How many bytes an answer may have that is sent part by part, unless something else is said."""

WHOLE = 2**20
"""How many bytes an answer has at least that is sent part by part, where that is wanted."""

PART = 256 * 1024
"""How many bytes the parts have after the first."""

NOT_THERE = Bilingual(
    "The dataset is not there; build it again.", "El conjunto de datos no está; vuelva a construirlo."
)
"""What to say where the files that answers come from are gone. Where they were is nobody's business."""


@dataclass(frozen=True)
class Question:
    """A SPARQL 1.1 query and what its answer should look like.

    `default_graphs` and `named_graphs` are graph IRIs given beside the query (SPARQL 1.1 Protocol, 2.1.4); None means
    that they are not given, and as soon as one of them is given both override FROM and FROM NAMED. `result_type` is
    the media type wanted if the query turns out to be SELECT or ASK, `graph_type` if it is CONSTRUCT or DESCRIBE; None
    means that no syntax would do. `prefixes` are used where a syntax can abbreviate, and proposed where the query lacks
    one of them. Relative IRIs in the query are relative to `base_iri`, and an error without one. Where no dataset is
    given, the default graph is the union of all graphs, or only that without a name unless the question `joins_graphs`.
    The query may have `longest` characters.
    `client` is who asks, and has nothing to do with the answer; nobody where it is this program itself.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    result_type: str | None = "application/sparql-results+json"
    graph_type: str | None = "text/turtle"
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base_iri: str | None = None
    joins_graphs: bool = True
    longest: int = LONGEST_QUERY
    client: str = field(default="", compare=False)


@dataclass(frozen=True)
class Snapshot:
    """A copy that answered in the place of an endpoint, of what that had when it was `taken` (UTC, XML Schema).

    `is_whole` where it was all that the endpoint had.
    """

    endpoint: str
    taken: str
    is_whole: bool


@dataclass(frozen=True)
class Answer:
    """An answer: its bytes, their media type, and the form of the query ("SELECT", "ASK", …).

    `lasting` is False where the same question on the same data may have another answer, as with NOW() or RAND(). Where
    there is a `rest`, the bytes are the first part only, and whoever has the answer closes it. `snapshots` answered in
    the place of endpoints that did not.
    """

    body: bytes
    media_type: str
    form: str
    lasting: bool = True
    rest: Spool | None = None
    snapshots: tuple[Snapshot, ...] = ()
