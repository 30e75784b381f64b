"""投诉: how complaints come in, what their steps do, and what the complainant can do meanwhile."""
