"""A trial's instances, mail and clock, and the moves that change them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from command.trial.answers import Answers, Sending
from command.trial.case import Case
from command.trial.outcome import Outcome
from command.trial.post import Mail, receivers, starters
from command.trial.replies import Replies
from engine.bpmn.execution import Execution, OpenTask, StepEnv
from engine.bpmn.iso import duration, instant
from engine.bpmn.program import Program
from engine.errors import NotFound, StepFailed

DEFAULT_RULE = "P10D"


class World:
    """`limit`: elements and moves before a run is taken for endless."""

    def __init__(self, program: Program, answers: Answers, now: datetime, limit: int) -> None:
        self.program, self.answers, self.began, self.now, self.limit = program, answers, now, now, limit
        self.cases: list[Case] = []
        self.acting: Case | None = None
        self.replies = Replies(answers)
        self.outbox: deque[Mail] = deque()
        self.kept = [Mail.sent(sending) for sending in answers.sendings if not sending.planned]
        """Mail that nobody awaits yet."""
        self.planned = [sending for sending in answers.sendings if sending.planned]
        self.mail: list[Mail] = []
        self.outcome = Outcome(started_at=now)
        self.steps = 0

    @property
    def env(self) -> StepEnv:
        return StepEnv(now=self.now, due=self._rule, step_budget=self.limit)

    # ---------------------------------------------------------------- moves; each raises StepFailed

    def start(self, process_id: str, data: Mapping[str, Any], start_event: str | None) -> None:
        """A new instance."""
        case = self.acting = Case(self.program, process_id)
        execution = case.start(data, start_event, self.env)
        self.cases.append(case)
        self._note(execution)

    def do(self, case: Case, act: Callable[[Execution], object]) -> None:
        """One step of one instance."""
        self.acting = case
        self._note(case.step(act, self.env))

    def serve(self, case: Case, task: OpenTask) -> None:
        """A topic's handler answers, throws, or fails."""
        reply, _ = self.replies.of(task, self.now)
        if reply.fail is not None:
            raise StepFailed(task.element_id, reply.fail, task.data)
        if reply.error is None:
            self.do(case, lambda ex: ex.complete_service(task.task_id, reply.data))
        else:
            code, text = reply.error, reply.text
            self.do(case, lambda ex: ex.fail_service(task.task_id, code, text))

    def send(self, sending: Sending) -> None:
        """Something planned comes due."""
        self.planned.remove(sending)
        self.outbox.append(Mail.sent(sending))

    def post(self, mail: Mail) -> None:
        """Reaches who waits, else whom it starts; else a message is kept, and a signal lost.

        A signal reaches all who wait and starts all whom it can.
        """
        found = receivers(self.cases, mail)
        for receiver in found:
            mail.to.append(receiver.waiting.element_id)
            self.do(receiver.case, partial(_deliver, task_id=receiver.waiting.task_id, mail=mail))
        if not found or mail.kind == "signal":
            for start in starters(self.program, mail):
                mail.to.append(start.id)
                self.start(start.process_id, mail.payload, start.id)
        if mail.kind == "message" and not mail.to:
            self.kept.append(mail)

    # ---------------------------------------------------------------- inside

    def _note(self, execution: Execution) -> None:
        done = [entry.element_id for entry in execution.completed]
        self.steps += len(done)
        self.outcome.completed += done
        self.outcome.cancelled += [entry.element_id for entry in execution.cancelled]
        thrown = [Mail.thrown(entry, self.acting) for entry in execution.thrown]
        self.mail += thrown
        self.outbox += thrown
        for sending in [sending for sending in self.planned if sending.after in done]:
            self.send(sending)

    def _rule(self, key: str, data: Mapping[str, Any], start: Any) -> datetime:
        """The instant of a deadline rule: the trial knows neither the rules nor the calendar of the house."""
        span = self.answers.rules.get(key)
        if span is None:
            note = f"期限规则 {key} 没有在答案文件的 rules 中给出，按 {DEFAULT_RULE} 计"
            if note not in self.outcome.notes:
                self.outcome.notes.append(note)
            span = duration(DEFAULT_RULE)
        return span.after(self.now if start is None else instant(start, self.now))


def _deliver(execution: Execution, task_id: str, mail: Mail) -> None:
    """Of several tokens that a signal reaches, one may have interrupted the next."""
    try:
        execution.deliver(task_id, mail.name, mail.payload)
    except NotFound:
        if mail.kind == "message":
            raise
