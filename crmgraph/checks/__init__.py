"""Checks: SHACL shapes are run over a dataset, and what falls short becomes findings with their passages."""
