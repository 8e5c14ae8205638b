"""What the reconciliation service says of itself: its addresses, what its things are, and how data are asked for."""

from typing import Any

from crmgraph import __version__
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reconciliation.things import Things

__all__ = ["PREVIEW", "manifest"]

PREVIEW = (480, 320)
"""How wide and high a preview is, in pixels."""

_NAMES = {
    "es": "crmgraph: la migración en los procesos consultivos regionales",
    "en": "crmgraph: migration in regional consultative processes",
}
_DEFAULT = ("Agent", "State", "Organisation", "ConsultativeProcess", "Instrument", "PlanElement")
_SETTINGS = {
    "es": ("Cuántos valores (0: todos)", "Valores como", "nombre", "IRI"),
    "en": ("How many values (0: all)", "Values as", "name", "IRI"),
}


def manifest(names: Names, things: Things, address: str, language: str) -> dict[str, Any]:
    """The manifest of the service at this address in this language (specification, section 3.1)."""
    limit, content, name, iri = _SETTINGS[language]
    width, height = PREVIEW
    kinds = [PREFIXES["cg"] + each for each in _DEFAULT] + [f"{ONTOLOGY}/topic"]
    suggest = {
        each: {"service_url": address, "service_path": f"/suggest/{each}"} for each in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": _NAMES[language],
        "identifierSpace": names.base,
        "schemaSpace": PREFIXES["cg"],
        "serviceVersion": __version__,
        "defaultTypes": [{"id": kind, "name": things.label(kind, language)} for kind in kinds if kind in things.kinds],
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [
                {"name": "limit", "label": limit, "type": "number", "default": 0},
                {
                    "name": "content",
                    "label": content,
                    "type": "select",
                    "default": "name",
                    "choices": [{"value": "name", "name": name}, {"value": "id", "name": iri}],
                },
            ],
        },
    }
