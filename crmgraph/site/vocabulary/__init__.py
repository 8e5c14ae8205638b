"""The ontology, its concept schemes and what terms are called."""

__all__: list[str] = []
