"""What visitors type, searched for over HTTP, beside the question of the library that looks for words by SPARQL."""

import json
import random
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from crmgraph.storing.disk import open_store
from tests.support.servers import crmgraph_command

__all__ = ["Searched", "searched", "searching_report"]

QUERIES = 200
_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX cg: <https://w3id.org/crmgraph/ontology#>
SELECT DISTINCT ?label { ?x a cg:PlanElement ; rdfs:label ?label FILTER (LANG(?label) = "es") }"""


@dataclass(frozen=True)
class Searched:
    """The seconds that each search for words of a kind took, and how many found something."""

    how: str
    seconds: Sequence[float]
    found: int


def searched(build: Path, folder: Path) -> list[Searched]:
    """The times on a built dataset, in this folder: the same words by the search page, as a page and as JSON, and by
    the question `text-search`; then words with a slip, and words that are begun.
    """
    chance = random.Random(1)
    words = _words(open_store(folder))
    plain = [" ".join(chance.sample(words, 1)) for _ in range(QUERIES)]
    several = [" ".join(chance.sample(words, 3)) for _ in range(QUERIES)]
    slips = [_slip(word, chance) for word in plain]
    begun = [word[: chance.randrange(2, len(word))] for word in plain]
    with _server(build) as address:
        as_json = _asking(f"{address}/es/search.json?q=", lambda body: int(json.loads(body)["total"]))
        as_page = _asking(f"{address}/es/search?q=", lambda body: body.count(b"hit-kind"))
        as_query = _asking(
            f"{address}/queries/text-search.json?words=", lambda body: len(json.loads(body)["results"]["bindings"])
        )
        # What is searched is read when nobody asks for anything.
        as_json(plain[0])
        return [
            _timed("a word of the plan, as JSON", plain, as_json),
            _timed("the same as a page", plain, as_page),
            _timed("the same by the question `text-search`", plain, as_query),
            _timed("three words of the plan", several, as_json),
            _timed("a word with a slip", slips, as_json),
            _timed("the beginning of a word", begun, as_json),
        ]


def _words(store: Store) -> list[str]:
    rows = store.query(_NAMES, use_default_graph_as_union=True)
    return sorted({word.strip("«»“”().,;:") for row in rows for word in row["label"].value.split() if len(word) > 6})  # type: ignore[union-attr]


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _timed(how: str, typed: Sequence[str], ask: Callable[[str], int]) -> Searched:
    times, found = [], 0
    for each in typed:
        began = time.perf_counter()
        found += bool(ask(each))
        times.append(time.perf_counter() - began)
    return Searched(how, times, found)


def _asking(address: str, count: Callable[[bytes], int]) -> Callable[[str], int]:
    """What asks for words at this address, and tells how many results the answer has."""

    def ask(typed: str) -> int:
        with urllib.request.urlopen(address + urllib.parse.quote_plus(typed), timeout=60) as answer:
            return count(answer.read())

    return ask


@contextmanager
def _server(build: Path) -> Iterator[str]:
    # Nothing is answered from the cache: the same words come twice.
    command = [*crmgraph_command(), "serve", "--port", "0", "--rate", "0", "--cache", "0", "--build", str(build)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[3].rstrip("/")
        finally:
            server.terminate()


def searching_report(times: Sequence[Searched]) -> str:
    """The section of the page."""
    plain = statistics.median(times[0].seconds)
    rows = "\n".join(
        f"| {each.how} | {len(each.seconds)} | {each.found} | {statistics.median(each.seconds) * 1000:.1f} "
        f"| {statistics.quantiles(each.seconds, n=20)[-1] * 1000:.1f} | {max(each.seconds) * 1000:.1f} "
        f"| {statistics.median(each.seconds) / plain:.1f} |"
        for each in times
    )
    return f"""
## Searching

Words of the plan at random (with a fixed seed), sent to `/search` by one client, one after the other, beside the
question of the library that looks for words in the texts of the plan by SPARQL (ms):

| what is typed | times | with results | median | 95 of 100 within | longest | median / first median |
|---|---|---|---|---|---|---|
{rows}
"""
