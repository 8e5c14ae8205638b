"""Serving: the SPARQL endpoint and the site over one built dataset, for reading."""

from crmgraph.serving.app import create_app
from crmgraph.serving.server import serve

__all__ = ["create_app", "serve"]
