"""What is kept at hand for searching, and when it is made anew."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from crmgraph.errors import AnswerError
from crmgraph.site import Searcher, Site

pytestmark = pytest.mark.drill


def test_it_is_made_once_for_all_who_ask(site: Site) -> None:
    searcher = Searcher(site)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: searcher.holdings(), range(8)))
    assert {id(each) for each in made} == {id(made[0])}
    assert made[0].search("fondo vulnerables").entries


def test_it_is_made_anew_where_the_data_have_changed(site: Site) -> None:
    states = ["one"]
    searcher = Searcher(replace(site, written=lambda: states[-1]))
    first = searcher.holdings()
    assert searcher.holdings() is first
    states.append("two")
    assert searcher.holdings() is not first


def test_where_the_data_are_not_to_be_had_it_says_so_and_tries_again(site: Site) -> None:
    class Broken:
        state = "broken"

        def answer(self, *_: object) -> object:
            raise AnswerError("gone")

    searcher = Searcher(replace(site, pool=Broken()))  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(AnswerError, match="gone"):
            searcher.holdings()


def test_a_search_takes_no_50_ms_of_a_processor(site: Site) -> None:
    holdings = Searcher(site).holdings()
    times = {}
    for typed in (
        "fondo vulnerables",
        "migrantes",
        "de la",
        "memorandun",
        "implem",
        "retorno seguridad derechos",
        '"de la"',
    ):
        began = time.thread_time()
        found = holdings.search(typed)
        shown = [found.match(entry, "es") for entry in found.entries[:20]]
        times[typed] = time.thread_time() - began
        assert shown, typed
    assert max(times.values()) < 0.05, times
