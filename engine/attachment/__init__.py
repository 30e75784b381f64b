"""Attachments: content by digest, rows by case."""

from engine.attachment.store import attach, content_of, move_to_case, of_instance, remove

__all__ = ["attach", "content_of", "move_to_case", "of_instance", "remove"]
