"""Plans as one looks through them."""

__all__: list[str] = []
