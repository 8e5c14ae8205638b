"""What is to be changed in a store, and what came of it."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["DEFAULT_GRAPH", "Change", "Changed", "Condition", "Kind", "Outcome"]

Kind = Literal["update", "put", "post", "delete"]

Condition = Literal["is_new", "is_there"]
"""What a graph must be, or nothing is done."""

DEFAULT_GRAPH = "default"
"""How the graph without a name is called."""


@dataclass(frozen=True)
class Change:
    """A SPARQL 1.1 Update (`update`), or an operation of the Graph Store Protocol on one graph.

    `parts` are the text of the update, or the RDF of the graph in the syntaxes of `media_types`: one for each part of a
    body in several. `graph` is the IRI of the graph or DEFAULT_GRAPH; None for an update. Relative IRIs are relative to
    `base_iri`. With a `condition` nothing is done where the graph is otherwise. `using` and `using_named` are graph
    IRIs given beside the update (SPARQL 1.1 Protocol, 2.2.3).

    Where each LOAD of an update has been fetched, its document is a part too, and `loaded` has the address that it came
    from; nothing where none came, of which a SILENT one is not told.
    """

    kind: Kind
    parts: tuple[bytes, ...] = ()
    media_types: tuple[str, ...] = ()
    graph: str | None = None
    base_iri: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    condition: Condition | None = None
    loaded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a change in the copy: whether the graph was there before, and for each LOAD whether it was done."""

    existed: bool = True
    loaded: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Changed:
    """What came of it: whether the graph was there before, and the number of the generation that holds it."""

    existed: bool = True
    generation: int = 0
