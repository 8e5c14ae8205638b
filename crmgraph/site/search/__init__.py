"""The search page, and the things that it finds."""
