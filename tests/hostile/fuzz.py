"""Fuzzing: mutated queries, updates and RDF in every syntax, sent to a service, which must say something fitting."""

import random
import re
from collections import Counter
from collections.abc import Callable

import httpx

from crmgraph.files import resource
from tests.support.writable import BEARER

FITTING = frozenset({200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 429, 503, 507})
"""What the service may answer: 503 at the time limit or where all are busy, 507 on a full disk, no other 5xx."""

_WORDS = re.findall(
    r"\S+",
    """
    SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH SERVICE BIND VALUES FROM NAMED ORDER BY GROUP
    HAVING LIMIT OFFSET DISTINCT EXISTS NOT IN COUNT(*) REGEX(?a,'(a+)+$') STRLEN(?b) IRI('x') NOW() RAND() BNODE()
    INSERT DELETE DATA CLEAR DROP LOAD COPY MOVE ADD CREATE USING WITH ALL DEFAULT SILENT PREFIX BASE { } ( ) [ ] . ; ,
    ?a ?b <http://e/x> <x> a:b "x" 'y'@es 1 1.5 1e400 true _:b << >> ^ | / * + ! = != && || ^^ \\u0041 ñ 😀 \x00
    """,
)
_SYNTAXES = (
    "text/turtle", "application/n-triples", "application/n-quads", "application/trig", "application/rdf+xml",
    "application/ld+json", "text/csv", "nonsense", "multipart/form-data; boundary=x", "",
)  # fmt: skip
_RDF = (
    "@prefix : <http://e/> . :s :p 1 , 'x'@es , [ :q ( 1 2 ) ] .",
    '<http://e/s> <http://e/p> "x"^^<http://e/t> .\n',
    "<http://e/g> { <http://e/s> <http://e/p> <http://e/o> }",
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="http://e/s"/></r:RDF>',
    '{"@id": "http://e/s", "http://e/p": [{"@value": 1}, {"@list": [1, 2]}]}',
    "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .\r\n--x--\r\n",
)
_ADDRESSES = (
    "/graphs?default", "/graphs?graph=http://e/f", "/graphs", "/graphs/a%00b%20", "/graphs?graph=x", "/graphs/%zz",
)  # fmt: skip
_ACCEPTS = ("*/*", "text/turtle", "text/csv", "application/sparql-results+xml;q=0.1, */*;q=0", "x", "text/html", ",;=")


def fuzz(client: httpx.Client, times: int, seed: int = 1) -> Counter[int]:
    """Send so many requests; how often each status was answered. Raises AssertionError where one is not fitting."""
    chance = random.Random(seed)
    queries = [file.read_text(encoding="utf-8") for file in sorted(resource("queries").glob("*.rq"))]
    makers: tuple[Callable[[], httpx.Request], ...] = (
        lambda: _query(client, chance, queries),
        lambda: _update(client, chance),
        lambda: _graph(client, chance),
    )
    answered: Counter[int] = Counter()
    for _ in range(times):
        request = chance.choice(makers)()
        try:
            response = client.send(request)
        except httpx.RemoteProtocolError as error:
            # A large answer that reached its time limit on its way; anything else would be a finding.
            if "incomplete chunked read" not in str(error):
                raise AssertionError(f"no answer to {request.method} {request.url}: {error}") from error
            answered[0] += 1  # the connection was broken off
            continue
        said = f"{response.status_code} to {request.method} {request.url}: {response.text}"
        assert response.status_code in FITTING, said
        answered[response.status_code] += 1
    return answered


def _query(client: httpx.Client, chance: random.Random, queries: list[str]) -> httpx.Request:
    text = _mutated(chance.choice(queries) if chance.random() < 0.5 else _sentence(chance), chance)
    parameters = [("query", text), ("timeout", chance.choice(["1", "0.5", "-1", "x", "1e9"]))]
    if chance.random() < 0.2:
        name = chance.choice(["default-graph-uri", "named-graph-uri", "format", "query"])
        parameters.append((name, chance.choice(["http://e/g", "x", "", "csv"])))
    headers = {"Accept": chance.choice(_ACCEPTS)}
    if chance.random() < 0.5:
        return client.build_request("GET", "/sparql", params=dict(parameters), headers=headers)
    return client.build_request("POST", "/sparql?timeout=1", data=dict(parameters[:1]), headers=headers)


def _update(client: httpx.Client, chance: random.Random) -> httpx.Request:
    whole = "INSERT DATA { GRAPH <http://e/f> { <http://e/s> <http://e/p> 1 } } ; DELETE WHERE { GRAPH ?g { ?s ?p 2 } }"
    text = _mutated(whole if chance.random() < 0.5 else _sentence(chance), chance)
    headers = {"Content-Type": "application/sparql-update", **(BEARER if chance.random() < 0.8 else {})}
    return client.build_request("POST", "/sparql?timeout=2", content=text.encode(errors="replace"), headers=headers)


def _graph(client: httpx.Client, chance: random.Random) -> httpx.Request:
    body = bytearray(_mutated(chance.choice(_RDF), chance).encode(errors="replace"))
    for _ in range(chance.choice([0, 0, 3])):
        body[chance.randrange(len(body) + 1) :][:1] = bytes([chance.randrange(256)])
    method = chance.choice(["PUT", "POST", "DELETE", "GET", "HEAD", "PATCH", "OPTIONS"])
    address = chance.choice(_ADDRESSES)
    headers = {"Content-Type": chance.choice(_SYNTAXES), "Accept": chance.choice(_ACCEPTS)}
    headers |= BEARER if chance.random() < 0.8 else {}
    return client.build_request(method, address, content=bytes(body), headers=headers)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(1, 30)))


def _mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice([0, 1, 1, 2, 5])):
        place = chance.randrange(len(text) + 1)
        width = chance.choice([0, 0, 1, 5])
        put = chance.choice(["", chance.choice(_WORDS), chr(chance.randrange(1, 0x2FF)), chance.choice("{}()[]") * 200])
        text = text[:place] + put + text[place + width :]
    return text
