"""半年自查: what a unit reported, what was found of it, what the district adds up. Source: R7¶1."""
