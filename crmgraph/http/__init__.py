"""The HTTP interface: SPARQL and Graph Store protocols, errors, content negotiation, health checks."""
