"""并案件的告知书: who complained of the same matter gets the result in a letter of their own.

The letter is the main case's, signed with it, with the other complaint's number in it and a 文号 of its own.
Source: DOMAIN P3-5e (results copied, complainant informed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from supervision.account.table import Account
from supervision.case import outcome
from supervision.case.find import case_of, master_of, merged_into
from supervision.case.table import Case
from supervision.document import desk
from supervision.document.table import Document
from supervision.document.variables import variables
from supervision.house import House

RESULT = "D15"
SHARED = ("conclusion", "reply", "category")
"""Variables of the main case that the letter says; everything else is the other complaint's own."""

OPENING = "您反映的事项（{number}）与另一件投诉为同一事项，已合并办理，现将处理结果一并告知。"


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "document.copy_to_merged": partial(copy_to_merged, house),
        "document.copy_result": partial(copy_result, house),
    }


def copy_to_merged(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Returns merged_letters: ids of the letters that have to be delivered."""
    master = case_of(session, call.instance_id)
    letters = [_letter(house, session, call, master, child, now) for child in merged_into(session, master)]
    return {"merged_letters": [letter.id for letter in letters if letter is not None]}


def copy_result(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """For a complaint merged into a case that is answered already. Returns letter_to_deliver, doc_id."""
    child = case_of(session, call.instance_id)
    master = master_of(session, child)
    letter = _letter(house, session, call, master, child, now) if master is not None else None
    return {"letter_to_deliver": letter is not None, "doc_id": letter.id if letter else ""}


def _letter(
    house: House, session: Session, call: ServiceCall, master: Case, child: Case, now: datetime
) -> Document | None:
    """The letter where it has to be delivered. Nobody is written to twice, or after withdrawing."""
    original = _issued(session, master)
    if original is None or child.withdrawn_on is not None or _issued(session, child) is not None:
        return None
    shared = {name: call.data[name] for name in SHARED if call.data.get(name)}
    own = replace(call, instance_id=child.instance_id, data=shared)
    text = str(original.detail["text"]).replace(master.number, child.number)
    signer = session.get(Account, original.signed_by)
    letter = desk.copy(
        session, house.templates, original, child.instance_id,
        f"{OPENING.format(number=child.number)}\n{text}", variables(house, session, own, now),
        signed_by=Actor(original.signed_by, signer.name if signer else original.signed_by),
        actor=call.actor, now=now,
    )  # fmt: skip
    if child.identity_mode != "匿名":
        return letter
    outcome.reply(session, child, master.outcome_text, date_of(now))
    return None


def _issued(session: Session, case: Case) -> Document | None:
    return session.scalars(
        select(Document)
        .where(
            Document.instance_id == case.instance_id,
            Document.template_code == RESULT,
            Document.status == "issued",
        )
        .order_by(Document.issued_on.desc(), Document.serial.desc())
    ).first()
