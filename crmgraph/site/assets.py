"""The style sheets and scripts of the site, which the build of the package makes."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crmgraph.errors import UsageError

__all__ = ["STATIC", "Assets", "Inlined", "check_assets", "fingerprint", "inlined"]

STATIC = Path(__file__).parent / "static"
_NAMES = (
    "site.css",
    "page.css",
    "noscript.css",
    "site.js",
    "workbench.js",
    "picture.css",
    "pictures.js",
    "icon.svg",
)


def check_assets(folder: Path | None = None) -> None:
    """Raise UsageError where an asset that the pages need is not in the folder; in ours, if no other is named."""
    missing = [name for name in _NAMES if not ((folder or STATIC) / name).is_file()]
    if missing:
        raise UsageError(f"the site's {', '.join(missing)} are not built; install the package again to build them")


@cache
def fingerprint(name: str) -> str:
    """What changes in the address of an asset when its bytes do, so that browsers may keep it; `0` where it is none."""
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


@dataclass(frozen=True)
class Inlined:
    """A style sheet that stands in the pages: its text, and what a policy that lets it apply calls it."""

    text: Markup
    source: str


@cache
def inlined(name: str) -> Inlined:
    """The style sheet with this name, as it stands in pages (Content Security Policy Level 3, section 2.3.1)."""
    text = (STATIC / name).read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Inlined(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - our own sheet, as the build made it


class Assets(StaticFiles):
    """The assets as they are served: one that is asked for by its fingerprint, as `?v=`, never changes."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with this path, or HTTPException 404."""
        response = await super().get_response(path, scope)
        if parse_qs(scope["query_string"].decode("latin-1")).get("v") == [fingerprint(path)]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
