"""The ontology and the shapes as tools read them: their files, in the syntax that is asked for."""

import re
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.resources import resource
from crmgraph.site.base.representations import written as written_in
from crmgraph.sparql import Format

__all__ = ["SHAPES", "kept_version", "present_version", "written", "written_shapes"]

SHAPES = f"{ONTOLOGY}/shapes"
"""The IRI of the shapes as a whole."""

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
    return _in_syntax(file.read_bytes(), form)


def written_shapes(form: Format) -> bytes:
    """All the shapes, each of which is a check, in one of the formats for graphs; in Turtle as they were written."""
    files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
    return _in_syntax(b"\n".join(file.read_bytes() for file in files), form)


def _in_syntax(content: bytes, form: Format) -> bytes:
    if form.short == "ttl":
        return content
    return written_in((quad.triple for quad in parse(content, RdfFormat.TURTLE)), form, PREFIXES)
