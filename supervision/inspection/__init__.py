"""全区性检查: the checklist, its scores, rankings, problems and clues. Source: R6, R7¶1; DOMAIN 5."""
