"""Plans in other files: each becomes a text table, which is read like any other plan."""

from crmgraph.importing.files import ENDINGS, read_tables
from crmgraph.importing.grid import Grid
from crmgraph.importing.guessing import guess
from crmgraph.importing.mapping import Mapping, as_toml, read_mapping
from crmgraph.importing.numbering import numbered_otherwise
from crmgraph.importing.plan_table import PlanTable, loose_told

__all__ = [
    "ENDINGS", "Grid", "Mapping", "PlanTable", "as_toml", "guess", "loose_told", "numbered_otherwise",
    "read_mapping", "read_tables",
]  # fmt: skip
