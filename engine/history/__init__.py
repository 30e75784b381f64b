"""History: append-only, hash-chained per case."""

from engine.history.append import append, head
from engine.history.verify import Fault, verify_all, verify_chain

__all__ = ["Fault", "append", "head", "verify_all", "verify_chain"]
