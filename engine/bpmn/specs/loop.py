"""Several instances of one activity: parallel or sequential multi-instance, and the standard loop.

The loop's token is STARTED while its instances, its children, run. Each instance of a multi-instance has
variables of its own (the element, `loopCounter`, what its form submits) over the shared ones.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.drawing import Trigger
from engine.bpmn.propagate import Raised, broadcast, throw_up
from engine.bpmn.report import Thrown
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.values import storable

MAX_INSTANCES = 1000
_OWN = ("loopCounter",)
_COUNTERS = {
    "numberOfInstances": "nrOfInstances",
    "numberOfActiveInstances": "nrOfActiveInstances",
    "numberOfCompletedInstances": "nrOfCompletedInstances",
    "numberOfTerminatedInstances": "nrOfTerminatedInstances",
}
"""BPMN's names and Camunda's. Source: BPMN 2.0 table 10.30."""


class LoopSpec(ElementSpec):
    """Stands where the activity stands in the flow."""

    reports_cancel = False
    maps_data = False
    inner: ElementSpec
    """The activity itself."""
    counter_names: frozenset[str] = frozenset()
    """What its instances can read beside their variables."""

    def counters(self, host: Token) -> dict[str, int]:
        """The loop's state, by `counter_names`."""
        raise NotImplementedError

    def instance_completed(self, host: Token, instance: Token) -> None:
        """One instance is done."""
        raise NotImplementedError

    def _on_complete(self, my_task: Token) -> None:
        """The instances were told one by one; the loop itself is no news."""
        my_task.workflow.withdraw_boundaries(my_task)
        my_task.workflow.done += my_task.internal_data.get("entries", [])
        self.leave(my_task)


class MultiInstance(LoopSpec):
    """As many instances as the collection has elements, or as the cardinality says.

    Internal data of its token: ``items`` (sequential only), ``total``, ``next``, ``done``, ``out`` by index.
    """

    counter_names = frozenset((*_COUNTERS, *_COUNTERS.values()))

    def _run_hook(self, my_task: Token) -> bool | None:
        items = self._items(my_task)
        loop = self._loop
        if not items:
            if loop.output:
                my_task.data[loop.output] = []
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data |= {"total": len(items), "next": 0, "done": 0, "out": {}}
        if loop.sequential:
            my_task.internal_data["items"] = items
            self._next(my_task, items[0])
        else:
            for item in items:
                self._next(my_task, item)
        return None

    @property
    def _loop(self) -> Any:
        return self.element.loop

    def _items(self, token: Token) -> list[Any]:
        loop = self._loop
        if loop.cardinality is not None:
            count = token.evaluate(loop.cardinality)
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise token.failure(f"多实例的次数应为非负整数，但是“{count}”")
            items: list[Any] = list(range(min(count, MAX_INSTANCES + 1)))
        else:
            found = token.evaluate(loop.collection)
            if not isinstance(found, (list, tuple, dict, set, range)):
                raise token.failure(f"多实例的集合“{loop.collection}”应为列表，但是“{found}”")
            items = storable(list(found))
        if len(items) > MAX_INSTANCES:
            raise token.failure(f"多实例应不超过 {MAX_INSTANCES} 个：更多的请用消息各自启动流程")
        return items

    def _next(self, host: Token, item: Any) -> None:
        index = host.internal_data["next"]
        host.internal_data["next"] = index + 1
        local = {"loopCounter": index}
        if self._loop.variable:
            local[self._loop.variable] = item
        self.inner.begin(host.workflow, {"local": local}, parent=host)

    def instance_completed(self, host: Token, instance: Token) -> None:
        counters = host.internal_data
        counters["done"] += 1
        self._collect(host, instance)
        if self._loop.event is not None and not (self._loop.event_once and counters["done"] > 1):
            self._throw(host, self._loop.event)
            if host._state != TaskState.STARTED:
                return  # who caught it interrupted the loop
        if self._enough(host, instance):
            self._finish(host)
        elif self._loop.sequential:
            self._next(host, counters["items"][counters["next"]])

    def _throw(self, host: Token, trigger: Trigger) -> None:
        """Tells that an instance is complete, with the counters at that moment."""
        numbers, running = self.counters(host), host.workflow.running
        if trigger.kind == "escalation":
            throw_up(host, Raised("escalation", trigger.value))
            return
        thrown = Thrown(self.node.id, trigger.value or "", dict(numbers), None, trigger.kind)
        running.report.thrown.append(thrown)
        if trigger.kind == "signal":
            broadcast(running, thrown.message, numbers)

    def _collect(self, host: Token, instance: Token) -> None:
        local, loop = instance.internal_data["local"], self._loop
        if loop.output:
            item = loop.output_item or loop.variable
            host.internal_data["out"][str(local["loopCounter"])] = instance.data.get(item) if item else None
        else:
            host.data.update(
                {key: value for key, value in local.items() if key not in (*_OWN, loop.variable)}
            )

    def _enough(self, host: Token, instance: Token) -> bool:
        counters = host.internal_data
        if counters["done"] == counters["total"]:
            return True
        if self._loop.condition is None:
            return False
        return bool(instance.evaluate(self._loop.condition))

    def counters(self, host: Token) -> dict[str, int]:
        total, done, active = host.internal_data["total"], host.internal_data["done"], len(host._children)
        terminated = host.internal_data["next"] - done - active
        numbers = dict(zip(_COUNTERS, (total, active, done, terminated), strict=True))
        return numbers | {_COUNTERS[name]: number for name, number in numbers.items()}

    def _finish(self, host: Token) -> None:
        for child in [host.workflow.tasks[child] for child in host._children]:
            host.workflow.cancel_token(child)
        if self._loop.output:
            out = host.internal_data["out"]
            host.data[self._loop.output] = [out[index] for index in sorted(out, key=int)]
        host.complete()


class StandardLoop(LoopSpec):
    """Again and again while its condition holds, at most `maximum` times."""

    counter_names = frozenset(_OWN)

    def _run_hook(self, my_task: Token) -> bool | None:
        my_task.internal_data["done"] = 0
        if self.element.loop and self.element.loop.test_before and not self._again(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self.inner.begin(my_task.workflow, {}, parent=my_task)
        return None

    def instance_completed(self, host: Token, instance: Token) -> None:
        host.internal_data["done"] += 1
        if self._again(host):
            self.inner.begin(host.workflow, {}, parent=host)
        else:
            host.complete()

    def _again(self, token: Token) -> bool:
        loop, done = self.element.loop, token.internal_data["done"]
        if loop is None or (loop.maximum is not None and done >= loop.maximum):
            return False
        return loop.condition is None or bool(token.evaluate(loop.condition, {"loopCounter": done}))

    def counters(self, host: Token) -> dict[str, int]:
        return {"loopCounter": host.internal_data["done"]}
