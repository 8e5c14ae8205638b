"""How many connections each client has open."""

import pytest

from crmgraph.http.connection import Presence

AWAY = "203.0.113.9"


def test_each_client_has_its_own() -> None:
    presence = Presence(2)
    assert [presence.enter(AWAY) for _ in range(4)] == [True, True, False, False]
    assert presence.enter("203.0.113.10")
    for _ in range(3):
        presence.leave(AWAY)
    assert [presence.enter(AWAY), presence.enter(AWAY)] == [True, False]


def test_whoever_has_left_is_forgotten() -> None:
    presence = Presence(2)
    for address in (AWAY, AWAY, "2001:db8::1"):
        presence.enter(address)
    assert len(presence) == 2
    for address in (AWAY, AWAY, "2001:db8::2"):
        presence.leave(address)
    assert len(presence) == 0


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.9", AWAY, True),
    ],
)
def test_a_network_of_ipv6_is_one_client(one: str, other: str, is_same: bool) -> None:
    presence = Presence(1)
    assert presence.enter(one)
    assert presence.enter(other) != is_same


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:7::1"])
def test_many_come_through_a_proxy(address: str) -> None:
    presence = Presence(1, proxies=("10.0.0.0/8", "2001:db8:7::1"))
    assert all(presence.enter(address) for _ in range(3))
    presence.leave(address)
    assert len(presence) == 0
    assert [presence.enter(AWAY), presence.enter(AWAY)] == [True, False]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", ""])
def test_the_machine_itself_may_be_spared(address: str) -> None:
    presence = Presence(1, spared=True)
    assert all(presence.enter(address) for _ in range(3))
    counted = Presence(1)
    assert [counted.enter(address), counted.enter(address)] == [True, False]
