"""The page of each thing: all statements about it, and their sources."""
