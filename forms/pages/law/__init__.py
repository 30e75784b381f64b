"""法律: the clauses with what implements them, the legal bases, and what the district decides."""
