"""Consistency checks: SHACL validation of a dataset, and its results as findings with their passages."""
