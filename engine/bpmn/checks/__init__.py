"""Checks before publishing, one family per file; `engine.bpmn.check` puts them together."""
