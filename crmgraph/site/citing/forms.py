"""The forms in which a citation is to be had."""

from crmgraph.site.representations import HTML
from crmgraph.sparql import Format

__all__ = ["BIBTEX", "CFF", "CITATIONS", "CSL", "OFFERED", "RIS", "TEXT"]

TEXT = Format("txt", "TXT", "text/plain", "txt", "")
BIBTEX = Format("bib", "BibTeX", "application/x-bibtex", "bib", "")
RIS = Format("ris", "RIS", "application/x-research-info-systems", "ris", "")
CSL = Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl", "")
CFF = Format("cff", "CFF", "application/yaml", "cff", "")

CITATIONS = (TEXT, BIBTEX, RIS, CSL, CFF)
OFFERED = (HTML, *CITATIONS)
"""Those that the address of the citation answers in."""
