"""Who a client is, by the address that it comes from."""

import ipaddress

from starlette.requests import HTTPConnection

__all__ = ["client_at", "client_of", "is_this_machine"]

# One household or company has a network of this length to itself, and with it more addresses than can be counted.
_IPV6_PREFIX = 64


def client_at(address: str) -> str:
    """What is the same for all addresses of one client: the address, or of IPv6 its network."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))


def client_of(request: HTTPConnection) -> str:
    """What is the same for all requests of one client; nothing where nobody knows where it comes from."""
    return client_at(request.client.host) if request.client else ""


def is_this_machine(address: str) -> bool:
    """Whether the client is on the machine of the server."""
    return address in ("", "::1") or client_at(address).startswith("127.")
