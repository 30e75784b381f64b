"""A scenario file as data: how a case begins, what people do, what is expected in between."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from engine.deadline.shanghai import SHANGHAI
from engine.errors import InvalidData

STEP_KEYS = {
    "about", "at", "clock", "down", "case", "unit", "process", "begin", "form", "task", "issue", "by",
    "message", "correlation", "extend", "suspend", "resume", "decide", "declare", "data", "refused", "expect",
}  # fmt: skip
EXPECT_KEYS = {
    "open", "due", "amber", "light", "status", "ended", "outcome", "var", "hidden_from", "kept", "letters",
    "delivered", "cards", "proposed",
}  # fmt: skip
_PLAIN = (
    "about", "case", "unit", "process", "begin", "form", "task", "issue", "by", "message", "correlation",
    "extend", "suspend", "resume", "decide", "declare", "refused",
)  # fmt: skip

When = Callable[[Any], datetime]
Dated = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Begin:
    """How the case comes in. Without `event` its process has one plain start event."""

    process: str
    event: str | None = None
    form: str = ""
    by: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One line of the story. `number` counts from 1, for messages."""

    number: int
    at: datetime | None = None
    """The clock is moved here first; timers on the way fire in their order."""
    down: datetime | None = None
    """Until then the server is off: what fell due meanwhile is done in its first minute."""
    case: int = 0
    """Which of the cases filed, counted from 1; 0 is the last: the one the story is about."""
    unit: str = ""
    """Code of a unit: the step is about the process that was started for it (逐单位下发)."""
    process: str = ""
    """Key of a process: the step is about its instance that began last, e.g. the 问责 a complaint led to."""
    begin: str = ""
    """Key of a process that `by` starts in the middle of the story, with `form` and `data`."""
    form: str = ""
    task: str = ""
    about: str = ""
    """Name of a respondent, a measure, or both: which of the parallel tasks or documents is meant."""
    issue: str = ""
    """Template code of a document: every task of its chain is done, by who may; with `mode` in `data` it is
    served too. `by` drafts."""
    by: str = ""
    message: str = ""
    correlation: str = ""
    extend: str = ""
    """Rule whose running period `by` asks to extend, with `days` and `reason` in `data`."""
    suspend: str = ""
    """Rule whose clock `by` stops, with `ground`, `remark`, and if need be `clause` and `on`, in `data`."""
    resume: str = ""
    """Rule whose clock `by` starts again, with `remark`, and if need be `on`, in `data`."""
    decide: str = ""
    """约谈 or 线索 that `by` decides about, with `accept`, `reason`, and for 线索 `grounds`, in `data`."""
    declare: str = ""
    """无 or 有: the 回避声明 of `by` in this case; 有 with `conflict_type` and `detail` in `data`."""
    data: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""
    """A part of the sentence with which the step must be refused."""
    expect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How messages name it."""
        moved = self.extend or self.suspend or self.resume or self.decide
        moved = moved or (f"回避声明{self.declare}" if self.declare else "")
        what = (
            self.task
            or (f"启动 {self.begin}" if self.begin else "")
            or (f"制发 {self.issue}" if self.issue else "")
            or self.message
            or moved
            or ("停机" if self.down else "核对" if self.expect else "拨动时钟")
        )
        return f"第 {self.number} 步 {what}{f'（{self.by}）' if self.by else ''}"


@dataclass(frozen=True)
class Script:
    """A whole file. `also` cases like it are filed before it begins."""

    path: Path
    name: str
    start: datetime
    begin: Begin
    steps: Sequence[Step]
    clauses: Sequence[str] = ()
    also: int = 0


def read_script(path: Path, when: When | None = None, data: Dated = dict) -> Script:
    """`when` reads times and `data` the answers, where a story tells them in its own way.

    Raises:
        InvalidData: keyed by file, with what is wrong in Chinese.
    """
    when = when or instant
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        begin = read["begin"]
        return Script(
            path=path,
            name=str(read.get("name", path.stem)),
            start=when(read["start"]),
            begin=Begin(
                process=str(begin["process"]),
                event=begin.get("event"),
                form=str(begin.get("form", "")),
                by=str(begin.get("by", "")),
                data=data(begin.get("data", {})),
            ),
            steps=[_step(number, step, when, data) for number, step in enumerate(read.get("step", ()), 1)],
            clauses=list(read.get("clause", ())),
            also=int(read.get("also", 0)),
        )
    except KeyError as error:
        reason = f"缺少 {error.args[0]}"
    except (OSError, ValueError, TypeError) as error:
        reason = str(error)
    raise InvalidData({str(path): [f"情景文件读不懂：{reason}"]})


def instant(value: Any) -> datetime:
    """A time of a scenario; without a zone it is Beijing time. Raises ValueError."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001  the zone follows
    else:
        moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _step(number: int, read: Mapping[str, Any], when: When, data: Dated) -> Step:
    unknown = set(read) - STEP_KEYS | set(read.get("expect", {})) - EXPECT_KEYS
    if unknown:
        raise ValueError(f"第 {number} 步有不认识的词：{'、'.join(sorted(unknown))}")
    moment = read.get("at", read.get("clock"))
    return Step(
        number=number,
        at=when(moment) if moment is not None else None,
        down=when(read["down"]) if "down" in read else None,
        **{key: read[key] for key in _PLAIN if key in read},
        data=data(read.get("data", {})),
        expect=dict(read.get("expect", {})),
    )
