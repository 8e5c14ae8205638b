"""The style sheets and scripts of the site, which the build of the package makes."""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crmgraph.errors import UsageError
from crmgraph.http.caching import FRESH
from crmgraph.http.languages import (
    LANGUAGES,
    format_day,
    format_days,
    format_duration,
    format_number,
    translations,
)
from crmgraph.site.base.citation import cited
from crmgraph.site.base.labels import PROPERTY_NAMES, QUESTION_GROUPS, SEVERITIES, outline_of
from crmgraph.site.base.links import language_of, links_of, origin_of, path_of, section_of
from crmgraph.site.base.representations import GRAPHS, JSON
from crmgraph.site.base.site import Site, in_language
from crmgraph.sparql import Format
from crmgraph.sparql.states import name_of

__all__ = [
    "STATIC",
    "Assets",
    "Inlined",
    "StreamedPage",
    "check_assets",
    "fingerprint",
    "inlined",
    "offers",
    "render",
    "when_written",
    "written",
]

STATIC = Path(__file__).parents[1] / "static"
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


_CONTENT = "<main"
_FIRST_SCREENS = 30_000
"""How many characters of the content are sent before the rest: enough for a screen or two, and so few that they go,
with what stands above them, without waiting for whoever reads (below asyncio's 64 KiB)."""


class StreamedPage(StreamingResponse):
    """A page, from its `pieces`. What stands above its content is written at once, and may raise what that raises.

    `take` is given all of it, as bytes, when nothing is missing. Where the rest raises, `excuse` is sent after what
    there is, and the transfer is broken off.
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


def when_written(page: Response, take: Callable[[bytes], None]) -> None:
    """Give `take` all of a page, as bytes: at once where it is written, else when it is, if nothing is missing then."""
    if isinstance(page, StreamedPage):
        page.take = take
    else:
        take(bytes(page.body))


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces put together: all that stands above the content, the first screens of that, and all the rest."""
    left = iter(pieces)
    above = StringIO()
    for piece in left:
        above.write(piece)
        if _CONTENT in piece:
            break
    yield above.getvalue()
    screens = StringIO()
    for piece in left:
        screens.write(piece)
        if screens.tell() >= _FIRST_SCREENS:
            break
    if screens.tell():
        yield screens.getvalue()
    if rest := "".join(left):
        yield rest


_FIRST_SHEET = "site.css"
_TEMPLATES = Path(__file__).parents[1] / "templates"
_POLICY = (
    "default-src 'self'; style-src 'self' {sheets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The editor writes a style sheet of its own, and browsers give typed text the style attribute of what it replaces.
_EDITOR_SHEETS = "{sheet} 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
# Whose Spanish and whose English it is, as Open Graph wants it said.
_LOCALES = {"es": "es_MX", "en": "en_GB"}


def offers(
    request: Request,
    site: Site,
    path: str,
    forms: Sequence[Format] = GRAPHS,
    query: str = "",
    also: Sequence[Format] = (*GRAPHS, JSON),
) -> dict[str, object]:
    """The addresses of the data behind a page: in some `forms` as links to show, in these and `also` others for the
    head of the page."""
    links = links_of(request, site)
    listed = [(form, links.data(f"{path}.{form.extension}{query}")) for form in dict.fromkeys((*forms, *also))]
    return {
        "offers": [(form.label, address) for form, address in listed if form in forms],
        "data_formats": [(form.label, address, form.media_type) for form, address in listed],
    }


def render(
    request: Request,
    site: Site,
    template: str,
    status: int = 200,
    context: Mapping[str, object] | None = None,
    editor: bool = False,
    has_data: bool = True,
) -> Response:
    """A page: the template in the language of the request, with `context`, and the headers that every page has.

    Where it `has_data`, its head leads to them by the suffixes of its address. A page with an `editor` lets it write a
    style sheet, with the word that the template has as `nonce`.
    """
    language = language_of(request)
    links = links_of(request, site)
    path = path_of(request)
    asked_for = f"?{request.url.query}" if request.url.query else ""
    nonce = secrets.token_urlsafe(16) if editor else ""
    sheet = inlined(_FIRST_SHEET)
    pieces = (
        _environment(language)
        .get_template(template)
        .generate(
            {
                "language": language,
                "languages": LANGUAGES,
                "locales": _LOCALES,
                "links": links,
                "absolute": lambda address: origin_of(request) + address,
                "href": lambda target: links.page(language, target),
                "first_sheet": sheet.text,
                "asset": lambda name: links.data(f"/static/{name}?v={fingerprint(name)}"),
                "tongue_of": site.language_of,
                "source_path": lambda iri: iri.removeprefix(site.names.id()),
                "path": path,
                "query": asked_for,
                "query_in": lambda code: asked_for if code == language else _without_language(asked_for),
                "section": section_of(path),
                **({"nonce": nonce} if editor else {}),
                "dataset": name_of(site.state),
                "citation": lambda address, title: cited(site, address, title, language),
                "is_as_built": site.is_as_built,
                "built_as": site.origin,
                "contact": site.contact,
                **(offers(request, site, "/index" if path == "/" else path, (), asked_for) if has_data else {}),
                **(context or {}),
            }
        )
    )
    sheets = _EDITOR_SHEETS.format(sheet=sheet.source, nonce=nonce) if editor else sheet.source
    headers = {
        **FRESH,
        "Content-Language": language,
        "Content-Security-Policy": _POLICY.format(sheets=sheets),
        "Referrer-Policy": "same-origin",
        "Vary": "Accept, Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    # Where nothing is kept, a page that is written may still have to ask for something.
    if site.may_keep and request.scope["http_version"] != "1.0":  # which has no way to say that a page broke off
        return StreamedPage(pieces, partial(written, language, "broken-off.html", {}), status, headers)
    return HTMLResponse("".join(pieces), status, headers)


def _without_language(query: str) -> str:
    """The query string without `lang`, so that the page at it speaks its own language in its answer too."""
    kept = [part for part in query.removeprefix("?").split("&") if part and part.partition("=")[0] != "lang"]
    return "?" + "&".join(kept) if kept else ""


def written(language: str, template: str, context: Mapping[str, object]) -> str:
    """What a template that is no page writes in a language, with nothing but `context`."""
    return _environment(language).get_template(template).render({"language": language, **context})


def read_templates() -> None:
    """Read all templates, in about a second, so that no visitor waits for one."""
    for environment in map(_environment, LANGUAGES):
        for name in environment.list_templates():
            environment.get_template(name)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    messages = translations(language)
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        in_language=in_language,
        number=lambda value: format_number(value, language),
        duration=lambda value: format_duration(value, language),
        day=lambda value: format_day(value, language),
        days=lambda first, last: format_days(first, last, language),
        common_label=lambda iri: messages.gettext(PROPERTY_NAMES.get(iri, "")),
        severity_label=lambda name: messages.gettext(SEVERITIES[name]) if name in SEVERITIES else name,
        outline_of=outline_of,
        group_label=lambda name: messages.gettext(QUESTION_GROUPS[name]) if name in QUESTION_GROUPS else name,
    )
    return environment
