"""The search page, and the things that it finds."""

__all__: list[str] = []
