"""The answer to a query as pages show it, and in which order."""

__all__: list[str] = []
