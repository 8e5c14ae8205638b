"""Which part of a plan the text in a row is, or goes on with."""

__all__: list[str] = []
