"""Names as people write them, reconciled over HTTP: how many a second, how many rightly, and beside plain likeness."""

import json
import random
import re
import subprocess
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from crmgraph.linking import Entity
from crmgraph.linking.store import entities_in
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.storing.disk import open_store
from tests.support.servers import SETTLED, crmgraph_command

__all__ = ["Reconciled", "reconciled", "reconciling_report"]

NAMES = 10_000
BATCHES = (10, 200)
_KINDS = tuple(f"{ONTOLOGY}#{name}" for name in ("Agent", "ConsultativeProcess", "Instrument", "Place"))
_KEYS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Reconciled:
    """Names sent in batches of this size: the seconds it took, and the bytes that the server took at most."""

    batch: int
    seconds: float
    memory: int


@dataclass(frozen=True)
class _Written:
    """A name as somebody wrote it, how it was spoilt, and the IRIs of the things that are called so."""

    text: str
    how: str
    meant: frozenset[str]


def reconciled(build: Path, folder: Path) -> tuple[list[Reconciled], Mapping[str, Sequence[tuple[bool, bool, bool]]]]:
    """The times on a built dataset, in this folder; and by how a name was spoilt whether the service had it first,
    whether plain likeness did, and whether the service took a wrong thing for certain.
    """
    entities = _entities(folder)
    written = list(_written(entities))
    times: list[Reconciled] = []
    best: dict[str, tuple[str, bool]] = {}
    for size in BATCHES:
        with _server(build) as (address, memory):
            # The first request has the names read.
            _ask(address, [written[0].text])
            time.sleep(SETTLED)
            began = time.perf_counter()
            for start in range(0, len(written), size):
                best |= _ask(address, [each.text for each in written[start : start + size]])
            times.append(Reconciled(size, time.perf_counter() - began, memory()))
    plain = _plain(entities)
    judged: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for each in written:
        iri, is_certain = best[each.text]
        judged[each.how].append(
            (iri in each.meant, plain(each.text) in each.meant, is_certain and iri not in each.meant)
        )
    return times, judged


def _entities(folder: Path) -> dict[str, Entity]:
    found = entities_in(open_store(folder), Names())
    return {iri: entity for iri, entity in found.items() if set(entity.kinds) & set(_KINDS)}


def _written(entities: Mapping[str, Entity]) -> Iterator[_Written]:
    chance = random.Random(1)
    called: dict[str, set[str]] = defaultdict(set)
    for entity in entities.values():
        for name in entity.names:
            if len(name) > 5:
                called[name.casefold()].add(entity.iri)
    names = sorted(called)
    for number in range(NAMES):
        name = chance.choice(names)
        how = list(_SPOILT)[number % len(_SPOILT)]
        yield _Written(_SPOILT[how](name, chance), how, frozenset(called[name]))


def _slip(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name) - 1)
    return chance.choice(
        (name[:place] + name[place + 1 :], name[:place] + chance.choice(_KEYS) + name[place:],
         name[:place] + name[place + 1] + name[place] + name[place + 2 :])
    )  # fmt: skip


def _cut_off(name: str, chance: random.Random) -> str:
    long = [word for word in name.split() if len(word) > 6]
    if not long:
        return name
    word = chance.choice(long)
    return name.replace(word, word[: chance.randrange(3, 6)] + ".", 1)


def _turned(name: str, chance: random.Random) -> str:
    words = name.split()
    place = chance.randrange(len(words))
    return ", ".join(filter(None, (" ".join(words[place:]), " ".join(words[:place]))))


_SPOILT: Mapping[str, Callable[[str, random.Random], str]] = {
    "in capitals": lambda name, _: name.upper(),
    "a slip of the pen": _slip,
    "two slips": lambda name, chance: _slip(_slip(name, chance), chance),
    "a word cut off": _cut_off,
    "words in another order": _turned,
    "small words left out": lambda name, _: re.sub(
        r"\b(de la|de los|de|del|la|para|sobre|of the|of|for|on) ", "", name
    ),
    "words run together": lambda name, _: name.replace(" ", "", 1),
}


def _plain(entities: Mapping[str, Entity]) -> Callable[[str], str]:
    """The thing whose name is most like a name by the likeness of their letters alone."""
    named = [(utils.default_process(name), iri) for iri, entity in entities.items() for name in entity.names]
    names = [name for name, _ in named]

    def best(written: str) -> str:
        found = process.extractOne(utils.default_process(written), names, scorer=fuzz.ratio)
        return named[found[2]][1] if found else ""

    return best


def _ask(address: str, names: Sequence[str]) -> dict[str, tuple[str, bool]]:
    queries = {str(place): {"query": name, "type": _KINDS} for place, name in enumerate(names)}
    body = urllib.parse.urlencode({"queries": json.dumps(queries)}).encode()
    with urllib.request.urlopen(f"{address}/es/reconcile", body, timeout=60) as answer:
        results = json.load(answer)
    best = (results[str(place)]["result"][:1] for place in range(len(names)))
    return {
        name: (found[0]["id"], found[0]["match"]) if found else ("", False)
        for name, found in zip(names, best, strict=True)
    }


@contextmanager
def _server(build: Path) -> Iterator[tuple[str, Callable[[], int]]]:
    command = [*crmgraph_command(), "serve", "--port", "0", "--rate", "0", "--build", str(build)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[3].rstrip("/")

        def memory() -> int:
            return sum(_most_memory(pid) for pid in (server.pid, *_workers(server.pid)))

        try:
            yield address, memory
        finally:
            server.terminate()


def _workers(pid: int) -> Iterator[int]:
    """The processes of a server that match names."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text(encoding="ascii").split():
            if b"reconciliation.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield int(child)


def _most_memory(pid: int) -> int:
    """How much memory a process had at most, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def reconciling_report(times: Sequence[Reconciled], judged: Mapping[str, Sequence[tuple[bool, bool, bool]]]) -> str:
    """The section of the page."""
    rows = "\n".join(
        f"| {each.batch} | {each.seconds:.1f} | {NAMES / each.seconds:,.0f} | {each.memory / 2**20:.0f} |"
        for each in times
    )
    everything = [each for each_of in judged.values() for each in each_of]
    shares = "\n".join(
        f"| {how} | {len(found):,} | {_share(found, 0)} | {_share(found, 1)} | {sum(each[2] for each in found)} |"
        for how, found in (*judged.items(), ("all", everything))
    )
    return f"""
## Reconciling

{NAMES:,} names of States, actors, processes, instruments and places, spoilt as people spoil them (at random, with a
fixed seed), sent to `/reconcile` ([reconciliation.md](reconciliation.md)) by one client, one batch after the other. The
memory is that of the process that serves and of the one that matches, at most, with all that they do else.

| names in a batch | s | names a second | MiB |
|---|---|---|---|
{rows}

How many of them it had at the first place, beside the name whose letters are most like by rapidfuzz
{version("rapidfuzz")} (`fuzz.ratio` over all names), and how many it took for certain that were wrong:

| how the name was spoilt | names | the service | plain likeness | wrong for certain |
|---|---|---|---|---|
{shares}
"""


def _share(found: Sequence[tuple[bool, bool, bool]], place: int) -> str:
    return f"{100 * sum(each[place] for each in found) / len(found):.1f} %"
