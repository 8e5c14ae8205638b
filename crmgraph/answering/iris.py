"""The IRIs that the names in a query or an update stand for."""

from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode, QuerySolutions, Store

__all__ = ["iris_written"]


def iris_written(
    names: Sequence[str], prologue: str, base_iri: str | None, prefixes: Mapping[str, str] | None = None
) -> list[NamedNode] | None:
    """What names in a query or an update that is sent to `base_iri` stand for behind this prologue.

    The engine itself says it, so bases, prefixes and escapes are read as in the query. `prefixes` are declared before
    the prologue. None where one of the names is no IRI, or the prologue none.
    """
    columns = " ".join(f"({name} AS ?iri{number})" for number, name in enumerate(names))
    try:
        solutions = Store().query(f"{prologue} SELECT {columns} {{}}", base_iri=base_iri, prefixes=dict(prefixes or {}))
    except SyntaxError:
        return None
    assert isinstance(solutions, QuerySolutions)
    iris = [iri for iri in next(solutions) if isinstance(iri, NamedNode)]
    return iris if len(iris) == len(names) else None
