"""The execution of mutants: preparation of the original plan, and the verdict on each mutant."""

from collections.abc import Iterator

from crmgraph.errors import SourceError
from crmgraph.extraction import Mention
from crmgraph.files import resource
from crmgraph.reading import read_plan_text
from crmgraph.reading.model import Source
from tests.checks.mutation import naming, structure, timing, wording
from tests.checks.mutation.bench import PLAN, Bench
from tests.checks.mutation.judging import GOOD, Verdict, judge
from tests.checks.mutation.mutants import Ground, Mutant, Operator

REAL = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")


def ground_of(text: str, bench: Bench) -> Ground:
    """The plan in `text`, prepared as the original of mutants."""
    background = bench.background

    def statuses_in(said: str) -> list[Mention]:
        # Alternative labels denote a status only at the beginning of an entry.
        return [mention for mention in background.statuses.find(said) if mention.form != "other-name"]

    return Ground(
        read_plan_text(Source(text), PLAN), bench.findings(text), background.gazetteer_for("es").find, statuses_in
    )


def operators(bench: Bench) -> tuple[Operator, ...]:
    return (*structure.OPERATORS, *wording.OPERATORS, *timing.OPERATORS, *naming.operators(bench.known))


def mutants(ground: Ground, bench: Bench) -> Iterator[tuple[Operator, Mutant]]:
    for operator in operators(bench):
        for mutant in operator.places(ground):
            yield operator, mutant


def run(mutant: Mutant, ground: Ground, bench: Bench) -> Verdict:
    try:
        found = bench.findings(mutant.text(ground.text))
    except SourceError:
        return GOOD if mutant.refused else Verdict(mutant.expected)
    return judge(mutant, ground, found)
