"""What the complainant does on the query page, with number and code: add, withdraw, rate, ask for 回避.

Their words are sealed; the diagram only learns that something came. Every function expects that `check_code`
let the person in, and the caller commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import NotAllowed
from engine.history.append import append
from engine.instance.context import Context
from engine.message.publish import publish
from engine.store.tables import Subscription
from supervision.case.find import case_of
from supervision.case.table import Case
from supervision.complaint.evidence import Upload, keep_uploads
from supervision.complaint.intake import PUBLIC
from supervision.complaint.table import PublicAct
from supervision.eyes import with_system_eyes
from supervision.identity.access import ENTITLED
from supervision.identity.key import Keys
from supervision.identity.vault import seal_bytes
from supervision.notice import holders, notify
from supervision.recusal.declare import request as begin_recusal

PLACE = "public_act.text"
RATINGS = ("满意", "基本满意", "不满意")


@with_system_eyes
def add_material(
    session: Session,
    context: Context,
    keys: Keys,
    instance_id: str,
    text: str,
    uploads: Sequence[Upload],
    now: datetime,
) -> str:
    """补充材料. Goes on with the case where 补正 was asked for, else waits for its handler; says which."""
    case = _open_case(session, instance_id)
    if not text.strip() and not uploads:
        raise NotAllowed("请写明补充的内容，或附上材料")
    keep_act(session, keys, case, "补充材料", text, uploads, now)
    if waiting(session, instance_id, "msg_supplement"):
        send(session, context, case, "msg_supplement", {"supplemented_on": date_of(now).isoformat()}, now)
        return "已收到您的补正材料，办理期限自今天起重新计算。"
    _tell_handlers(session, case, "投诉人补充了材料", now)
    return "已收到您补充的材料，经办人会一并研究。"


@with_system_eyes
def withdraw(
    session: Session, context: Context, keys: Keys, instance_id: str, reason: str, now: datetime
) -> str:
    """撤回. The handling stops until the lead has decided; before 受理 the handler is told."""
    case = _open_case(session, instance_id)
    if acts_of(session, instance_id, "撤回"):
        raise NotAllowed("您已经申请过撤回，请等待答复")
    if case.replied_on:
        raise NotAllowed("处理结果已经答复，不能再撤回；如不认可，可申请复核")
    keep_act(session, keys, case, "撤回", reason, (), now)
    case.withdrawn_on = date_of(now)
    if waiting(session, instance_id, "msg_withdraw"):
        send(session, context, case, "msg_withdraw", {"withdrawn_on": date_of(now).isoformat()}, now)
        return "已收到您的撤回申请。是否终止办理由负责人决定，结果会显示在这里。"
    _tell_handlers(session, case, "投诉人申请撤回", now)
    return "已收到您的撤回申请，经办人研判时会一并考虑。"


@with_system_eyes
def rate(session: Session, keys: Keys, instance_id: str, rating: str, opinion: str, now: datetime) -> str:
    """评价, once, after the answer."""
    case = case_of(session, instance_id)
    if rating not in RATINGS:
        raise NotAllowed(f"请从“{'、'.join(RATINGS)}”中选择一项")
    if not (case.replied_on or case.closed_at):
        raise NotAllowed("处理结果答复之后才能评价")
    if case.public_rating:
        raise NotAllowed(f"您已评价为“{case.public_rating}”，谢谢")
    keep_act(session, keys, case, "评价", opinion, (), now)
    case.public_rating = rating
    _tell_handlers(session, case, f"投诉人评价：{rating}", now)
    return "谢谢您的评价。"


@with_system_eyes
def request_recusal(
    session: Session, context: Context, keys: Keys, instance_id: str, who: str, grounds: str, now: datetime
) -> str:
    """申请回避. The words stay sealed: they often say who complained. Source: AV-1, AV-11."""
    case = _open_case(session, instance_id)
    if len(who.strip()) < 2 or len(grounds.strip()) < 10:
        raise NotAllowed("请写明请谁回避（姓名、职务，或者何时何地接待过您），以及理由（至少 10 个字）")
    keep_act(session, keys, case, "申请回避", f"请回避的人：{who.strip()}\n{grounds}", (), now)
    begin_recusal(
        session, context, instance_id, who.strip()[:100], "投诉人提出，原文密封保管。", origin="申请",
        applicant="投诉人", sealed=True, actor=PUBLIC, now=now,
    )  # fmt: skip
    return "已收到您的回避申请，将在三个工作日内决定；决定以前不停止调查，但不作出处理决定。"


def waiting(session: Session, instance_id: str, message: str) -> Subscription | None:
    """Where the case waits for that message, if it does."""
    return session.scalars(
        select(Subscription).where(Subscription.instance_id == instance_id, Subscription.message == message)
    ).first()


def _open_case(session: Session, instance_id: str) -> Case:
    case = case_of(session, instance_id)
    if case.closed_at:
        raise NotAllowed(f"本案已办结（{case.outcome}）。如有新的情况，请另行投诉")
    return case


def acts_of(session: Session, instance_id: str, kind: str) -> Sequence[PublicAct]:
    """What the complainant did of that kind."""
    return session.scalars(
        select(PublicAct).where(PublicAct.instance_id == instance_id, PublicAct.kind == kind)
    ).all()


def keep_act(
    session: Session,
    keys: Keys,
    case: Case,
    kind: str,
    text: str,
    uploads: Sequence[Upload],
    now: datetime,
) -> None:
    """Seals what the complainant said."""
    files = keep_uploads(session, keys, case.instance_id, uploads, actor=PUBLIC, now=now)
    sealed = seal_bytes(session, keys, case.instance_id, PLACE, text.strip().encode(), now)
    session.add(
        PublicAct(
            id=uuid.uuid4().hex,
            instance_id=case.instance_id,
            kind=kind,
            at=now,
            text=sealed,
            attachments=files,
        )
    )
    session.flush()
    append(
        session, case.instance_id, "public.act", at=now, actor=PUBLIC,
        name=f"投诉人{kind}", payload={"files": len(files)},
    )  # fmt: skip


def send(
    session: Session, context: Context, case: Case, message: str, payload: dict[str, str], now: datetime
) -> None:
    """The message to the diagram where it waits for it."""
    found = waiting(session, case.instance_id, message)
    correlation = found.correlation if found else case.number
    publish(session, context, message, payload, correlation=correlation, actor=PUBLIC, now=now)


def _tell_handlers(session: Session, case: Case, what: str, now: datetime) -> None:
    people = {login for role in ENTITLED[case.handler] for login in holders(session, role, "", now)}
    notify(
        session, people, f"{case.number}：{what}", f"/case/{case.instance_id}", now,
        f"public:{uuid.uuid4().hex}",
    )  # fmt: skip
