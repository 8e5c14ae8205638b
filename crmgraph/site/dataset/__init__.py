"""The dataset as a whole, and its named graphs."""

__all__: list[str] = []
