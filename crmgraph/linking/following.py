"""Decisions about parts that have other numbers by now, as those who propose use them."""

from crmgraph.decisions.following import Words

__all__ = ["Words"]
