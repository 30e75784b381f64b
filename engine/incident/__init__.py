"""Incidents: listed, retried, resolved by an administrator."""

from engine.incident.handle import open_incidents, resolve, retry_job

__all__ = ["open_incidents", "resolve", "retry_job"]
