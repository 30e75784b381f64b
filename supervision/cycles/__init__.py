"""周期: what recurs, when it comes round, that each occasion is started once, and what became of it."""

from supervision.cycles.file import parse_cycles, read_cycles
from supervision.cycles.plan import KIND, plan, starter
from supervision.cycles.recur import Cycle, Occasion, Workdays, occasions

__all__ = [
    "KIND",
    "Cycle",
    "Occasion",
    "Workdays",
    "occasions",
    "parse_cycles",
    "plan",
    "read_cycles",
    "starter",
]
