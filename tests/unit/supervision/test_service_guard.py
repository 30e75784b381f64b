"""送达: each way asks for what proves it, and nothing is served on a day that is still to come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.deadline.shanghai import SHANGHAI
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from engine.store.tables import Instance, Task
from supervision.document.proof import addressee
from supervision.guards.service import STATUTORY, served_in_order

NOW = datetime(2026, 9, 1, 10, tzinfo=SHANGHAI)
DAY = {"served_at": "2026-09-01T10:00"}
PLACE = {"place": "区住房和城乡建设局办公室"}
RECEIPT = {"receipt": ["a1"]}
GOOD: dict[str, dict[str, Any]] = {
    "直接": {**DAY, **PLACE, **RECEIPT, "relation": "本人", "deliverers": ["clerk1", "clerk2"]},
    "留置": {
        **DAY, **PLACE, **RECEIPT, "refusal_reason": "拒绝签收", "witnesses": "社区居委会 王某",
        "deliverers": ["clerk1", "clerk2"],
    },
    "委托": {**DAY, **PLACE, **RECEIPT, "entrusted_to": "城关街道办事处", "deliverers": ["clerk1"]},
    "邮寄": {"tracking_no": "EB000000001CN", "posted_on": "2026-09-01"},
    "电子": {**DAY, **RECEIPT, "e_consent": ["a2"]},
    "公告": {"public_reason": "原址已搬迁，邮寄退回。"},
}  # fmt: skip
SERVE = {"guard": "served_by_law"}


def faults(properties: dict[str, str], act: str = "complete", **data: Any) -> dict[str, list[str]]:
    """What the guard says, by field; empty where it lets the task through."""
    task = Task(element_id="ut_serve", process_id="service_of_documents")
    node = Node(
        id="ut_serve", name="送达", kind="userTask", process_id="service_of_documents", properties=properties
    )
    call = GuardCall(task, node, Instance(process_id="accountability"), data, act)
    try:
        served_in_order(Session(), call, Actor("clerk1", "陈某"), NOW)
    except InvalidData as refused:
        return {field: list(sentences) for field, sentences in refused.errors.items()}
    return {}


@pytest.mark.parametrize("mode", STATUTORY)
def test_a_way_of_the_law_that_is_proven_is_accepted(mode: str) -> None:
    assert faults(SERVE, mode=mode, **GOOD[mode]) == {}


@pytest.mark.parametrize(
    ("mode", "field"),
    [
        (mode, field)
        for mode, data in GOOD.items()
        for field in data
        if not (mode == "留置" and field == "witnesses")
    ],
)
def test_whatever_proves_it_must_be_there(mode: str, field: str) -> None:
    rest = {name: value for name, value in GOOD[mode].items() if name != field}
    assert list(faults(SERVE, mode=mode, **rest)) == [field]


@pytest.mark.parametrize("mode", ["直接", "留置"])
def test_one_person_alone_or_named_twice_does_not_hand_over(mode: str) -> None:
    (sentence,) = faults(SERVE, **{**GOOD[mode], "mode": mode, "deliverers": ["clerk1", "clerk1"]})[
        "deliverers"
    ]
    assert "两人以上" in sentence


def test_leaving_a_document_behind_takes_a_witness_or_a_recording() -> None:
    alone = {**GOOD["留置"], "witnesses": " "}
    assert list(faults(SERVE, mode="留置", **alone)) == ["witnesses"]
    assert faults(SERVE, mode="留置", **{**alone, "recording": ["a3"]}) == {}


@pytest.mark.parametrize("mode", ["短信", "电话", "邮件", "自行查询"])
def test_the_ways_of_letters_serve_no_decision(mode: str) -> None:
    assert faults({}, mode=mode, **DAY) == {}
    assert list(faults(SERVE, mode=mode, **DAY)) == ["mode"]


def test_a_letter_that_was_mailed_is_served_by_its_receipt() -> None:
    assert set(faults({}, mail_result="已签收")) == {"served_at", "receipt"}
    assert faults({}, mail_result="已签收", **DAY, **RECEIPT) == {}
    assert faults({}, mail_result="退回未送达") == {}


@pytest.mark.parametrize("field", ["served_at", "posted_on", "announced_on"])
def test_no_day_lies_ahead(field: str) -> None:
    assert faults({}, **{field: "2026-09-01"}) == {}
    assert list(faults({}, **{field: "2026-09-02"})) == [field]


def test_claiming_the_task_asks_for_nothing() -> None:
    assert faults(SERVE, act="claim", mode="短信") == {}


def test_the_addressee_is_whom_the_page_addresses() -> None:
    page = '<article><h1>问责决定书</h1><p class="to">区住房和城乡建设局：</p><p>正文</p></article>'
    assert addressee(page) == "区住房和城乡建设局"
    assert addressee("<p>正文</p>") == ""
