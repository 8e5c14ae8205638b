"""The questions of the library: as forms, with their answers as tables, pictures and files."""

__all__: list[str] = []
