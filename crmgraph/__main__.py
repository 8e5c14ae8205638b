"""`python -m crmgraph` is the command line."""

from crmgraph.cli import main

main()
