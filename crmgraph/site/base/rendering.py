"""Rendering of templates as pages, sent while they are written, with the assets and security headers that all have."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crmgraph.http.languages import (
    LANGUAGES,
    format_day,
    format_days,
    format_duration,
    format_number,
    translations,
)
from crmgraph.resources import STATIC
from crmgraph.site.base.labels import PROPERTY_NAMES, QUESTION_GROUPS, SEVERITIES, outline_of
from crmgraph.site.base.site import in_language

__all__ = [
    "STATIC",
    "Assets",
    "StreamedPage",
    "fingerprint",
    "inline_sheet",
    "read_templates",
    "render_fragment",
    "render_pieces",
    "when_complete",
]

_SITE = Path(__file__).parents[1]
_CONTENT = "<main"
_FIRST_SCREENS = 30_000
"""The characters of the content that are sent before the rest: enough for a screen or two, and few enough to go, with
what stands above them, without waiting for the reader (below asyncio's 64 KiB)."""


@cache
def fingerprint(name: str) -> str:
    """Return the digest of an asset, for its address to change with its bytes; `0` where there is no such asset."""
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


@cache
def inline_sheet(name: str) -> tuple[Markup, str]:
    """Return a style sheet as it stands in pages, and its source in a policy that lets it apply.

    Source: Content Security Policy Level 3, section 2.3.1.
    """
    text = (STATIC / name).read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - our own sheet, as the build made it


class Assets(StaticFiles):
    """Serves the assets; one that is asked for by its fingerprint, as `?v=`, never changes."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with this path, or raise HTTPException 404."""
        response = await super().get_response(path, scope)
        if parse_qs(scope["query_string"].decode("latin-1")).get("v") == [fingerprint(path)]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class StreamedPage(StreamingResponse):
    """A page in `pieces`, sent while it is written. What stands above its content is written before it is sent.

    `take` is given the whole page, as bytes, when nothing is missing. Where the content raises, `excuse` is sent after
    what there is, and the transfer is broken off.
    """

    media_type = "text/html"

    def __init__(
        self, pieces: Iterable[str], excuse: Callable[[], str], status: int, headers: Mapping[str, str]
    ) -> None:
        self.take: Callable[[bytes], None] | None = None
        self._excuse = excuse
        parts = _parts(pieces)
        super().__init__(self._sent(next(parts), parts), status, headers)

    def _sent(self, first: str, rest: Iterator[str]) -> Iterator[bytes]:
        written = [first.encode()]
        yield written[0]
        try:
            for part in rest:
                written.append(part.encode())
                yield written[-1]
        except Exception:
            yield self._excuse().encode()
            raise
        if self.take is not None:
            self.take(b"".join(written))


def when_complete(page: Response, take: Callable[[bytes], None]) -> None:
    """Give `take` the whole page, as bytes: at once where it is written, else when it is, if nothing is missing."""
    if isinstance(page, StreamedPage):
        page.take = take
    else:
        take(bytes(page.body))


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces in three parts: what stands above the content, the first screens of it, and the rest."""
    left = iter(pieces)
    part = StringIO()
    for piece in left:
        part.write(piece)
        if _CONTENT in piece:
            break
    yield part.getvalue()
    part = StringIO()
    for piece in left:
        part.write(piece)
        if part.tell() >= _FIRST_SCREENS:
            break
    yield from filter(None, (part.getvalue(), "".join(left)))


def render_pieces(language: str, template: str, context: Mapping[str, object]) -> Iterable[str]:
    """Return what a template writes in a language, piece by piece."""
    return _environment(language).get_template(template).generate(context)


def render_fragment(language: str, template: str, context: Mapping[str, object]) -> str:
    """Return what a template that is no whole page writes in a language, with nothing but its context."""
    return _environment(language).get_template(template).render({"language": language, **context})


def read_templates() -> None:
    """Read all templates, in about a second, so that no visitor waits for one."""
    for environment in map(_environment, LANGUAGES):
        for name in environment.list_templates():
            environment.get_template(name)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_SITE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    messages = translations(language)
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]

    def label_in(labels: Mapping[str, str]) -> Callable[[str], str]:
        return lambda name: messages.gettext(labels[name]) if name in labels else name

    environment.globals.update(
        in_language=in_language,
        number=lambda value: format_number(value, language),
        duration=lambda value: format_duration(value, language),
        day=lambda value: format_day(value, language),
        days=lambda first, last: format_days(first, last, language),
        common_label=lambda iri: messages.gettext(PROPERTY_NAMES.get(iri, "")),
        severity_label=label_in(SEVERITIES),
        outline_of=outline_of,
        group_label=label_in(QUESTION_GROUPS),
    )
    return environment
