"""Building: makes the checked dataset from plan documents, tables and the ontology."""
