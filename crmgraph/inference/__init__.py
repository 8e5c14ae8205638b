"""Inference: computes the triples that follow from the data by the rules of OWL 2 RL, and explains each of them."""
