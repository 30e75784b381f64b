"""Wakes the engine up: due jobs, reminders, delivery of messages."""
