"""Variables over variables: what an activity alone sees, over what it shares with all others."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.bpmn.token import Token


class Over(ChainMap[str, Any]):
    """Reads see the upper map first. Writes go through to the lower one, but for the names in `own`."""

    def __init__(self, upper: Mapping[str, Any], lower: Any, own: Set[str] = frozenset()) -> None:
        super().__init__(upper, lower)  # type: ignore[arg-type]
        self._own = own

    def __setitem__(self, key: str, value: Any) -> None:
        self.maps[0 if key in self._own else 1][key] = value


class Counters(Mapping[str, int]):
    """A loop's counters, as one of its instances reads them.

    They can be read by name and are not listed, so that no copy of the variables takes them along.
    """

    def __init__(self, instance: Token) -> None:
        self._instance = instance

    def __getitem__(self, key: str) -> int:
        instance = self._instance
        loop, host = instance.task_spec.loop, instance.workflow.tasks.get(str(instance._parent))
        if loop is None or host is None or key not in loop.counter_names:
            raise KeyError(key)
        return loop.counters(host)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
