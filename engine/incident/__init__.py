"""Incidents: what failed and waits for a person, who tries it again, mends it, moves on, or cancels."""

from engine.incident.find import act_of, find_incident, open_incidents, overtaken
from engine.incident.repair import (
    Changed,
    cancel_instance,
    move_token,
    possible_moves,
    resolve,
    set_variable,
)
from engine.incident.retry import Retried, retry
from engine.incident.take import allow

__all__ = [
    "Changed",
    "Retried",
    "act_of",
    "allow",
    "cancel_instance",
    "find_incident",
    "move_token",
    "open_incidents",
    "overtaken",
    "possible_moves",
    "resolve",
    "retry",
    "set_variable",
]
