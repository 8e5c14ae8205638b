"""The page of each thing: what the graph says about it, and how that is known."""
