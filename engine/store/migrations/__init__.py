"""Migrations of the database: from the first table on, every change of its shape is a file in versions/."""
