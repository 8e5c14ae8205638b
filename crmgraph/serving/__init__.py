"""The server: the SPARQL endpoint and the site over one dataset."""
