"""Ad-hoc sub-processes: activities that people choose among, until the completion condition holds.

What nothing leads to is enabled at once, a person's task as an open task: completing it is choosing it.
After each activity the completion condition is asked. While it does not hold, a person's task that
nothing leads to is open again and may be done once more; what runs by itself runs once. Without a
condition each is done once, and the sub-process ends when nothing is left in it.
Source: BPMN 2.0 section 13.3.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import AdHoc
from engine.bpmn.specs.block import SubProcess
from engine.bpmn.specs.loop import LoopSpec
from engine.bpmn.specs.task import PersonTask
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow
    from engine.bpmn.specs.element import ElementSpec

CLOSED = "closed"
"""Key of the host's `internal_data`: the condition has held, nothing more begins."""


class AdHocSubProcess(SubProcess):
    """Asked by each activity directly inside when it is complete."""

    @property
    def rules(self) -> AdHoc:
        """How it is drawn."""
        return self.element.ad_hoc or AdHoc()

    def is_over(self, scope: ScopeWorkflow) -> bool:
        """Whether the completion condition holds, now or earlier; then what still runs is cancelled, or
        awaited. A condition over variables without value does not hold.
        """
        host = scope.host
        if host is None or self.rules.condition is None:
            return False
        if CLOSED not in host.internal_data:
            if not host.holds(self.rules.condition):
                return False
            host.internal_data[CLOSED] = 1
            if self.rules.cancels:
                scope.cancel_all()
        return True

    def enable_again(self, scope: ScopeWorkflow, done: ElementSpec) -> None:
        """The condition does not hold yet: what a person did may be done again."""
        task = done.inner if isinstance(done, LoopSpec) else done
        if self.rules.condition is not None and isinstance(task, PersonTask) and done in scope.spec.entries:
            done.begin(scope, {})

    def scope_finished(self, host: Token, scope: ScopeWorkflow) -> None:
        """Raises StepFailed when nothing is left to do and the condition does not hold."""
        interrupted = any(start.element.interrupting for start in scope.spec.event_starts)
        if self.rules.condition is not None and CLOSED not in host.internal_data and not interrupted:
            raise host.failure(
                f"里面的活动都做完了，完成条件“{self.rules.condition}”仍不成立：请检查条件，或加一个用户任务"
            )
        super().scope_finished(host, scope)
