"""What clients have had of the processors lately."""

from crmgraph.sparql.shares import Shares

from crmgraph.sparql import shares


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_adds_up_for_each_client() -> None:
    known = Shares()
    assert known.had("a") == 0
    for client, seconds in (("a", 0.7), ("a", 0.7), ("b", 0.7)):
        known.add(client, seconds)
    assert (known.had("a"), known.had("b")) == (1, 0)


def test_what_was_long_ago_counts_less() -> None:
    clock = Clock()
    known = Shares(clock)
    known.add("a", 8)
    clock.now += 60
    assert known.had("a") == 4
    known.add("a", 4)
    clock.now += 120
    assert known.had("a") == 2
    clock.now += 86_400
    assert known.had("a") == 0


def test_those_that_had_something_last_are_remembered() -> None:
    known = Shares()
    known.add("a", 5)
    known.add("b", 5)
    for number in range(shares._MOST_CLIENTS - 2):
        known.add(str(number), 0)
    known.add("a", 0)
    known.add("new", 0)
    assert [known.had(each) > 0 for each in "ab"] == [True, False]
