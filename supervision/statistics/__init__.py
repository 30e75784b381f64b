"""统计: every indicator of DOMAIN 8.1 as one query with one definition, over what the viewer may see."""
