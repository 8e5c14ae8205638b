"""Building: makes the checked dataset from plan documents, background data and external graphs.

Background data are the ontology and the reference tables. External graphs are RDF graphs by other authors.
"""
