"""The pages of the pictures, and the pictures as files."""

from crmgraph.site.pictures.views.index import pictures_page
from crmgraph.site.pictures.views.members import MEMBERS_PARAMETERS, members_page
from crmgraph.site.pictures.views.plan_tree import TREE_PARAMETERS, plan_tree_page
from crmgraph.site.pictures.views.processes import processes_page
from crmgraph.site.pictures.views.responsibilities import RESPONSIBILITIES_PARAMETERS, responsibilities_page
from crmgraph.site.pictures.views.schedule import schedule_page

__all__ = [
    "MEMBERS_PARAMETERS",
    "RESPONSIBILITIES_PARAMETERS",
    "TREE_PARAMETERS",
    "members_page",
    "pictures_page",
    "plan_tree_page",
    "processes_page",
    "responsibilities_page",
    "schedule_page",
]
