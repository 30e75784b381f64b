"""公文: drafted from a template, signed by another person, numbered only at issue, delivered."""
