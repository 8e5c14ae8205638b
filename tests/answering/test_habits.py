"""What is remembered of questions: whether they take long."""

from crmgraph.sparql.habits import Habits

from crmgraph.sparql import habits


def test_the_last_time_counts() -> None:
    known = Habits(long=0.05)
    assert not known.is_slow("a")
    known.learn("a", 0.05)
    known.learn("b", 0.049)
    assert [known.is_slow(each) for each in "ab"] == [True, False]
    known.learn("a", 0.01, is_done=False)
    assert known.is_slow("a")
    known.learn("a", 0.01)
    assert not known.is_slow("a")


def test_those_that_were_asked_last_are_remembered() -> None:
    known = Habits(long=1)
    for number in range(habits._MOST + 1):
        known.learn(number, 2)
    assert not known.is_slow(0)
    assert known.is_slow(1)
    assert known.is_slow(habits._MOST)
