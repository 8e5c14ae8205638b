"""Federated queries (SPARQL 1.1 Federated Query): SERVICE clauses that query other SPARQL endpoints.

`FederatedEngine(engine, Fetcher(AllowedUrls(addresses)))` is an `Engine` that evaluates SERVICE for allowed addresses.
It queries the other endpoint first, and replaces the SERVICE clause by the results. An engine that is not federated
sends no query to other addresses. `Snapshots` answer for an endpoint that does not respond.
"""
