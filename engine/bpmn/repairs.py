"""What an administrator may do to a running instance: mend variables, move a token, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import moves
from engine.bpmn.moves import Move
from engine.bpmn.running import Running
from engine.bpmn.values import storable
from engine.errors import ExpressionError, InvalidData, NotFound


class Repairs:
    """The part of `engine.bpmn.execution.Execution` that repairs."""

    _running: Running

    def set_variables(self, shard: str, data: Mapping[str, Any]) -> None:
        """Writes variables of a scope. Raises NotFound when the scope is gone, InvalidData."""
        scope = self._running.scopes.get(shard)
        if scope is None:
            raise NotFound(f"Expected a scope {shard}, but it is gone")
        scope.variables.update(stored_form(data))

    def move(self, task_id: str, target: str) -> None:
        """The token leaves where it stands and begins the element `target` of its scope.

        Raises:
            NotFound: the token is gone.
            InvalidData: what runs beside it would break.
        """
        token = self._running.find(task_id)
        if token is None:
            raise NotFound(f"Expected a token {task_id}, but it is gone")
        moves.move(token, target)

    def cancel(self) -> None:
        """Ends the instance as it stands, with all inside it."""
        self._running.cancel()

    def possible_moves(self) -> list[Move]:
        """Where tokens of the decoded shards may be moved to."""
        return moves.possible(self._running)


def stored_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidData for what cannot be a variable."""
    try:
        stored: dict[str, Any] = storable(data)
    except ExpressionError as error:
        raise InvalidData({"": [str(error)]}) from error
    return stored
