"""Example addresses of each kind of page of the site. A new kind of page needs a line in `sitemap.txt`."""

from pathlib import Path

LANGUAGES = ("es", "en")

PAGES = tuple(Path(__file__).with_name("sitemap.txt").read_text(encoding="utf-8").split())
"""The pages, by their paths without language."""

REFUSED = ("/explain?s=plan/crm/pgm/7&p=cg:topicWithin&o=topic:none", "/nothing", "/findings/title-difers")
"""Addresses at which a page says with status 404 that there is nothing."""

ALONE = ("/sparql", "/passages")
"""Pages that are tools, with all that may be asked of them: their data have addresses of their own."""

LARGE = ("/sparql", "/pictures")
"""Pages that may be larger than others: the workbench, and pictures."""
