"""回避: declarations before the first task, requests, decisions, and who is barred from a case."""
