"""The questions of the library: their forms, and their answers as tables, charts and files."""
