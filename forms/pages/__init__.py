"""Pages, one file per group. Importing this package attaches them all to the two blueprints."""
