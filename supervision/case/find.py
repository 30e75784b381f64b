"""Looks a case up by instance or number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Deadline, Instance
from engine.store.visibility import viewer_of
from supervision.case.table import Case, CaseLink

SOUGHT = "sought in this transaction"
RECUSAL = "recusal"
"""The process that decides about 回避 in another case: its key begins with that case's number."""
_is_case = Prepared(
    select(table_of(Case).c.instance_id).where(table_of(Case).c.instance_id == bindparam("of"))
)
_is_deadline = Prepared(select(table_of(Deadline).c.id).where(table_of(Deadline).c.id == bindparam("of")))
_are_there = Prepared(
    select(
        exists().where(table_of(Case).c.instance_id == bindparam("case")),
        exists().where(table_of(Deadline).c.id == bindparam("deadline")),
    )
)


def case_of(session: Session, instance_id: str) -> Case:
    """The case of an instance. Raises NotFound when it is none, or not visible."""
    found = find_case(session, instance_id)
    if found is None:
        raise NotFound(f"Expected a case of instance {instance_id}, but there is none")
    return found


def find_case(session: Session, instance_id: str) -> Case | None:
    """The case of an instance, if it is one and visible."""
    if not _is_there(session, _is_case, instance_id):
        return None
    if viewer_of(session).everything:
        return session.get(Case, instance_id)
    return session.scalars(select(Case).where(Case.instance_id == instance_id)).first()


def related_case(session: Session, instance: Instance, data: Mapping[str, Any]) -> Case | None:
    """The case an instance is, is about (an extension of its deadline), or was caused by."""
    deadline_id = str(data.get("deadline_id") or instance.business_key)
    _seek_both(session, instance.id, deadline_id)
    own = find_case(session, instance.id)
    if own is not None:
        return own
    if instance.process_id == RECUSAL:
        return case_by_number(session, instance.business_key.partition(":")[0])
    about = case_of_deadline(session, deadline_id)
    return about or (find_case(session, instance.cause_id) if instance.cause_id else None)


def case_concerned(session: Session, instance_id: str, data: Mapping[str, Any]) -> Case | None:
    """The case that a step of this instance is about, if there is one."""
    instance = session.get(Instance, instance_id)
    return related_case(session, instance, data) if instance is not None else None


def case_by_number(session: Session, number: str) -> Case | None:
    """The case with that 案号, if it is visible."""
    return session.scalars(select(Case).where(Case.number == number.strip().upper())).first()


def case_of_deadline(session: Session, deadline_id: str) -> Case | None:
    """The case a deadline belongs to."""
    if not _is_there(session, _is_deadline, deadline_id):
        return None
    row = session.scalars(select(Deadline).where(Deadline.id == deadline_id)).first()
    return find_case(session, row.instance_id) if row else None


def merged_into(session: Session, master: Case) -> Sequence[Case]:
    """The complaints that were merged into this one (并案), by number."""
    return session.scalars(
        select(Case)
        .join(CaseLink, CaseLink.instance_id == Case.instance_id)
        .where(CaseLink.other_id == master.instance_id, CaseLink.kind == "并案")
        .order_by(Case.number)
    ).all()


def master_of(session: Session, child: Case) -> Case | None:
    """The case this one was merged into, if it was."""
    return session.scalars(
        select(Case)
        .join(CaseLink, CaseLink.other_id == Case.instance_id)
        .where(CaseLink.instance_id == child.instance_id, CaseLink.kind == "并案")
    ).first()


def extensions_of(session: Session, instance_id: str) -> Sequence[Instance]:
    """The approvals that were asked for about deadlines of this case, in the order they began."""
    of_the_case = select(Deadline.id).where(Deadline.instance_id == instance_id)
    return session.scalars(
        select(Instance)
        .where(Instance.business_key.in_(of_the_case))
        .order_by(Instance.started_at, Instance.id)
    ).all()


def _is_there(session: Session, look: Prepared, key: str) -> bool:
    """Whether there is such a row for anybody.

    Guards and assignment ask in each step of every instance, though most are no cases: once in a transaction.
    A case or a deadline that is named anywhere was there before the instance that names it.
    """
    sought = _sought(session)
    if (look, key) not in sought:
        sought[look, key] = look.row(session, of=key) is not None
    return sought[look, key]


def _seek_both(session: Session, instance_id: str, deadline_id: str) -> None:
    """Answers both questions of `_is_there` in one journey to the database."""
    sought, keys = _sought(session), ((_is_case, instance_id), (_is_deadline, deadline_id))
    if all(key not in sought for key in keys):
        there = _are_there.row(session, case=instance_id, deadline=deadline_id) or (False, False)
        sought.update(zip(keys, map(bool, there), strict=True))


def _sought(session: Session) -> dict[tuple[Prepared, str], bool]:
    transaction = session.get_transaction()
    known = session.info.get(SOUGHT)
    if known is None or transaction is None or known[0] is not transaction:
        known = session.info[SOUGHT] = (transaction, dict[tuple[Prepared, str], bool]())
    found: dict[tuple[Prepared, str], bool] = known[1]
    return found
