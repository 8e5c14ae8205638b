"""`python -m crmgraph` is the command line."""

from crmgraph.cli import main

__all__: list[str] = []

main()
