"""Until when somebody waits."""

import time
from threading import Event

import pytest

from crmgraph.errors import AbandonedError, QueryTimeoutError
from crmgraph.sparql.limit import Limit
from crmgraph.wording import Bilingual

pytestmark = pytest.mark.drill


def test_what_is_left() -> None:
    assert 9 < Limit(10).left() <= 10
    assert Limit(10, time.monotonic() - 4).left() < 6.1


def test_nothing_is_left() -> None:
    past = Limit(1, time.monotonic() - 2)
    with pytest.raises(QueryTimeoutError, match="engine that holds the data took longer than 1 s"):
        past.left()
    with pytest.raises(QueryTimeoutError, match="the other one"):
        past.left(Bilingual("the other one", "el otro"))


def test_nobody_waits() -> None:
    gone = Event()
    limit = Limit(10, gone=gone)
    assert limit.left() > 0
    gone.set()
    with pytest.raises(AbandonedError):
        limit.left()
