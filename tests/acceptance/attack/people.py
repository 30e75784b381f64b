"""Who there is in the demo district, for those who try every door with every key."""

from __future__ import annotations

PASSWORD = "yunxi-demo-2026"

DCS = ("clerk1", "lead")
QZB = ("office-clerk", "office-head")
LSG = ("group-head",)
UP = ("up1",)
AUDIT = ("auditor",)
LISTS = ("manager",)
UNIT_A = ("u07-contact", "u07-deputy")
UNIT_B = ("u01-head", "u06-contact")
"""U06 is the unit complained of in an ordinary complaint; U01 has nothing to do with it."""
NO_CASES = ("owner", "admin")
DESKS = ("secrecy", "publisher")

EVERYBODY = (*DCS, *QZB, *LSG, *UP, *AUDIT, *LISTS, *UNIT_A, *UNIT_B, *NO_CASES, *DESKS)
