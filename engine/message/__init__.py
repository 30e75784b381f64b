"""Messages from outside: to a token that waits, to a process they start, or kept."""

from engine.message.publish import Delivered, publish

__all__ = ["Delivered", "publish"]
