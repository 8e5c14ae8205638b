"""When the parts of a plan are, in whatever cells and columns a file says it."""

__all__: list[str] = []
