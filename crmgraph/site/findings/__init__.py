"""The consistency report and the catalogue of checks."""

__all__: list[str] = []
