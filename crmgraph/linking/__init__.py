"""Matching of names with things of the graph, and of the parts of one plan with those of another."""
