"""One small diagram on both sides: ours, saved after each step, and the plain library, in memory."""

from __future__ import annotations

from typing import Any

from tests.unit.bpmn.drawn import Case, block, program
from tests.unit.bpmn.plain import Plain


class Pair:
    """The same moves on both sides. Only within `library_time`."""

    def __init__(self, drawn: bytes, **data: Any) -> None:
        self.ours, self.plain = Case(program(drawn), **data), Plain([drawn], **data)

    def do(self, *names: str, **data: Any) -> None:
        """Each task is completed, one after another; with the library everybody who has it open does."""
        for name in names:
            self.ours.do(name, **data)
            self.plain.all_do(name, False, data)

    def send(self, message: str) -> None:
        """A message arrives."""
        self.ours.send(message)
        self.plain.send(message)

    def wait(self, hours: int) -> None:
        """Time passes."""
        self.ours.wait(hours=hours)
        self.plain.wait_until(self.ours.now)

    def open(self) -> tuple[list[str], list[str]]:
        """Open tasks: ours, the library's."""
        return self.ours.open(), self.plain.open()

    def status(self) -> tuple[str, str]:
        """Whether it is over: ours, the library's."""
        assert self.ours.execution is not None
        return self.ours.execution.status, self.plain.status

    def data(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Variables of a completed instance: ours, the library's."""
        assert self.ours.execution is not None
        assert self.status() == ("completed", "completed")
        return dict(self.ours.execution.data), self.plain.data


def gateways(kind: str, *ids: str) -> str:
    """Gateways of one kind."""
    return "".join(f'<{kind}Gateway id="{id}"/>' for id in ids)


def script(id: str, text: str) -> str:
    """A script task."""
    return f'<scriptTask id="{id}"><script>{text}</script></scriptTask>'


def inner(id: str, inside: str, lines: str) -> str:
    """A sub-process with start event `s2` and, unless it is among the elements, end event `e2`."""
    ends = '<startEvent id="s2"/>' + ("" if 'id="e2"' in inside else '<endEvent id="e2"/>')
    return block(id, ends + inside, lines)
