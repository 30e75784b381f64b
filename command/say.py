"""What the command line says: results on stdout, refusals as Chinese sentences on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import (
    AlreadyCompleted,
    Conflict,
    DiagramError,
    EngineError,
    NotFound,
    Problem,
    StepFailed,
)

CHINESE = re.compile("[\u4e00-\u9fff]")
DONE, FAILED, MISUSED = 0, 1, 2
"""Exit codes: all well; something is wrong with what was asked about; the command was called wrongly."""


class Refused(Exception):
    """The command cannot do what was asked; the message is the whole Chinese sentence."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        self.code = code
        super().__init__(sentence)


def say(line: str = "") -> None:
    """One line of result, shown at once even through a pipe."""
    print(line, flush=True)


def say_json(value: Mapping[str, Any]) -> None:
    """One JSON object, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def complain(sentence: str) -> None:
    """One line on stderr."""
    print(sentence, file=sys.stderr, flush=True)


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """“文件/元素：说明”, errors before warnings."""
    words = {"error": "错误", "warning": "提醒"}
    ordered = sorted(problems, key=lambda p: (p.severity != "error", p.file, p.element_id))
    return [f"[{words.get(problem.severity, problem.severity)}] {problem}" for problem in ordered]


def sentence(error: EngineError) -> str:
    """The error as a Chinese sentence; what only developers can read stands in brackets."""
    text = str(error)
    match error:
        case DiagramError():
            return "\n".join(problem_lines(error.problems))
        case StepFailed():
            return f"流程在“{error.element_id or '（未知环节）'}”出错：{error.reason}"
        case AlreadyCompleted():
            return f"该任务已由 {error.by} 办理"
        case _ if CHINESE.search(text):
            return text
        case NotFound():
            return f"没有找到所要的内容（{text}）"
        case Conflict():
            return f"有人抢先一步，请重试（{text}）"
        case _:
            return f"流程引擎拒绝了操作（{text}）"
