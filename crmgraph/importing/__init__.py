"""Plans in other files: each becomes a text table, which is read like any other plan."""

from crmgraph.importing.files import ENDINGS, read_tables
from crmgraph.importing.fitting import fitted
from crmgraph.importing.grid import Grid
from crmgraph.importing.levels import check_levels
from crmgraph.importing.mapping import Mapping, as_toml, guess, read_mapping
from crmgraph.importing.numbering.schemes import numbered_otherwise
from crmgraph.importing.sheets import with_sheets
from crmgraph.importing.tabling import as_text_table, assumed, by_numbers, left_out, unplaced

__all__ = [
    "ENDINGS", "Grid", "Mapping", "as_text_table", "as_toml", "assumed", "by_numbers", "check_levels", "fitted",
    "guess", "left_out", "numbered_otherwise", "read_mapping", "read_tables", "unplaced", "with_sheets",
]  # fmt: skip
