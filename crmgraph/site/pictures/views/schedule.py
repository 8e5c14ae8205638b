"""The picture of the schedule of the plan."""

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import format_day, format_duration, translations
from crmgraph.site.pictures.frame import (
    SVG,
    Picture,
    form_of,
    picture_file,
    picture_page,
    target_in,
)
from crmgraph.site.pictures.schedule import schedule
from crmgraph.site.pictures.timeline import NARROW, Wording, draw_schedule
from crmgraph.site.rendering import language_of
from crmgraph.site.site import Site

__all__ = ["schedule_page"]


def schedule_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The schedule entries of the plan, and what else states a status, along the years and by status."""
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    entries = schedule(site, site.names.id("plan", "crm"), language)
    wording = Wording(
        messages.gettext("With a date"),
        messages.gettext("Status without a date"),
        messages.gettext("no status"),
        messages.gettext("another part that states a status itself"),
        messages.gettext("date of an event or meeting, not of the status"),
        messages.gettext("since"),
        lambda duration: messages.gettext("every %(time)s") % {"time": format_duration(duration, language)},
        lambda day: format_day(day, language),
    )
    picture = Picture(
        "/pictures/schedule",
        messages.gettext("The schedule of the plan"),
        messages.gettext(
            "Each mark is a schedule entry or, with a dashed edge, another part that states its own status, and leads "
            "to its words. Dates and statuses are those that the text states: where it gives no date, none is "
            "assumed, and the date of an event or a meeting is drawn as the date of that event or meeting."
        ),
        lambda links, _: draw_schedule(entries, target_in(links, language), wording),
        draw_narrow=lambda links, _: draw_schedule(entries, target_in(links, language), wording, NARROW),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {"entries": entries}
    return picture_page(request, site, picture, "pictures/schedule.html", context, ("schedule-status", {}))
