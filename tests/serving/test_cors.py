"""What a page of another site may do."""

from crmgraph.http.cors import CORS_HEADERS, DATA_HEADERS, preflight


def test_any_page_may_read_what_matters() -> None:
    assert CORS_HEADERS["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Content-Language"} <= set(CORS_HEADERS["Access-Control-Expose-Headers"].split(", "))


def test_data_is_nothing_else_than_it_says() -> None:
    assert CORS_HEADERS.items() < DATA_HEADERS.items()
    assert DATA_HEADERS["X-Content-Type-Options"] == "nosniff"


def test_preflight() -> None:
    response = preflight("GET, POST")
    assert response.status_code == 204
    assert response.body == b""
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == response.headers["allow"] == "GET, POST"
    assert "Content-Type" in response.headers["access-control-allow-headers"]
    assert response.headers["access-control-max-age"] == "86400"
