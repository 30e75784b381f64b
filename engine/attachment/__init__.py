"""Attachments: content by digest, rows by case."""

from engine.attachment.store import attach, content_of, of_instance, remove

__all__ = ["attach", "content_of", "of_instance", "remove"]
