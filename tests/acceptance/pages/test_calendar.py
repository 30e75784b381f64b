"""工作日历 without script: look, type or upload a year, see what moves, save; and every refusal said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from engine.history import verify_all
from engine.store.tables import CalendarVersion, Deadline, DeadlineEvent, HistoryEntry, Task
from supervision.deadlines.missing_year import warn_missing
from supervision.notice.table import Notice
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site

STORM = {"name_7": "停工", "from_7": "2026-03-04", "to_7": "2026-03-05", "reason": "区政府停工通知"}
NEXT_YEAR = """year = 2027
notice = "国务院办公厅关于2027年部分节假日安排的通知"
number = "国办发明电〔2026〕9号"

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
"""


def preview(site: Site, year: int = 2026, **data: object) -> Page:
    return site.as_("owner").send(f"/calendar/{year}/edit", data)


def save(site: Site, shown: Page, year: int = 2026) -> Page:
    return site.as_("owner").submit(shown, f"/calendar/{year}")


def triage(site: Site) -> Deadline:
    with site.session() as session:
        return session.scalars(select(Deadline).where(Deadline.key == "CP-TRIAGE")).one()


@pytest.mark.parametrize("login", ["owner", "admin"])
def test_a_year_is_shown_with_its_notice_and_every_moved_day(site: Site, login: str) -> None:
    page = site.as_(login).get("/calendar/2026")
    assert "国办发明电〔2025〕7号" in page.words
    assert "全年 248 个工作日" in page.words
    marks = {
        kind: [cell.get("title")[:10] for cell in page.document.xpath(f"//td[@class='{kind}']")]
        for kind in ("makeup", "holiday")
    }
    assert marks["makeup"] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
    ]  # fmt: skip
    assert "2026-02-16" in marks["holiday"]
    assert len(page.document.xpath("//table[contains(@class, 'month')]")) == 12


@pytest.mark.parametrize("address", ["/calendar", "/calendar/2026", "/calendar/2026/edit"])
def test_others_are_told_who_keeps_it(site: Site, address: str) -> None:
    page = site.as_("clerk1").get(address)
    assert (page.code, "由流程所有者和系统管理员维护" in page.words) == (403, True)


def test_the_effect_is_shown_before_anything_is_saved(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    shown = preview(site, **STORM)
    assert "1 项在办期限的到期日会移动" in shown.words
    assert "2026年3月9日 周一" in shown.words
    assert "2026年3月11日 周三" in shown.words
    assert triage(site).due_on == date(2026, 3, 9)
    with site.session() as session:
        versions = select(func.count()).select_from(CalendarVersion).where(CalendarVersion.year == 2026)
        assert session.scalar(versions) == 1


def test_saving_moves_row_and_task_tells_the_people_and_says_why(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    page = save(site, preview(site, **STORM))
    assert "2026 年工作日历第 2 版已生效：1 项在办期限随之移动" in page.words
    assert "区政府停工通知" in page.words
    row = triage(site)
    assert row.due_on == date(2026, 3, 11)
    with site.session() as session:
        task = session.scalars(select(Task).where(Task.deadline_id == row.id)).one()
        assert (task.due_on, task.due_at) == (row.due_on, row.due_at)
        event = session.scalars(select(DeadlineEvent).where(DeadlineEvent.kind == "recompute")).one()
        assert event.detail == {
            "from": "2026-03-09",
            "to": "2026-03-11",
            "reason": "2026 年工作日历第 2 版：区政府停工通知",
        }
        texts = session.scalars(select(Notice.text).where(Notice.key.startswith("calendar:"))).all()
        assert texts
        assert all("由 2026-03-09（周一）改为 2026-03-11（周三）" in text for text in texts)
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "calendar.published")).all()
        assert (entry[-1].chain, entry[-1].actor) == ("system", "owner")
        assert list(verify_all(session)) == []


def test_sending_the_form_twice_saves_once(site: Site) -> None:
    shown = preview(site, **STORM)
    save(site, shown)
    save(site, shown)
    with site.session() as session:
        versions = session.scalars(select(CalendarVersion.version).where(CalendarVersion.year == 2026))
        assert sorted(versions) == [1, 2]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({**STORM, "make_up_7": "2026-03-09"}, "2026-03-09（周一）不是周六或周日"),
        ({**STORM, "from_7": "2026-02-23"}, "2026-02-23（周一）写了两次"),
        ({**STORM, "to_7": "三月五日"}, "节日“停工”的最后一天应写成“年-月-日”"),
        ({**STORM, "name_7": ""}, "第 8 个节日没有 name"),
        ({**STORM, "number": ""}, "number（文号）应填写文字"),
        ({**STORM, "reason": ""}, "请写明修改的理由"),
        ({**STORM, "file": ("2026.toml", b"year = ")}, "不符合 TOML 格式"),
        ({**STORM, "file": ("2026.toml", b"\xff\xfe")}, "不是 UTF-8 编码"),
        ({**STORM, "file": ("2027.toml", NEXT_YEAR.encode())}, "year 应为 2026"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_was_typed_stays(
    site: Site, data: dict[str, object], sentence: str
) -> None:
    page = preview(site, **data)
    assert (page.code, sentence in page.words) == (422, True), page.words
    assert page.form("/calendar/2026/edit").fields["from_7"] == data["from_7"]


def test_from_15_november_the_owners_are_warned_once_a_working_day_until_the_year_is_there(
    site: Site,
) -> None:
    def look(text: str) -> int:
        with site.session() as session:
            moment = datetime.fromisoformat(text).astimezone(UTC)
            warn_missing(session, site.system.context.calendar(session), moment)
            session.commit()
            waiting = Notice.key.startswith("calendar-missing:"), Notice.login == "owner"
            return session.scalar(select(func.count()).select_from(Notice).where(*waiting)) or 0

    moments = [
        "2026-11-13T10:00+08:00",
        "2026-11-15T10:00+08:00",  # a Sunday
        "2026-11-16T08:59+08:00",
        "2026-11-16T09:00+08:00",
        "2026-11-16T18:00+08:00",
        "2026-11-17T09:00+08:00",
    ]
    assert [look(moment) for moment in moments] == [0, 0, 0, 1, 1, 2]
    site.clock.move(datetime(2026, 11, 17, 2, tzinfo=UTC))
    assert "2027 年的放假安排还没有录入" in site.as_("owner").get("/calendar").words
    upload = {"file": ("2027.toml", NEXT_YEAR.encode()), "reason": "通知已公布"}
    page = save(site, preview(site, 2027, **upload), 2027)
    assert "国办发明电〔2026〕9号" in page.words
    assert "还没有录入" not in page.words
    assert look("2026-11-18T09:00+08:00") == 2
    with site.session() as session:
        unread = Notice.key.startswith("calendar-missing:"), Notice.read_at.is_(None)
        assert session.scalars(select(Notice.id).where(*unread)).all() == []


def test_going_back_to_an_earlier_text_is_a_version_of_its_own(site: Site) -> None:
    with site.session() as session:
        first = session.scalars(select(CalendarVersion.content).where(CalendarVersion.year == 2026)).one()
    save(site, preview(site, **STORM))
    page = save(site, preview(site, file=("2026.toml", first.encode()), reason="停工取消"))
    assert "第 3 版已生效" in page.words
    assert "全年 248 个工作日" in page.words
