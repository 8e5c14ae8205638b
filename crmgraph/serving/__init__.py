"""The server: the SPARQL endpoint and the site over one dataset."""

from crmgraph.serving.server import Application, serve

__all__ = ["Application", "serve"]
