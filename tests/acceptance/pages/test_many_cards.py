"""Cards of many years: each can be opened, the sums are whole, and a page costs what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert, select

from engine.store.tables import Deadline
from supervision.escalation.table import Card, FollowUp
from tests.acceptance.pages.conftest import Site

MANY = 540
OLDEST = f"{MANY - 1:032x}"


@pytest.fixture
def carded(site: Site, filed: Callable[..., tuple[str, str]]) -> Site:
    """540 cards and 60 proposals, one a unit, the newest of today."""
    filed()
    with site.session() as session:
        row = session.scalars(select(Deadline)).first()
        assert row is not None
        place = {
            "instance_id": row.instance_id, "deadline_id": row.id, "due_on": date(2026, 2, 2), "step": "办理",
        }  # fmt: skip
        issued = {
            **place, "colour": "黄牌", "cause": "逾期", "expires_on": date(2027, 3, 3), "withdrawn_by": "",
            "recorded_at": site.clock(), "withdrawn_why": "",
        }  # fmt: skip
        raised = {
            **place, "kind": "约谈", "serial": 1, "status": "open", "grounds": "", "raised_by": "SYSTEM",
            "raised_at": site.clock(), "decided_by": "", "reason": "",
        }  # fmt: skip
        days = [date(2026, 3, 2) - timedelta(days=n // 4) for n in range(MANY)]
        cards = [
            {**issued, "id": f"{n:032x}", "unit_code": f"X{n}", "issued_on": day}
            for n, day in enumerate(days)
        ]
        cards[-1]["unit_code"] = "U07"
        proposals = [{**raised, "id": f"{n:032x}", "unit_code": f"X{n}"} for n in range(60)]
        session.execute(insert(Card), cards)
        session.execute(insert(FollowUp), proposals)
        session.commit()
    return site


def test_every_card_can_be_opened_and_is_counted(carded: Site) -> None:
    lead = carded.as_("lead")
    page = lead.get("/cards")
    assert f"有效 {MANY}" in page.words
    assert lead.get(f"/cards/{OLDEST}").code == 200
    assert carded.as_("u07-head").get(f"/cards/{OLDEST}").code == 200
    assert carded.as_("u08-head").get(f"/cards/{OLDEST}").code == 404
    assert "有效 1" in carded.as_("u07-head").get("/cards").words
    own = lead.get("/cards?unit=U07")
    assert f"/cards/{OLDEST}" in own.links("/cards/")
    assert "只看：区市场监督管理局" in own.words


def test_the_list_comes_in_pages_none_of_them_twice(carded: Site) -> None:
    lead, url = carded.as_("lead"), "/cards"
    seen: list[str] = []
    while url:
        page = lead.get(url)
        seen += [link for link in page.links("/cards/") if "?" not in link]
        url = next(iter(page.document.xpath("//nav[@class='pager']/a[contains(., '下一页')]/@href")), "")
    assert len(seen) == len(set(seen)) == MANY


def test_a_page_asks_the_database_for_no_card_by_itself(carded: Site) -> None:
    lead = carded.as_("lead")
    asked: list[str] = []
    event.listen(carded.system.database, "before_cursor_execute", lambda *args: asked.append(args[2]))
    lead.get("/cards")
    assert 0 < len(asked) <= 40
