"""延期: what the extension's diagram asks of the deadlines."""
