"""The modules that all pages import: queries, addresses, representations, rendering, routing. Imports no feature."""

__all__: list[str] = []
