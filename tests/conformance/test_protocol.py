"""The W3C's tests of the SPARQL 1.1 protocols and of the service description, over HTTP against a real server."""

import httpx
import pytest

from tests.conformance.requests import go_through, steps
from tests.support.suites import MISSING


@pytest.mark.parametrize("name", steps() or [pytest.param("", marks=pytest.mark.skip(reason=MISSING))])
def test_protocol(client: httpx.Client, name: str) -> None:
    go_through(client, steps()[name])
