"""What every page stands on: asking the data, links, representations, rendering, routing. Imports no feature."""

__all__: list[str] = []
