"""制发: takes a document of a story through its whole chain in one step, each task by who may do it.

[[step]]
issue = "D26"                      # 拟稿、核稿、会签、合法性审核、签发、用印
by = "clerk1"                      # who drafts; without it the first who may
data = { body = "…", mode = "直接" }   # answers that differ; with `mode` it is served too
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.play.compare import open_tasks
from command.play.script import Step
from command.play.stage import Stage
from command.play.tasks import complete_as, is_about
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.errors import NotAllowed, NotFound
from engine.instance import task_view
from engine.store.tables import Instance, Task, TaskCandidate
from forms.form_files import form_of
from supervision.organisation.grants import holders

ISSUING, SERVING = "document_issue", "service_of_documents"
DRAFT = "ut_draft"
DONE: Mapping[str, Any] = {
    "check_result": "通过",
    "countersign_result": "同意",
    "legal_result": "通过",
    "sign_result": "同意签发",
    "seal_result": "已用印",
    "copies": 3,
}
"""Answers of a chain that nothing holds up."""
TOGETHER = ("直接", "留置", "委托")
PROOF: Mapping[str, Mapping[str, Any]] = {
    "直接": {"receiver": "收件人", "relation": "负责收件人", "receipt": ["送达回证.pdf"]},
    "留置": {"refusal_reason": "拒绝签收。", "witnesses": "社区代表一名", "receipt": ["送达回证.pdf"]},
    "委托": {"entrusted_to": "所在单位办公室", "receipt": ["送达回证.pdf"]},
    "电子": {"e_consent": ["同意书.pdf"], "receipt": ["系统回执.pdf"]},
}
"""Mode → what else its form asks."""
MOST = 20
"""Tasks of one document: a story that sends it back says so task by task."""


def issue(stage: Stage, instance_id: str, step: Step) -> None:
    """Does every open task of the document `step.issue` names until none is left, then serves it if asked.

    Raises:
        NotFound: no such document is being drawn up.
        ValueError: an answer of the step belongs to no form of the chain.
        NotAllowed: nobody of those whose task it is may do it; the reason of the last one asked.
    """
    used: set[str] = set()
    processes = (ISSUING, SERVING) if "mode" in step.data else (ISSUING,)
    for done in range(MOST):
        task = _next(stage, instance_id, step, processes)
        if task is None and not done:
            raise NotFound(f"现在没有正在制发的公文 {step.issue}")
        if task is None:
            break
        used |= _do(stage, task, step)
    if unknown := sorted(step.data.keys() - used):
        raise ValueError(f"公文 {step.issue} 的各步表单里没有 {'、'.join(unknown)}")


def _next(stage: Stage, instance_id: str, step: Step, processes: Sequence[str]) -> Task | None:
    with stage.session() as session:
        for task in open_tasks(session, instance_id):
            if task.process_id in processes and not _posted(task):
                data = task_view(session, stage.system.context, task, stage.clock.at).data
                if data.get("template_code") == step.issue and (
                    not step.about or is_about(stage, session, task, step.about)
                ):
                    return task
    return None


def _posted(task: Task) -> bool:
    """What comes after serving waits for the post or the public: a step of its own."""
    return task.process_id == SERVING and task.element_id not in ("ut_serve", "ut_deliver")


def _do(stage: Stage, task: Task, step: Step) -> set[str]:
    """The names of the step's answers that its form takes."""
    with stage.session() as session:
        people = list(_people(session, stage, task))
        fields = _fields(session, task)
    if step.by and task.element_id == DRAFT:
        people = [step.by]
    given = {key: value for key, value in step.data.items() if key in fields}
    serving = task.process_id == SERVING
    usual = _served(stage, people, str(step.data.get("mode", ""))) if serving else _passed(stage, people)
    answers = {key: value for key, value in usual.items() if key in fields} | given
    refused: NotAllowed | None = None
    for login in people:
        try:
            complete_as(stage, task.id, login, answers)
        except NotAllowed as reason:
            refused = reason
        else:
            return set(given)
    raise refused or NotFound(f"“{task.name}”没有人可以办理")


def _people(session: Session, stage: Stage, task: Task) -> Iterator[str]:
    """Candidates of the task, in the order of their roles and names."""
    rows = session.scalars(select(TaskCandidate).where(TaskCandidate.task_id == task.id)).all()
    for row in rows:
        if row.kind == "user":
            yield row.value
        else:
            yield from holders(session, row.value, row.unit_code or "", date_of(stage.clock.at))


def _fields(session: Session, task: Task) -> set[str]:
    instance = session.get_one(Instance, task.instance_id)
    form = form_of(session, instance.definition_id, task.form) if task.form else None
    return {path[0] for path, _ in form.leaves()} if form else set()


def _passed(stage: Stage, people: Sequence[str]) -> Mapping[str, Any]:
    """Answers of a chain that nothing holds up, the seal among them."""
    return {**DONE, "sealed_by": next(iter(people), ""), "sealed_on": date_of(stage.clock.at).isoformat()}


def _served(stage: Stage, people: Sequence[str], mode: str) -> Mapping[str, Any]:
    """A delivery of that mode without a flaw; by post it is only handed in."""
    on = stage.clock.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    if mode == "邮寄":
        return {"posted_on": on, "tracking_no": "YX2026000001"}
    if mode == "公告":
        return {"public_reason": "经直接、邮寄均无法送达，受送达人下落不明。"}
    answers: dict[str, Any] = {"served_at": on}
    if mode in TOGETHER:
        answers |= {"place": "受送达人所在单位", "deliverers": list(people[:2])}
    return {**answers, **PROOF.get(mode, {})}
