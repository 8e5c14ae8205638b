"""Inference: what follows from the data and the ontology by the rules of OWL 2 RL, and why."""
