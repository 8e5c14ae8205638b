"""The answer to a query as pages show it, in which order, and how it is cited."""

__all__: list[str] = []
