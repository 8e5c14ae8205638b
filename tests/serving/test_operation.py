"""What a request asks for, and what is wrong with it."""

import asyncio
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from crmgraph.http.operation import LARGEST_BODY, MOST_PARAMETERS, Operation, read_operation
from crmgraph.wording import Bilingual

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


def read(method: str = "GET", url: str | bytes = b"", body: bytes = b"", kind: str = "", **headers: str) -> Operation:
    given = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    parts = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]

    async def receive() -> Message:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    scope = {
        "type": "http",
        "method": method,
        "query_string": url.encode() if isinstance(url, str) else url,
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
    }
    return asyncio.run(read_operation(Request(scope, receive), 30.0))


def refusal(*args: object, **headers: str) -> HTTPException:
    with pytest.raises(HTTPException) as caught:
        read(*args, **headers)  # type: ignore[arg-type]
    assert isinstance(caught.value.detail, Bilingual)
    return caught.value


def test_a_get_without_anything() -> None:
    assert read() == Operation(None, None, None, None, 30.0, None)


def test_a_get_with_everything() -> None:
    url = urlencode(
        [
            ("query", "ASK {} # é+&="),
            ("default-graph-uri", "http://e/a"),
            ("named-graph-uri", "http://e/b"),
            ("default-graph-uri", "http://e/c"),
            ("timeout", "2.5"),
            ("format", "csv"),
            *((name, "x") for name in ("unknown", "output", "results", "queryLn", "infer", "maxrows", "should-sponge")),
        ]
    )
    operation = read(url=url)
    assert operation.query == "ASK {} # é+&="
    assert operation.default_graphs == ("http://e/a", "http://e/c")
    assert operation.named_graphs == ("http://e/b",)
    assert operation.seconds == 2.5
    assert operation.format is not None
    assert operation.format.media_type == "text/csv"


def test_a_form_and_its_address_are_read_together() -> None:
    operation = read("POST", "default-graph-uri=http://e/a", b"query=ASK+%7B%7D&default-graph-uri=http%3A//e/b", FORM)
    assert operation.query == "ASK {}"
    assert operation.default_graphs == ("http://e/a", "http://e/b")


def test_a_body_is_a_query() -> None:
    text = 'ASK { ?s ?p "é %20 + &query=" }'
    operation = read("POST", "named-graph-uri=http://e/a&timeout=3", text.encode(), f"{QUERY}; charset=UTF-8")
    assert operation == Operation(text, None, None, ("http://e/a",), 3.0, None)


def test_an_empty_query_is_a_query() -> None:
    assert read(url="query=").query == ""
    assert read("POST", "", b"", QUERY).query == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_arrives_as_it_was_sent(text: str) -> None:
    assert read(url="query=" + quote(text, safe="")).query == text
    assert read("POST", "", urlencode({"query": text}).encode(), FORM).query == text
    assert read("POST", "", text.encode(), QUERY).query == text


def test_decoding_is_done_once() -> None:
    assert read(url="query=%2525+%2B").query == "%25 +"


def test_raw_utf8_in_the_address_is_taken() -> None:
    assert read(url="query=ñ".encode()).query == "ñ"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("GET", "query=ASK&query=ASK"), "query is given more than once"),
        (("POST", "query=ASK", b"query=ASK", FORM), "query is given more than once"),
        (("POST", "query=ASK", b"ASK", QUERY), "query is given more than once"),
        (("POST", "", b"quary=ASK", FORM), "query is missing"),
        (("GET", "query=ASK&defaultgraph-uri=http://e/a"), "default-graph-uri may be meant"),
        (("GET", "query=ASK&Default-Graph-URI=http://e/a"), "default-graph-uri may be meant"),
        (("POST", "named-graph-uris=http://e/a", b"query=ASK", FORM), "named-graph-uri may be meant"),
        (("GET", "query=ASK&time-out=3"), "timeout may be meant"),
        (("POST", "", b"", FORM), "query is missing"),
        (("GET", "query=%FF"), "not in UTF-8"),
        (("GET", b"query=\xff"), "not in UTF-8"),
        (("POST", "", b"query=%C3", FORM), "not in UTF-8"),
        (("POST", "", "ASK { ?s ?p 'é' }".encode("latin-1"), QUERY), "not in UTF-8"),
        (("POST", "", "ASK {}".encode("utf-16"), QUERY), "not in UTF-8"),
        (("GET", "query=ASK&timeout=soon"), "timeout is a number"),
        (("GET", "query=ASK&timeout=0"), "timeout is a number"),
        (("GET", "query=ASK&timeout=-1"), "timeout is a number"),
        (("GET", "query=ASK&timeout=nan"), "timeout is a number"),
        (("GET", "query=ASK&timeout=inf"), "timeout is a number"),
        (("GET", "query=ASK&timeout="), "timeout is a number"),
        (("GET", "query=ASK&timeout=1&timeout=2"), "timeout is given more than once"),
    ],
)
def test_what_does_not_follow_the_protocol(args: tuple[object, ...], said: str) -> None:
    error = refusal(*args)
    assert error.status_code == 400
    assert said in error.detail


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "nonsense"])
def test_a_body_of_another_type(kind: str) -> None:
    error = refusal("POST", "", b"ASK {}", kind)
    assert error.status_code == 415
    assert error.headers == {"Accept-Post": f"{FORM}, {QUERY}, {UPDATE}"}


@pytest.mark.parametrize("kind", [FORM, QUERY])
def test_another_charset(kind: str) -> None:
    assert refusal("POST", "", b"query=ASK", f"{kind}; charset=iso-8859-1").status_code == 415


@pytest.mark.parametrize(
    "args",
    [
        ("POST", "", b"INSERT DATA {}", UPDATE),
        ("POST", "", b"INSERT DATA {}", "Application/SPARQL-Update; charset=utf-8"),
        ("POST", "", b"update=INSERT+DATA+%7B%7D", FORM),
        ("POST", "update=INSERT+DATA+%7B%7D", b"", FORM),
    ],
)
def test_an_update(args: tuple[str, str, bytes, str]) -> None:
    operation = read(*args)
    assert (operation.query, operation.update) == (None, "INSERT DATA {}")


def test_the_dataset_of_an_update_has_parameters_of_its_own() -> None:
    url = "using-graph-uri=http://e/a&using-graph-uri=http://e/b&using-named-graph-uri=http://e/c"
    operation = read("POST", url, b"CLEAR ALL", UPDATE)
    assert (operation.default_graphs, operation.named_graphs) == (("http://e/a", "http://e/b"), ("http://e/c",))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("GET", "update=INSERT"), "sent by POST"),
        (("POST", "update=INSERT", b"query=ASK", FORM), "one or the other"),
        (("POST", "query=ASK", b"CLEAR ALL", UPDATE), "one or the other"),
        (("POST", "update=CLEAR", b"CLEAR ALL", UPDATE), "update is given more than once"),
        (("POST", "using-graph-uri=a", b"CLEAR ALL", UPDATE), "using-graph-uri is an absolute IRI"),
        (("POST", "", b"\xff", UPDATE), "not in UTF-8"),
    ],
)
def test_an_update_that_does_not_follow_the_protocol(args: tuple[object, ...], said: str) -> None:
    error = refusal(*args)
    assert error.status_code == 400
    assert said in error.detail


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("GET", "query=ASK&using-graph-uri=http://e/a"), "using-graph-uri does not go here; say default-graph-uri"),
        (("POST", "named-graph-uri=http://e/a", b"CLEAR ALL", UPDATE), "say using-named-graph-uri"),
    ],
)
def test_a_dataset_given_by_the_names_of_the_other_is_not_passed_over(args: tuple[object, ...], said: str) -> None:
    error = refusal(*args)
    assert error.status_code == 400
    assert said in error.detail


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_body_is_not_taken(coding: str) -> None:
    error = refusal("POST", "", b"ASK {}", QUERY, content_encoding=coding)
    assert (error.status_code, error.headers) == (415, {"Accept-Encoding": "identity"})
    assert read("POST", "", b"ASK {}", QUERY, content_encoding="Identity").query == "ASK {}"


@pytest.mark.parametrize("kind", [FORM, QUERY])
def test_a_body_has_a_largest_size(kind: str) -> None:
    start = b"query=" if kind == FORM else b""
    assert len(read("POST", "", start.ljust(LARGEST_BODY, b"x"), kind).query or "") == LARGEST_BODY - len(start)
    error = refusal("POST", "", start.ljust(LARGEST_BODY + 1, b"x"), kind)
    assert error.status_code == 413
    assert str(LARGEST_BODY) in error.detail


def test_a_body_that_is_announced_too_large_is_not_waited_for() -> None:
    async def receive() -> Message:
        raise AssertionError

    for more in ({"content-length": str(10**9)}, {"content-length": str(LARGEST_BODY + 1), "expect": "100-continue"}):
        headers = [(name.encode(), value.encode()) for name, value in {"content-type": QUERY, **more}.items()]
        scope = {"type": "http", "method": "POST", "query_string": b"", "headers": headers}
        with pytest.raises(HTTPException) as caught:
            asyncio.run(read_operation(Request(scope, receive), 30.0))
        assert caught.value.status_code == 413


@pytest.mark.parametrize(("parts", "read_of_them"), [(80, 80), (10_000, 257)])
def test_a_body_that_is_too_large_is_read_before_it_is_refused(parts: int, read_of_them: int) -> None:
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * 65536, "more_body": taken < parts}

    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": [(b"content-type", QUERY.encode())]}
    with pytest.raises(HTTPException) as caught:
        asyncio.run(read_operation(Request(scope, receive), 30.0))
    assert (caught.value.status_code, taken) == (413, read_of_them)


@pytest.mark.parametrize(("given", "expected"), [("5", 5.0), ("0.01", 0.01), ("31", 30.0), ("1e9", 30.0)])
def test_the_time_limit_is_never_above_the_server_s(given: str, expected: float) -> None:
    assert read(url=f"query=ASK&timeout={given}").seconds == expected


def test_a_request_has_so_many_parameters_and_no_more() -> None:
    assert read(url="query=ASK" + "&a=" * (MOST_PARAMETERS - 1)).query == "ASK"
    for args in (("GET", "query=ASK" + "&a=" * MOST_PARAMETERS), ("POST", "", b"query=ASK" + b"&" * 500_000, FORM)):
        error = refusal(*args)
        assert error.status_code == 400
        assert str(MOST_PARAMETERS) in error.detail


@pytest.mark.parametrize("url", ["%", "query=%", "query=%zz", "=", "&&&", "query;x", "query=%u0041"])
def test_a_strange_address_is_no_accident(url: str) -> None:
    operation = read(url=url)
    assert operation.query in (None, "%", "%zz", "%u0041")


def test_a_format_by_the_name_that_another_endpoint_has_for_it_says_nothing() -> None:
    assert read("GET", "query=ASK&format=turtle").format is None
