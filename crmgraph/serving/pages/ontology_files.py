"""The ontology as OWL tools read it: the files of its versions, in the syntax that is asked for."""

import re
from pathlib import Path

from pyoxigraph import RdfFormat, parse, serialize

from crmgraph.answering import Format
from crmgraph.namespaces import PREFIXES
from crmgraph.resources import resource

__all__ = ["kept_version", "present_version", "written"]

_NUMBER = re.compile(r"\d+(\.\d+)+")


def present_version() -> Path:
    """The file of the ontology as it is."""
    return resource("ontology") / "crmgraph.ttl"


def kept_version(number: str) -> Path | None:
    """The file of an older version, such as 0.1.0; None where none of that number was kept."""
    kept = resource("ontology") / "versions" / f"{number}.ttl"
    return kept if _NUMBER.fullmatch(number) and kept.is_file() else None


def written(file: Path, form: Format) -> bytes:
    """The ontology in `file` in one of the formats for graphs; in Turtle as it was written, with its comments."""
    content = file.read_bytes()
    syntax = RdfFormat.from_extension(form.extension)
    if syntax == RdfFormat.TURTLE:
        return content
    assert syntax is not None
    triples = (quad.triple for quad in parse(content, RdfFormat.TURTLE))
    return serialize(triples, format=syntax, prefixes=dict(PREFIXES)) or b""
