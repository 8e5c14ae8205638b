"""The addresses outside that may be reached: those that were named, and no others."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from crmgraph.errors import QueryRefusedError, UsageError
from crmgraph.wording import Bilingual

__all__ = ["Allowed"]

_PORTS = {"http": 80, "https": 443}
# IPv4 addresses written as IPv6: compatible, translated (RFC 6052), 6to4; and site-local ones.
_DISGUISES = [ipaddress.IPv6Network(each) for each in ("::/96", "64:ff9b::/96", "2002::/16", "fec0::/10")]
_Place = tuple[str, str, int]


class Allowed:
    """The addresses that may be reached, such as https://query.wikidata.org/sparql; one that ends in a slash stands for
    all below it. What follows a question mark belongs to an address: only so is it sent.

    A name reaches only machines of the public internet, whatever it is resolved to: one of this house is named by its
    IP address, or as localhost. Raises UsageError for what is no address, or could never be asked for.
    """

    def __init__(self, addresses: Iterable[str]) -> None:
        self._entries = [_entry(address) for address in addresses]

    def check(self, url: str) -> _Place:
        """The scheme, the host and the port of an address that may be reached. Raises QueryRefusedError for another."""
        asked = _parts(url)
        for entry in self._entries:
            if asked is not None and entry[0] == asked[0] and _is_meant(asked[1], entry[1]):
                return asked[0]
        raise _not_allowed(url)

    def check_machine(self, host: str, address: str) -> None:
        """Look where a name leads that was checked, before anybody connects. Raises QueryRefusedError."""
        if not _is_of_the_house(host) and not _is_public(address):
            raise _not_public(host)


def _entry(address: str) -> tuple[_Place, str]:
    entry = _parts(address)
    if entry is None:
        raise UsageError(f"setting allow: {address} is no address such as https://query.wikidata.org/sparql")
    if "*" in address:
        raise UsageError(
            f"setting allow: {address} has a star, which means nothing here; an address that ends in a slash stands "
            "for all below it"
        )
    if entry[1].endswith("/") and not _is_plain(entry[1]):
        raise UsageError(f"setting allow: nothing is below {address}; write it without .., %, ?, ; and //")
    return entry


def _parts(url: str) -> tuple[_Place, str] | None:
    """Scheme, host and port, and the path with its query; None for what is no address of HTTP, or says who asks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or "\\" in url or not url.isascii():
        return None
    return (parts.scheme, host, port or _PORTS[parts.scheme]), (parts.path or "/") + (
        f"?{parts.query}" if parts.query else ""
    )


def _is_meant(path: str, entry: str) -> bool:
    return path == entry or (_is_plain(path) and entry.endswith("/") and path.startswith(entry))


def _is_plain(path: str) -> bool:
    return not any(odd in path for odd in ("..", "%", "?", ";", "//"))


def _is_public(address: str) -> bool:
    """Whether the address is one of the public internet, and no way into another network written as one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    is_disguised = isinstance(parsed, ipaddress.IPv6Address) and any(parsed in network for network in _DISGUISES)
    return parsed.is_global and not parsed.is_multicast and not is_disguised


def _is_of_the_house(host: str) -> bool:
    """Whether the name says by itself which machine it is."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _not_public(host: str) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"{host} leads to a machine that is not of the public internet, so it is not asked by its name. Whoever "
            "runs the service can allow it by its IP address.",
            f"{host} lleva a una máquina que no es de la internet pública, así que no se le pregunta por su nombre. "
            "Quien administra el servicio puede permitirla por su dirección IP.",
        )
    )


def _not_allowed(url: str) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"{url} is not among the addresses that may be asked from here. Whoever runs this can name it by "
            "`--allow`; or else fetch from it yourself.",
            f"{url} no está entre las direcciones a las que se puede preguntar desde aquí. Quien administra esto puede "
            "nombrarla con `--allow`; si no, consúltela usted mismo.",
        )
    )
