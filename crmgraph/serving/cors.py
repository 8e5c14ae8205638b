"""Any page on the web may ask the endpoint and read what it says, errors included."""

from starlette.responses import Response

__all__ = ["CORS_HEADERS", "DATA_HEADERS", "READING", "preflight"]

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Crmgraph-Snapshot, ETag, Location, Retry-After, "
        "WWW-Authenticate, X-Request-ID"
    ),
}
DATA_HEADERS = {**CORS_HEADERS, "X-Content-Type-Options": "nosniff"}
"""What goes with everything that is data: any page may read it, and none may take it for something else."""

READING = "GET, HEAD, OPTIONS"
"""The methods of what is only read."""


def preflight(methods: str) -> Response:
    """The answer to OPTIONS, plain or as a browser asks beforehand (Fetch, CORS protocol), for these methods."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, *",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)
