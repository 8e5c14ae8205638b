"""A small store on disk, with an example of everything that an answer can contain."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from crmgraph.store.dataset import write_union

EX = "http://example.org/"
GRAPHS = {f"{EX}a": 4, f"{EX}b": 3, f"{EX}many": 400}

_DATA = """
@prefix : <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a { :ana :knows :bob ; :name "Ana"@es , "Ann"@en ; :age 42 . }
:b { :bob :knows :eve ; :name "Bob, \\"Bobby\\"\\nJr" . :ana :name "Ana"@es . }
"""


def build_store(folder: Path) -> Path:
    """Write the store into `folder`. Its graphs :a and :b share one triple, and :many has 400."""
    store = Store(folder)
    store.load(_DATA.encode(), format=RdfFormat.TRIG)
    many, value = NamedNode(f"{EX}many"), NamedNode(f"{EX}value")
    store.extend(Quad(NamedNode(f"{EX}n{n}"), value, Literal(str(n)), many) for n in range(400))
    store.optimize()
    store.flush()
    del store
    write_union(folder)
    return folder
