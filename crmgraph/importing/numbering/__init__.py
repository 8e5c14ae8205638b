"""The numbers of the parts of a plan: those that a file prints, and those that are added."""

__all__: list[str] = []
