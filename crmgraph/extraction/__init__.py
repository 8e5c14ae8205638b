"""Information extraction from text: names of known things, dates and periods, statuses, and acronyms.

The functions take text and return spans in code points, end exclusive. They do not depend on the model of plans or on
RDF, except for the names in a gazetteer. Words and patterns are data in `lexicon/`, one YAML file for each module.
"""
