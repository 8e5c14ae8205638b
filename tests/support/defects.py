"""Plans and graphs with random defects, reproducible by seed."""

from collections.abc import Iterator
from itertools import cycle
from random import Random

from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.model import Source
from tests.support.cases import cases
from tests.support.phrases import HEADINGS as _HEADINGS

_THEMES = ("DERECHOS HUMANOS", "Derechos de las personas", "MIGRACION Y DESARROLLO", "Retorno")
_WORDS = cases("support/defects")
_TEXTS, _SCHEDULES = ([words for kind, words in _WORDS if kind == each] for each in ("text", "schedule"))


def defective_plan(seed: int, objectives: int = 4, title: str = "PLAN DE ACCION") -> Plan:
    """Return a plan with missing, repeated or wrong numbers and with texts that checks report."""
    random = Random(seed)
    texts, schedules = (cycle(random.sample(each, len(each))) for each in (_TEXTS, _SCHEDULES))
    rows = [_row(random, number, texts, schedules) for number in range(1, objectives + 1)]
    rows.append(("Tema vacío", "", "", "", ""))
    cells = "".join(f"\t{cell}\n" for row in (_HEADINGS, *rows) for cell in row)
    return read_plan_text(Source(f"{title}\n\n{cells}"), f"random-{seed}")


def _row(random: Random, number: int, texts: Iterator[str], schedules: Iterator[str]) -> tuple[str, ...]:
    theme = random.choice(_THEMES) if number == 1 or random.random() < 0.3 else ""
    objective = str(_off(random, number))
    actions = _numbers(random, objective)
    activities = [each for action in actions for each in _numbers(random, action)]
    entries = [f"{activity}.1" for activity in activities if random.random() < 0.9]
    note = "\n\nNota: No se han efectuado actividades concretas." if random.random() < 0.3 else ""
    return (
        theme,
        f"{objective}. {next(texts)}{note}",
        "\n\n".join(_line(random, each, texts) for each in actions),
        "\n\n".join(_line(random, each, texts) for each in activities),
        "\n\n".join(_line(random, each, schedules) for each in entries),
    )


def _numbers(random: Random, above: str) -> list[str]:
    return [f"{above}.{_off(random, number)}" for number in range(1, random.randint(1, 2) + 1)]


def _off(random: Random, number: int) -> int:
    return max(1, number + random.choice((0, 0, 0, 0, 0, 1, -1)))


def _line(random: Random, number: str, texts: Iterator[str]) -> str:
    return f"{number if random.random() < 0.9 else ''} {next(texts)}".strip() or "-"
