"""Generates plans in text, as varied as real ones, for measurements: python -m tests.bench.plans N FOLDER."""

import re
import sys
from pathlib import Path
from random import Random

import yaml

WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
AVERAGE_OBJECTIVES = 11
"""How many objectives make a plan of about 150 parts."""


class _Author:
    """Writes the plan with a number. The same number gives the same plan."""

    def __init__(self, number: int) -> None:
        self._random, self._number = Random(number), number
        self._words = WORDS["es" if self._random.random() < 0.6 else "en"]
        self._year = self._random.randint(2005, 2027)

    def _fill(self, template: str) -> str:
        """Return a template with a value in place of each name in braces."""
        return re.sub(r"\{(\w+)\}", lambda name: str(self._values()[name[1]]), template)

    def _values(self) -> dict[str, object]:
        random, words = self._random, self._words
        return {
            "actor": random.choice(words["actors"]),
            "where": random.choice(words["places"]),
            "thing": random.choice(words["things"]),
            "month": random.choice(words["months"]),
            "year": self._year + random.randint(0, 3),
            "later": self._year + random.randint(4, 6),
            "years": f"{self._year}-{self._year + 4}",
            "objective": random.randint(1, AVERAGE_OBJECTIVES),
            "number": self._number,
        }

    def _sentence(self) -> str:
        random, words = self._random, self._words
        return self._fill(
            f"{random.choice(words['verbs'])} {random.choice(words['things'])} {random.choice(words['ends'])}".strip()
        )

    def _objective(self, number: int) -> tuple[str, str, str, str]:
        """Return the cells of an objective, its actions, their activities and the schedule."""
        random, words = self._random, self._words
        actions, activities, schedule = [], [], []
        for action in range(1, random.randint(1, 3) + 1):
            actions.append(f"{number}.{action} {self._sentence()}")
            for activity in range(1, random.randint(1, 4) + 1):
                label = f"{number}.{action}.{activity}"
                activities.append(f"{label} {self._fill(random.choice(words['activities']))}")
                if random.random() < 0.95:
                    schedule.append(f"{label}.1 {self._fill(random.choice(words['times']))}")
        if random.random() < 0.2:
            activities.append(self._fill(words["note"]))
        cells = (actions, activities, schedule)
        return f"{number}. {self._sentence()}", *("\n\n".join(each) for each in cells)  # type: ignore[return-value]

    def plan(self) -> str:
        random, words = self._random, self._words
        count = random.randint(AVERAGE_OBJECTIVES // 2, AVERAGE_OBJECTIVES * 3 // 2)
        starts = {1, *random.sample(range(1, count + 1), random.randint(2, 5))}
        themes = iter(random.sample(words["themes"], len(starts)))
        rows = ((next(themes) if n in starts else "", *self._objective(n)) for n in range(1, count + 1))
        cells = (cell for row in (words["headings"], *rows) for cell in row)
        return f"{self._fill(words['title'])}\n\n" + "".join(f"\t{cell}\n" for cell in cells)


def write_plans(count: int, folder: Path) -> None:
    """Write plans to a folder, `plan-1.txt` and so on. A plan is the same whatever their count."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        (folder / f"plan-{number}.txt").write_text(_Author(number).plan(), encoding="utf-8")


if __name__ == "__main__":
    write_plans(int(sys.argv[1]), Path(sys.argv[2]))
