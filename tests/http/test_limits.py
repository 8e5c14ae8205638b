"""The rate limit of requests for each client."""

import pytest

from crmgraph.http.operations import BURST_SECONDS, RateLimit

HOME, AWAY = "127.0.0.1", "203.0.113.9"
# Two addresses, and whether they count as one client.
CLIENTS = [
    (AWAY, "203.0.113.10", False),
    ("2001:db8::1", "2001:db8::ffff:1", True),
    ("2001:db8::1", "2001:db8:0:1::1", False),
    (f"::ffff:{AWAY}", AWAY, True),
    ("fe80::1%eth0", "fe80::2%eth1", True),
    ("no:address", "another:one", False),
]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_an_even_rate() -> None:
    clock = Clock()
    rates = RateLimit(2, clock=clock)
    assert [rates.take(AWAY) for _ in range(int(2 * BURST_SECONDS))] == [0] * 40
    assert rates.take(AWAY) == 1
    clock.now += 0.5
    assert [rates.take(AWAY), rates.take(AWAY)] == [0, 1]
    clock.now += 3600
    assert [rates.take(AWAY) for _ in range(41)].count(0) == 40
    slow = RateLimit(0.05, clock=clock)
    assert [slow.take(AWAY), slow.take(AWAY)] == [0, 20]
    clock.now += 20
    assert slow.take(AWAY) == 0


@pytest.mark.parametrize(("one", "other", "is_same"), CLIENTS)
def test_clients_are_counted_apart(one: str, other: str, is_same: bool) -> None:
    rates = RateLimit(0.01, clock=Clock())
    assert rates.take(one) == 0
    assert (rates.take(other) > 0) == is_same


def test_this_machine_may_be_spared() -> None:
    for client in (HOME, "127.1.2.3", "::1", "::ffff:127.0.0.1", ""):
        rates = RateLimit(0.01, spares_local=True, clock=Clock())
        assert [rates.take(client) for _ in range(3)] == [0, 0, 0]
        assert [rates.take(AWAY), rates.take(AWAY)] == [0, 100]
    counted = RateLimit(0.01, clock=Clock())
    assert [counted.take(HOME), counted.take(HOME)] == [0, 100]


def test_only_so_many_clients_are_remembered_and_those_that_go_on_asking_are() -> None:
    rates = RateLimit(0.01, most_clients=10, clock=Clock())
    assert rates.take(AWAY) == 0
    for n in range(100):
        rates.take(f"198.51.100.{n}")
        assert rates.take(AWAY) > 0
        assert len(rates) <= 10
