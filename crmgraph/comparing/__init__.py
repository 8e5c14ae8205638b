"""Comparing two versions of a plan, part by part."""

from crmgraph.comparing.changes import CHANGES, Change, Comparison, compare

__all__ = ["CHANGES", "Change", "Comparison", "compare"]
