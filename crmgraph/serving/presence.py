"""Who is there: how many connections each client has open."""

import ipaddress
from collections import Counter
from collections.abc import Iterable

from crmgraph.serving.clients import client_at, is_this_machine

__all__ = ["Presence"]


class Presence:
    """Counts the connections of each client, of which `most` may be open at a time.

    Those of `proxies` are not counted, for many clients come on them; nor, where it is `spared`, those of this machine.
    Not for several threads.
    """

    def __init__(self, most: int, spared: bool = False, proxies: Iterable[str] = ()) -> None:
        self._most = most
        self._spared = spared
        self._proxies = [ipaddress.ip_network(proxy) for proxy in proxies]
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count a connection that is opened from this address; whether the client may have it."""
        if self._is_exempt(address):
            return True
        client = client_at(address)
        self._open[client] += 1
        return self._open[client] <= self._most

    def leave(self, address: str) -> None:
        """Count one that is closed."""
        if self._is_exempt(address):
            return
        client = client_at(address)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]

    def __len__(self) -> int:
        """How many clients are there that are counted."""
        return len(self._open)

    def _is_exempt(self, address: str) -> bool:
        if self._spared and is_this_machine(address):
            return True
        if not self._proxies:
            return False
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
        return any((mapped or parsed) in network for network in self._proxies)
