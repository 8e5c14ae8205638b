"""How the dataset, a page and an answer are cited, in one voice, so that whoever follows it finds the same data."""

__all__: list[str] = []
