"""Messages and signals from outside: a message for exactly one receiver, a signal for all."""

from engine.message.broadcast import Broadcast, broadcast
from engine.message.publish import Delivered, publish

__all__ = ["Broadcast", "Delivered", "broadcast", "publish"]
