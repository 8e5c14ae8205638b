"""The translations of the site, for tests that look for what has none."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from crmgraph import site

__all__ = ["ATTRIBUTES_READ", "SITE", "messages"]

SITE = Path(site.__file__).parent
ATTRIBUTES_READ = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-heading"}
"""The attributes whose values people read."""


@cache
def messages() -> dict[str, str]:
    """Return the texts in English that are another in Spanish."""
    with (SITE / "locales" / "es" / "LC_MESSAGES" / "crmgraph.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    return {
        message.id: str(message.string)
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.string != message.id
    }
