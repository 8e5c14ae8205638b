"""Serving: the SPARQL endpoint and the site over one built dataset, for reading."""

from crmgraph.serving.server import Application, serve

__all__ = ["Application", "serve"]
