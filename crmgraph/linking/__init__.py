"""Finding what a name that somebody wrote may stand for: the things of the graph, and how well each fits."""
