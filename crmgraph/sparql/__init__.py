"""SPARQL 1.1 queries over an Oxigraph store, run in worker processes that are killed at the time limit.

`pool.Pool(store, memory).answer(engine.Question(text), seconds)` returns an `engine.Answer` or raises a subclass of
`AnswerError`. A `Pool` is an `engine.Engine`, and so are the endpoints of `crmgraph.federation`.
"""
