"""公开: results made public, without a word that says who complained."""
