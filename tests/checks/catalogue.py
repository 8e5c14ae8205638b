"""The documentation page of the catalogue of checks: `python -m tests.checks.catalogue` writes docs/checks.md."""

from collections import Counter
from pathlib import Path

from jinja2 import Environment
from rdflib import Graph

from crmgraph.checks.reports import LEVELS, ONE_SEVERITY
from crmgraph.checks.shacl import read_shapes
from crmgraph.describing.vocabulary import CG
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY
from tests.support.phrases import rows_of

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
_SHAPES = resource("ontology") / "shapes"
_TEMPLATE = Path(__file__).with_name("catalogue.md.jinja")


def places() -> dict[str, tuple[str, str]]:
    """The file name and the local name of the shape of each check, by code."""
    found = {}
    for file in sorted(_SHAPES.glob("*.ttl")):
        for shape, code in Graph().parse(file, format="turtle").subject_objects(CG.code):
            found[str(code)] = file.name, str(shape).removeprefix(f"{ONTOLOGY}/shapes#")
    return found


def page() -> str:
    environment = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        checks=read_shapes(_SHAPES).catalogue,
        counts=Counter(code for code, *_ in rows_of("crm", "checks")),
        explained=Counter((code, cause) for code, *_, cause in rows_of("crm", "checks") if cause),
        levels=LEVELS,
        words=ONE_SEVERITY,
        places=places(),
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
