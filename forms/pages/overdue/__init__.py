"""逾期清单: which cases are late or about to be, by unit, step and person, for those who supervise."""
