"""Word templates (.docx): read, compiled once, filled, shown as a page."""
