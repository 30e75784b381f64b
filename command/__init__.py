"""The `ducha` command: the only composition root, the only place that makes a clock."""
