"""Which addresses may be reached."""

from contextlib import nullcontext

import pytest

from crmgraph.errors import QueryRefusedError, UsageError
from crmgraph.federation.endpoints import AllowedUrls
from tests.support.cases import cases

ALLOWED = AllowedUrls(
    [
        "https://query.example.org/sparql",
        "http://here.example.org/q?db=1",
        "http://data.example.org:8080/",
        "http://127.0.0.1:3030/a",
        "http://[::1]/",
    ]
)


def test_what_was_named_may_be_reached_and_no_other() -> None:
    for url, may in cases("federation/addresses"):
        with nullcontext() if may == "yes" else pytest.raises(QueryRefusedError, match="is not among the addresses"):
            ALLOWED.check(url)


def test_a_name_leads_to_the_public_internet_only() -> None:
    for host, address, may in (
        ("query.example.org", "93.184.216.34", True),
        ("query.example.org", "127.0.0.1", False),
        ("query.example.org", "169.254.169.254", False),
        ("query.example.org", "::1", False),
        ("query.example.org", "::ffff:127.0.0.1", False),
        ("query.example.org", "fe80::1%eth0", False),
        ("query.example.org", "2002:7f00:1::", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "::1", True),
    ):
        with nullcontext() if may else pytest.raises(QueryRefusedError):
            ALLOWED.check_resolved_address(host, address)


def test_an_entry_is_an_address_that_can_be_asked() -> None:
    for address, said in (
        ("query.example.org", "no address such as"),
        ("ftp://a/", "no address such as"),
        ("https://", "no address such as"),
        ("https://me:pass@example.org/", "no address such as"),
    ):
        with pytest.raises(UsageError, match=f"setting allow: .*{said}") as caught:
            AllowedUrls([address])
        assert "pass@" not in str(caught.value)
