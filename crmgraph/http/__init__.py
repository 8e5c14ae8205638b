"""HTTP: the SPARQL and Graph Store protocols, errors, caching, negotiation and health."""
