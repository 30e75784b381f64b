"""Who may look at what is late."""

WATCHERS = (
    "MANAGER", "AUDITOR", "DCS_LEAD", "DCS_CLERK", "LSG_HEAD", "LSG_DEPUTY", "LSG_MEMBER", "QZB_HEAD",
    "QZB_CLERK", "UP_LIAISON", "U_HEAD", "U_DEPUTY", "U_INNER_HEAD",
)  # fmt: skip
