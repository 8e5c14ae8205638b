"""Who may write: the bearer of a token that the settings know (RFC 6750)."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.updating import Keeper, Writer, find_writer
from crmgraph.wording import Bilingual

__all__ = ["READ_ONLY", "Writing", "writer_of"]

READ_ONLY = Bilingual(
    "This service is read-only: it answers queries and accepts no changes.",
    "Este servicio es de solo lectura: responde a consultas y no admite cambios.",
)
"""What is said where nobody may write."""

_REALM = 'Bearer realm="crmgraph"'
_NONE = Bilingual(
    "Changes need a token: send the header Authorization: Bearer …",
    "Los cambios requieren un token: envíe el encabezado Authorization: Bearer …",
)
_UNKNOWN = Bilingual(
    "The token that was sent is none of those that may write here. See whether it is whole, and of this service.",
    "El token que se envió no es de los que pueden escribir aquí. Compruebe que esté entero y sea de este servicio.",
)


class Writing:
    """What it takes to write: the keeper of the store, and those who may."""

    def __init__(self, keeper: Keeper, writers: Sequence[Writer]) -> None:
        self.keeper = keeper
        self._writers = tuple(writers)

    def bearer(self, request: Request) -> Writer | None:
        """Whose token the request bears; None where it bears none that is known."""
        return find_writer(request.headers.get("authorization", ""), self._writers)


def writer_of(writing: Writing | None, request: Request) -> tuple[Keeper, Writer]:
    """Who writes, and to what. Raises HTTPException: 403 where nobody may, 401 without a token that is known."""
    if writing is None:
        raise HTTPException(403, READ_ONLY)
    writer = writing.bearer(request)
    if writer is None:
        is_given = request.headers.get("authorization", "").lower().startswith("bearer ")
        raise HTTPException(
            401,
            _UNKNOWN if is_given else _NONE,
            {"WWW-Authenticate": f'{_REALM}, error="invalid_token"' if is_given else _REALM},
        )
    return writing.keeper, writer
