"""Which answer each task gets, and from when: answers are used in the order in which tasks open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from command.trial.answers import Answers, Reply
from engine.bpmn.execution import OpenTask

EMPTY = (Reply(),)


@dataclass
class Replies:
    """Deals answers out. `used` counts by list, so that the last answer of a list can repeat."""

    answers: Answers
    used: Counter[str] = field(default_factory=Counter)
    dealt: dict[str, tuple[Reply, datetime]] = field(default_factory=dict)
    """By task id: the answer and when it is given."""

    def of(self, task: OpenTask, now: datetime) -> tuple[Reply, datetime]:
        """The answer of a task, dealt when it is first asked for."""
        if task.task_id not in self.dealt:
            key, replies = self._list(task)
            reply = replies[min(self.used[key], len(replies) - 1)]
            self.used[key] += 1
            self.dealt[task.task_id] = reply, reply.after.after(now) if reply.after else now
        return self.dealt[task.task_id]

    def _list(self, task: OpenTask) -> tuple[str, Sequence[Reply]]:
        if replies := self.answers.by_element.get(task.element_id):
            return task.element_id, replies
        topic = task.node.topic or ""
        return f"topic {topic}", self.answers.by_topic.get(topic) or EMPTY

    def unknown(self, elements: set[str], topics: set[str]) -> list[str]:
        """Sentences about answers to what the diagrams do not have."""
        strangers = [f"答案中的元素“{key}”" for key in self.answers.by_element if key not in elements]
        strangers += [f"答案中的服务主题“{key}”" for key in self.answers.by_topic if key not in topics]
        return [f"{stranger}不在流程图中" for stranger in strangers]
