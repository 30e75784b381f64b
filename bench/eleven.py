"""What both servers run: a case of eleven user tasks with 2 KB forms, and one user task that turns for ever.

Every task has a boundary timer of seven days, and its answers are kept beside those of the tasks before, so
that a case grows as cases do. The naive design takes the same answers unchecked.
"""

from __future__ import annotations

import json
import random
import uuid
from itertools import pairwise
from typing import Any

STEPS = 11
EXCLUSIVE = 6
"""The task before the gateway."""
TEXT = "".join(random.Random(7).choice("abcdefghij klmnop") for _ in range(2000))
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="defs" targetNamespace="http://ducha/bench">
<bpmn:process id="{process}" name="{process}" isExecutable="true">
<bpmn:startEvent id="st"/><bpmn:endEvent id="en"/><bpmn:endEvent id="en_late"/>
"""
TAIL = "</bpmn:process></bpmn:definitions>"
TASK = """<bpmn:userTask id="{id}" name="{id}" camunda:formKey="{form}" camunda:candidateGroups="DCS_CLERK"/>
<bpmn:boundaryEvent id="bt_{id}" attachedToRef="{id}"><bpmn:timerEventDefinition id="td_{id}">
<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">"P7D"</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:sequenceFlow id="late_{id}" sourceRef="bt_{id}" targetRef="en_late"/>
"""
FLOW = '<bpmn:sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}"/>\n'
WHEN = """<bpmn:sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}">
<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{when}</bpmn:conditionExpression>
</bpmn:sequenceFlow>
"""


def eleven() -> str:
    """Eleven tasks in a row; after the sixth a gateway that could go another way."""
    parts = [HEAD.format(process="eleven")]
    parts += [TASK.format(id=f"t{n}", form=f"f{n}") for n in range(1, STEPS + 1)]
    parts += [TASK.format(id="t_other", form="f7")]
    parts += ['<bpmn:exclusiveGateway id="gw" default="f_gw_t7"/><bpmn:exclusiveGateway id="gj"/>\n']
    way = ["st", *(f"t{n}" for n in range(1, EXCLUSIVE + 1)), "gw", "t7", "gj"]
    way += [*(f"t{n}" for n in range(EXCLUSIVE + 2, STEPS + 1)), "en"]
    parts += [FLOW.format(a=a, b=b) for a, b in pairwise(way)]
    parts += [WHEN.format(a="gw", b="t_other", when="route == 'B'"), FLOW.format(a="t_other", b="gj")]
    return "".join((*parts, TAIL))


def looper() -> str:
    """One task that comes back as long as `again` is true."""
    parts = [HEAD.format(process="looper"), TASK.format(id="t1", form="f1")]
    parts += ['<bpmn:exclusiveGateway id="gw" default="f_gw_en"/>\n', FLOW.format(a="st", b="t1")]
    parts += [FLOW.format(a="t1", b="gw"), FLOW.format(a="gw", b="en")]
    return "".join((*parts, WHEN.format(a="gw", b="t1", when="again == True"), TAIL))


DIAGRAMS = {"eleven": eleven, "looper": looper}


def form(number: int) -> str:
    """The form of a task: its answers are an object under the form's key."""
    rows = [_field("sku"), _field("qty", "number"), _field("price", "number", 2), _field("note")]
    address = [_field("street"), _field("city"), _field("zip")]
    inner = [
        *map(_field, ("applicant", "uid")),
        _field("date", "datetime", subtype="date"),
        _field("amount", "number", 2),
        _field("approved", "checkbox"),
        _field("comment", "textarea"),
        {"type": "group", "id": "g_address", "label": "address", "path": "address", "components": address},
        {"type": "dynamiclist", "id": "g_items", "label": "items", "path": "items", "components": rows},
    ]
    route = _field("route", "select") | {"values": [{"label": way, "value": way} for way in "AB"]}
    whole = {"type": "group", "id": "g", "label": "form", "path": f"form_{number}", "components": inner}
    return json.dumps(
        {"type": "default", "id": f"f{number}", "components": [route, _field("again", "checkbox"), whole]}
    )


def bundle(process: str) -> dict[str, bytes]:
    """A process folder as `ducha publish` reads it."""
    files = {f"{process}.bpmn": DIAGRAMS[process](), "process.toml": f'key = "{process}"\n'}
    forms = {f"f{n}.form": form(n) for n in range(1, STEPS + 1 if process == "eleven" else 2)}
    return {path: text.encode() for path, text in (files | forms).items()}


def answers(number: int) -> dict[str, Any]:
    """2 KB of answers for the form of that number, never twice the same."""
    start = random.randrange(1000)
    items = [{"sku": f"SKU-{n:05d}", "qty": n, "price": n * 3.5, "note": "n" * 30} for n in range(10)]
    filled = {
        "applicant": "Jane Q. Public",
        "date": "2026-11-23",
        "amount": 1234.5,
        "approved": True,
        "address": {"street": "Some street 12", "city": "Springfield", "zip": "12345"},
        "items": items,
        "uid": str(uuid.uuid4()),
        "comment": TEXT[start : start + 860],
    }
    return {"route": "A", "again": True, f"form_{number}": filled}


def _field(key: str, kind: str = "textfield", digits: int | None = None, **more: Any) -> dict[str, Any]:
    part: dict[str, Any] = {"type": kind, "id": f"x_{key}", "key": key, "label": key, **more}
    if kind == "datetime":
        part["dateLabel"] = key
    if digits is not None:
        part["decimalDigits"] = digits
    return part
