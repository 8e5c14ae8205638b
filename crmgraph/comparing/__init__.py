"""The comparison of two versions of a plan, part by part."""
