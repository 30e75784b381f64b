"""法律依据: the sources documents and rules rest on, their versions, and what cites them."""

from supervision.basis.basis import Basis
from supervision.basis.guard import Override, demand_in_force
from supervision.basis.versions import bases

__all__ = ["Basis", "Override", "bases", "demand_in_force"]
