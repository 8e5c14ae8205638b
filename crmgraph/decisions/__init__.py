"""What people decide about proposed correspondences, and the file that they keep it in."""

from crmgraph.decisions.decision import AGENDA, DECISIONS, NOTHING, RELATIONS, Decision
from crmgraph.decisions.sssom import SEMAPV, read_decisions, write_decisions

__all__ = ["AGENDA", "DECISIONS", "NOTHING", "RELATIONS", "SEMAPV", "Decision", "read_decisions", "write_decisions"]
