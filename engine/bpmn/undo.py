"""Compensation: what was completed is undone, the last first, each with the data it had when it completed.

What one handler wrote the next ones see, so that they can add to it: a total, a list of what was undone.

A scope keeps in ``done`` an entry for each completed activity that can be undone: ``of`` names it, ``kept``
are the variables at its completion, ``inner`` what was completed inside a sub-process, ``open`` marks one
that was not completed itself. A driver is the token that has entries undone, one after the other: of a throw
or end event, or of a sub-process that is opened again for it.
Source: BPMN 2.0 section 13.5.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow
    from engine.bpmn.token import Token

Entry = dict[str, Any]


def remember(token: Token) -> None:
    """An activity that can be undone has completed. Those of a loop count when the loop has completed."""
    inner = token.internal_data.pop("inner", [])
    spec = token.task_spec
    if spec.handler is None and not inner and not spec.undoes_itself:
        return
    entry: Entry = {"of": spec.in_flow.name, "kept": dict(token.data)}
    if spec.handler is None:
        entry["inner"] = inner
    loop = token.workflow.tasks.get(token._parent) if token._parent else None
    held = loop.internal_data.setdefault("entries", []) if loop else token.workflow.done
    held.append(entry)


def take_done(scope: ScopeWorkflow, activity: str | None = None) -> list[Entry]:
    """Takes the entries of a scope, or those of one activity in it, in the order of completion."""
    taken = [entry for entry in scope.done if activity in (None, scope.spec.task_specs[entry["of"]].node.id)]
    scope.done = [entry for entry in scope.done if entry not in taken]
    return taken


def take_all(scope: ScopeWorkflow) -> list[Entry]:
    """As `take_done`, with what was completed inside activities that have not completed themselves."""
    entries = take_done(scope)
    for token in list(scope.tasks.values()):
        entries += token.internal_data.pop("entries", []) + token.internal_data.pop("undo", [])
        spec = token.task_spec
        inside = scope.running.nested(token.id) if spec.has_scope and not spec.isolates else None
        if inside is not None and (inner := take_all(inside)):
            entries.append({"of": spec.in_flow.name, "kept": dict(token.data), "inner": inner, "open": 1})
    return entries


def begin_undo(driver: Token, entries: list[Entry], beside: Token | None = None) -> bool | None:
    """Has `entries` undone by children of `driver`, or of `beside`, the event sub-process it stands in.

    Returns the answer of a `_run_hook`: True when there is nothing to do.
    """
    driver._set_state(TaskState.STARTED)
    driver.internal_data["undo"] = entries
    if beside is not None:
        driver.internal_data["beside"] = beside.id
    return None if _next(driver) else True


def undone(handler: Token) -> None:
    """One entry is undone: the one before it follows, or the driver completes."""
    driver = handler.workflow.tasks.get(str(handler._parent))
    if driver is not None and "driver" in handler.internal_data:
        inside = handler.workflow.running.nested(driver.id)
        driver = inside.tasks.get(handler.internal_data["driver"]) if inside else None
    if driver is None:
        return
    _show(driver.internal_data["undo"], handler.internal_data.get("wrote", ()))
    if not _next(driver):
        driver.complete()


def _show(entries: list[Entry], wrote: Sequence[str]) -> None:
    """Of the variables in `wrote` the entries have today's values, no longer those they kept."""
    for entry in entries:
        for name in wrote:
            entry["kept"].pop(name, None)
        _show(entry.get("inner", []), wrote)


def _next(driver: Token) -> bool:
    """Begins to undo the last of the entries; False when none is left."""
    entries: list[Entry] = driver.internal_data["undo"]
    if not entries:
        return False
    entry = entries.pop()
    parent = driver
    internal = {key: value for key, value in entry.items() if key != "of"}
    if "beside" in driver.internal_data and driver.workflow.host is not None:
        internal["driver"], parent = driver.id, driver.workflow.host
    spec = parent.workflow.spec.task_specs[entry["of"]]
    handler = spec.reopened if spec.handler is None or "open" in entry else spec.handler
    if handler is not None:
        handler.begin(parent.workflow, internal, parent)
    return True
