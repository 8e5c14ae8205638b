"""Reporting: the findings for people, for other programs, and for tools that know SHACL or SARIF."""

from crmgraph.checking.reporting.json import as_json, from_json
from crmgraph.checking.reporting.report import Document, Report

__all__ = ["FORMATS", "Document", "Report", "as_json", "from_json", "write"]

FORMATS = ("text", "json", "turtle", "sarif", "html")
"""The names of the forms in which a report can be written."""


def write(report: Report, form: str, base: str) -> str:
    """The report in one of the `FORMATS`; `base` is that of the addresses of things."""
    # Each form has needs of its own, and only one of them is asked for.
    if form == "json":
        return as_json(report.findings)
    if form == "turtle":
        from crmgraph.checking.reporting.turtle import as_turtle

        return as_turtle(report, base)
    if form == "sarif":
        from crmgraph.checking.reporting.sarif import as_sarif

        return as_sarif(report)
    if form == "html":
        from crmgraph.checking.reporting.html import as_html

        return as_html(report)
    from crmgraph.checking.reporting.text import as_text

    return as_text(report)
