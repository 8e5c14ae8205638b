"""crmgraph: the Plan de Acción of the Regional Conference on Migration as a knowledge graph."""

__version__ = "0.2.0"
