"""Federating: queries that also ask other SPARQL endpoints, which are allowed by name (SPARQL 1.1 Federated Query).

`Federated(engine, Fetcher(Allowed(addresses)))` is an `Engine` that answers SERVICE: the other endpoint is asked first,
and its answer put in the place of the SERVICE clause. Without it no query reaches any other address. `Snapshots` of
endpoints stand in for them where they do not answer.
"""
