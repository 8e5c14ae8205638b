"""Where visitors write queries."""

__all__: list[str] = []
