"""Updating: changes to the store, each made in a copy of it by a process that can be ended, and none forgotten."""

from crmgraph.updating.change import DEFAULT_GRAPH, Change, Changed
from crmgraph.updating.keeper import Keeper
from crmgraph.updating.rights import Writer, digest_of, find_writer, new_token

__all__ = ["DEFAULT_GRAPH", "Change", "Changed", "Keeper", "Writer", "digest_of", "find_writer", "new_token"]
