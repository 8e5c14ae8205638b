"""Rendering of templates, and the assets of the site: scripts, style sheets and images."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response
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

_SITE = Path(__file__).parents[1]


@cache
def fingerprint(name: str) -> str:
    """Return the first 12 digits of the SHA-256 digest of an asset, or `0` if the asset does not exist.

    The addresses of assets contain their fingerprints, so that browsers can cache them for ever.
    """
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


@cache
def inline_style_sheet(name: str) -> tuple[Markup, str]:
    """Return the text of a style sheet for a `<style>` element, and its hash source for a Content Security Policy.

    Source: Content Security Policy Level 3, section 2.3.1.
    """
    text = (STATIC / name).read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - our own sheet, as the build made it


class Assets(StaticFiles):
    """The ASGI application that serves assets. If `?v=` is the fingerprint of the asset, it may be cached for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with this path. Raises HTTPException 404 if there is none."""
        response = await super().get_response(path, scope)
        if parse_qs(scope["query_string"].decode("latin-1")).get("v") == [fingerprint(path)]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def render_template(language: str, template: str, context: Mapping[str, object]) -> str:
    """Return the text of a template, rendered in a language with these variables."""
    return _environment(language).get_template(template).render({"language": language, **context})


def read_templates() -> None:
    """Compile all templates, in about a second, so that no visitor waits for that."""
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
