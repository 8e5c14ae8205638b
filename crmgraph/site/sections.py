"""Which entry of the main menu a page stands under."""

__all__ = ["section_of"]

_DIRECTORY = "/actors"
_UNDER = {
    "/plan/crm": "/plan",
    "/plan/": "/crosswalk",
    "/versions/": "/crosswalk",
    "/passages": "/id/source/crm",
    "/ontology/shapes": "/findings",
    "/id/plan/crm": "/plan",
    "/id/plan/": "/crosswalk",
    "/id/source/crm": "/id/source/crm",
    "/id/finding/": "/findings",
    **dict.fromkeys(("/id/process/", "/id/membership/", "/id/presidency/"), "/processes"),
    **dict.fromkeys(("/networks", "/instruments", "/meetings", "/states", "/topics", "/population-groups"), _DIRECTORY),
    **dict.fromkeys(("/id/actor/", "/id/country/", "/id/network/", "/id/instrument/", "/id/meeting/"), _DIRECTORY),
}
"""The beginnings of paths, those that are longer first, and the entries of the menu by their paths."""


def section_of(path: str) -> str:
    """The path of the entry; for most pages the first part of their own, which may be none."""
    return next((section for begin, section in _UNDER.items() if path.startswith(begin)), "/" + path.split("/")[1])
