"""Error responses: problem documents (RFC 9457) or pages, in the language of the client."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from crmgraph.errors import Bilingual, CrmgraphError, InputError, UnavailableError, in_language
from crmgraph.http.context import context_of
from crmgraph.http.languages import preferred_language
from crmgraph.http.negotiation import accept_header, choose_media_type
from crmgraph.http.responses import DATA_HEADERS, READ_METHODS, preflight
from crmgraph.namespaces import BASE

MEDIA_TYPE = "application/problem+json"

ErrorPage = Callable[[Request, Exception], Response | None]
"""A function that renders the page for an error, or returns None if it cannot render pages yet."""

_LOGGED_PROBLEMS = ("engine", "storage")
"""Slugs of the problems that the operator has to solve, so that they are logged as errors."""

_TITLES = {
    400: Bilingual("The request cannot be understood", "No se entiende la petición"),
    401: Bilingual("This needs a token", "Esto requiere un token"),
    403: Bilingual("This is not allowed", "Esto no está permitido"),
    404: Bilingual("There is nothing at this address", "No hay nada en esta dirección"),
    405: Bilingual("This address does not accept this method", "Esta dirección no admite este método"),
    406: Bilingual("Not available in the requested format", "No disponible en el formato solicitado"),
    408: Bilingual("The request did not arrive in time", "La petición no llegó a tiempo"),
    413: Bilingual("The request is too large", "La petición es demasiado grande"),
    414: Bilingual("The address is too long", "La dirección es demasiado larga"),
    415: Bilingual("This type of body is not accepted", "No se acepta este tipo de cuerpo"),
    429: Bilingual("Too many requests", "Demasiadas peticiones"),
    431: Bilingual("The headers are too large", "Los encabezados son demasiado grandes"),
    500: CrmgraphError.problem.title,
    501: Bilingual("This is not known here", "Esto no se conoce aquí"),
    503: Bilingual("Not available right now", "No disponible en este momento"),
}


@dataclass(frozen=True)
class Problem:
    """The content of a problem document (RFC 9457).

    Attributes:
        status: HTTP status.
        type: IRI of the type of problem, or "about:blank".
        title: Short description of the type, in the language of the client.
        detail: What is wrong with this request, in the same language.
        line: Line of the mistake in the text that was sent, if any.
        column: Column of the mistake, if any.
        request: Id of the request.
    """

    status: int
    type: str
    title: str
    detail: str = ""
    line: int | None = None
    column: int | None = None
    request: str = ""

    def document(self) -> bytes:
        """Return the problem document as JSON (RFC 9457, section 3), without empty members."""
        members = {name: value for name, value in vars(self).items() if value not in ("", None)}
        return json.dumps(members, ensure_ascii=False).encode()


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return the error 400 with this detail."""
    return HTTPException(400, Bilingual(english, spanish))


def problem_of(error: Exception, language: str) -> Problem:
    """Return the problem document for an error in `language` ("es" or "en"); unexpected errors get no detail."""
    if isinstance(error, CrmgraphError) and error.problem.slug:
        status, slug, title = error.problem
        detail = in_language(error, language)
        return Problem(status, BASE + "problem/" + slug, in_language(title, language), detail, *_line_and_column(error))
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        title = _TITLES.get(error.status_code, Bilingual(phrase, phrase))
        detail = "" if error.detail == phrase else in_language(error.detail, language)
        return Problem(error.status_code, "about:blank", in_language(title, language), detail)
    return Problem(500, "about:blank", in_language(CrmgraphError.problem.title, language))


def add_problem_handlers(app: Starlette, page: ErrorPage | None = None) -> None:
    """Make `app` answer errors with a problem document, or with a `page` if the client prefers HTML.

    OPTIONS for a read-only address, which FastAPI answers with 405, gets a proper response.
    """

    async def handle(request: Request, error: Exception) -> Response:
        if request.method == "OPTIONS" and isinstance(error, HTTPException) and error.status_code == 405:
            # FastAPI does not implement OPTIONS.
            return preflight(READ_METHODS)
        # Only pages need a thread. Problem documents are sent at once, even if all threads are busy.
        if page is None or not _prefers_html(request):
            return problem_response(request, error)
        return await to_thread.run_sync(problem_response, request, error, page)

    # ClientDisconnect, too: otherwise it would be logged as an unexpected error.
    for kind in (CrmgraphError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, handle)


def problem_response(request: Request, error: Exception, page: ErrorPage | None = None) -> Response:
    """Return the response to a request that failed: a page if the client prefers HTML, or else a problem document."""
    context = context_of(request)
    kind = context.problem = problem_slug(error)
    if kind in _LOGGED_PROBLEMS:
        logging.getLogger(__name__).error("%s: %s", kind, error)
    response = None
    if page is not None and _prefers_html(request):
        try:
            response = page(request, error)
        except Exception:
            # The client still gets a problem document about the first error.
            logging.getLogger(__name__).exception("The page that tells of an error could not be made.")
    if response is None:
        language = preferred_language(request.headers.get("accept-language"))
        problem = replace(problem_of(error, language), request=context.id)
        headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
        response = Response(problem.document(), problem.status, headers, MEDIA_TYPE)
    response.headers.update(DATA_HEADERS)
    response.headers.update(error.headers or {} if isinstance(error, HTTPException) else {})
    if response.headers.get("allow") in ("GET", "GET, HEAD", "HEAD, GET"):
        # FastAPI lists neither HEAD nor OPTIONS, which every read-only address answers.
        response.headers["Allow"] = READ_METHODS
    if isinstance(error, UnavailableError):
        response.headers["Retry-After"] = "10"
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_slug(error: Exception) -> str:
    """Return the slug of the error's type of problem; empty for errors that only have an HTTP status."""
    if isinstance(error, ClientDisconnect):
        return "left"
    return error.problem.slug if isinstance(error, CrmgraphError) else ""


def _prefers_html(request: Request) -> bool:
    return choose_media_type(accept_header(request), (MEDIA_TYPE, "text/html")) == "text/html"


def _line_and_column(error: Exception) -> tuple[int | None, int | None]:
    place = error.place if isinstance(error, InputError) else error
    return getattr(place, "line", None), getattr(place, "column", None)
