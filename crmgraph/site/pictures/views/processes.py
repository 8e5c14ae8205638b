"""The page of the consultative processes, with the picture of what they share."""

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.site.pictures.frame import (
    SVG,
    Picture,
    picture_file,
    picture_page,
    target_in,
)
from crmgraph.site.pictures.overlaps import Process, process_table, processes
from crmgraph.site.pictures.processes import draw_processes
from crmgraph.site.rendering import language_of, offers
from crmgraph.site.representations import (
    CSV,
    EVERY,
    GRAPHS,
    JSON,
    asked,
    data,
    rows_as_json,
    statements_as,
)
from crmgraph.site.rows import process_rows
from crmgraph.site.site import Site
from crmgraph.site.statements import about_processes

__all__ = ["processes_page"]


def processes_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The consultative processes, and which States they have in common."""
    form = SVG if is_file else asked(request, forms=(*EVERY, CSV, SVG))[1]
    if form in GRAPHS:
        return statements_as(site, about_processes(site), form)
    language = language_of(request)
    if form == CSV:
        return data(site.table(process_table(language), CSV.media_type), CSV.media_type, speaks=True)
    messages = translations(language)
    found = processes(site, language)
    if form == JSON:
        return rows_as_json(process_rows(found, site.labels(process.iri for process in found)))
    legend = (
        messages.gettext("a process: the more members, the larger"),
        messages.gettext("a few shared members"),
        messages.gettext("many shared members: the wider, the more; the stronger the colour, the more alike"),
    )

    def tell(one: Process, other: Process) -> str:
        said = messages.gettext("%(one)s and %(other)s share %(num)s members")
        return said % {"one": one.label, "other": other.label, "num": one.shared(other)}

    picture = Picture(
        "/processes",
        messages.gettext("Which processes share members"),
        messages.gettext(
            "Each circle is a process: the more members it has, the larger the circle. A line joins two processes "
            "that have at least a tenth of their members in common (Jaccard index): the more they share, the wider the "
            "line; the more alike their members are, the stronger its colour."
        ),
        lambda links, _: draw_processes(found, target_in(links, language), tell, legend),
        draw_narrow=lambda links, _: draw_processes(found, target_in(links, language), tell, legend, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "all": sorted(found, key=lambda process: process.label),
        "known": [process for process in found if process.members],
        "short_names": [
            (process.short, process.label)
            for process in found
            if process.members and process.short not in ("", process.label)
        ],
        "compared": site.library["shared-participants"],
        "labels": site.labels({process.level for process in found if process.level}),
        "questions": [question for question in site.library.values() if question.group == "processes"],
        **offers(request, site, "/processes", (*GRAPHS, JSON, CSV)),
    }
    return picture_page(request, site, picture, "processes.html", context)
