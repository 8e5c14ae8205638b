"""Comparing two versions of a plan, part by part."""
