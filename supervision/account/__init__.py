"""账号: local accounts, log-in sessions, and what a person who logged in may see."""
