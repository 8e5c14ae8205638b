"""The document of a plan: its table, whole or in part, with what the graph has to say beside its words."""

__all__: list[str] = []
