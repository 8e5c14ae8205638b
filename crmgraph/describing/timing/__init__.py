"""Words about time: dates, since when, until when, how often, after how long."""

from crmgraph.describing.timing.moments import Moment, find_times

__all__ = ["Moment", "find_times"]
