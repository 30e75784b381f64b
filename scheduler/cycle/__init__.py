"""周期流程: what recurs, when it comes round, and that each occasion is started exactly once."""

from scheduler.cycle.file import parse_cycles
from scheduler.cycle.plan import KIND, plan, starter
from scheduler.cycle.recur import Cycle, Occasion, Workdays, occasions

__all__ = ["KIND", "Cycle", "Occasion", "Workdays", "occasions", "parse_cycles", "plan", "starter"]
