"""Charts of the plan, of the processes, of answers and of the ontology, laid out here and written as SVG."""
