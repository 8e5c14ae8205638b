"""Information extraction: finds in the words of a text who is named, when things are, how they stand, and acronyms.

Takes text and gives spans (code points, end exclusive); knows no plan and writes no graph. The words and patterns are
data in `lexicon/`, a YAML file a recogniser.
"""
