"""Small diagrams for `ducha try`, and a hand that writes and tries them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.acceptance.command.conftest import Ducha, told

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
    '<message id="m1" name="更多材料"/><message id="m2" name="答复"/><signal id="g1" name="停办"/>'
    '<error id="e1" errorCode="NO"/>'
)
LATE = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"


def flows(text: str) -> str:
    """``a>b a>c[condition]``, separated by blanks."""
    found = []
    for word in text.split():
        source, _, rest = word.partition(">")
        target, _, condition = rest.partition("[")
        inside = f"<conditionExpression>{condition[:-1]}</conditionExpression>" if condition else ""
        found.append(f'<sequenceFlow sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>')
    return "".join(found)


def drawn(elements: str, lines: str, id: str = "p") -> str:
    return f'<process id="{id}" isExecutable="true">{elements}{flows(lines)}</process>'


ENDS = '<startEvent id="s"/><endEvent id="e"/>'


class Trial:
    """Writes files and runs `ducha try --json` on them."""

    def __init__(self, ducha: Ducha, folder: Path) -> None:
        self.ducha, self.folder = ducha, folder
        self.code = 0

    def __call__(self, *processes: str, answers: Mapping[str, Any] | None = None, **options: str) -> Any:
        diagram = self.folder / "try.bpmn"
        diagram.write_text(HEAD + "".join(processes) + "</definitions>")
        words = ["try", str(diagram), "--json"]
        if answers is not None:
            (self.folder / "answers.json").write_text(json.dumps(answers))
            words += ["--answers", str(self.folder / "answers.json")]
        for name, value in options.items():
            words += [f"--{name}", value]
        self.code, out, err = self.ducha(*words)
        assert err == ""
        return told(out)


RACE = drawn(
    ENDS + '<userTask id="u"/><eventBasedGateway id="g"/>'
    '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
    f'<intermediateCatchEvent id="t">{LATE}</intermediateCatchEvent><endEvent id="late"/>',
    "s>u u>g g>m g>t m>e t>late",
)
