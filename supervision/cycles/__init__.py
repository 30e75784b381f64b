"""周期: what recurs, when it comes round, that each occasion is started once, and what became of it."""
