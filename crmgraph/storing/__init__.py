"""Storing: a dataset as sorted N-Quads (`quads`), and on disk as a store that queries are answered from (`disk`)."""

__all__: list[str] = []
