"""Addresses with what others append to follow who comes by them."""

import pytest
from httpx import Client


@pytest.mark.parametrize(
    ("shared", "meant"),
    [
        ("/en/plan?fbclid=abc", "/en/plan"),
        ("/en/plan?topic=return&utm_source=x&utm_medium=y", "/en/plan?topic=return"),
        ("/en/queries/findings?severity=violation&gclid=1", "/en/queries/findings?severity=violation"),
        ("/id/plan/crm/pgm/7?utm_campaign=%C3%A1", "/id/plan/crm/pgm/7"),
    ],
)
def test_a_shared_address_leads_to_the_page_that_was_meant(client: Client, shared: str, meant: str) -> None:
    answer = client.get(shared, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, meant)
    assert client.get(shared, follow_redirects=True).status_code == 200


def test_other_parameters_are_refused_as_ever(client: Client) -> None:
    assert client.get("/en/findings?utm=1").status_code == 400
