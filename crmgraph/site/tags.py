"""What mailers and networks append to the addresses that people share, to follow who comes by them."""

from urllib.parse import quote, urlencode

from starlette.requests import Request

__all__ = ["untagged"]

_BEGINNING = "utm_"
_NAMES = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"})


def untagged(request: Request) -> str | None:
    """The address of the request without them, from the root of the server on; None where it has none.

    A page knows no such parameter, and refuses those that it does not know; whoever shared its address is not to blame.
    """
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if name not in _NAMES and not name.startswith(_BEGINNING)]
    if len(kept) == len(given):
        return None
    root, path = request.scope.get("root_path", "").rstrip("/"), request.scope["path"]
    whole = path if root and path.startswith(f"{root}/") else root + path
    return quote(whole) + (f"?{urlencode(kept)}" if kept else "")
