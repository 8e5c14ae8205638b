"""The way from the document, the tables and the ontology to a checked dataset."""
