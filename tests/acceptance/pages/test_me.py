"""个人设置: everybody decides whether mail comes; messages in the pages cannot be done without."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from engine.history import verify_all
from engine.store.tables import HistoryEntry
from forms.pages.me import views
from supervision.notice.table import NoticeAddress
from tests.acceptance.pages.conftest import Site

assert views


def boxes(site: Site, login: str) -> dict[str, tuple[bool, bool]]:
    """Channel → ticked, and open to be changed."""
    page = site.as_(login).get("/me")
    return {
        box.get("value"): (box.get("checked") is not None, box.get("disabled") is None)
        for box in page.document.xpath("//input[@name='channel']")
    }


def test_mail_is_turned_off_and_on_again_and_each_change_is_on_record(site: Site) -> None:
    clerk = site.as_("clerk1")
    assert boxes(site, "clerk1") == {"in_app": (True, False), "mail": (True, True)}
    # when
    off = clerk.submit(clerk.get("/me"), "/me/channels", {"channel": []})
    # then
    assert "电子邮件的设置有变化" in off.words
    assert boxes(site, "clerk1") == {"in_app": (True, False), "mail": (False, True)}
    again = clerk.submit(clerk.get("/me"), "/me/channels", {"channel": []})
    assert "没有变化" in again.words
    clerk.submit(clerk.get("/me"), "/me/channels", {"channel": ["mail"]})
    assert boxes(site, "clerk1")["mail"] == (True, True)
    with site.system.session() as session:
        kept = session.scalars(select(HistoryEntry.name).where(HistoryEntry.kind == "notice.channel")).all()
        assert kept == ["clerk1", "clerk1"]
        assert list(verify_all(session)) == []
        others = session.scalars(select(NoticeAddress.wanted).where(NoticeAddress.login != "clerk1")).all()
        assert set(others) == {True}


def test_who_has_no_address_is_told_whom_to_ask(site: Site) -> None:
    with site.system.session() as session:
        session.delete(session.get_one(NoticeAddress, ("clerk2", "mail")))
        session.commit()
    assert boxes(site, "clerk2")["mail"] == (False, False)
    assert "没有登记地址：请联系系统管理员登记" in site.as_("clerk2").get("/me").words


def test_whether_mail_is_connected_at_all_is_said(site: Site) -> None:
    assert "本系统还没有接通电子邮件" in site.as_("lead").get("/me").words
    services = site.app.extensions["ducha"]
    connected = replace(services, settings=replace(services.settings, outward={"mail"}))
    site.app.extensions["ducha"] = connected
    assert "还没有接通" not in site.as_("lead").get("/me").words


def test_nobody_gets_in_without_logging_in(site: Site) -> None:
    assert "个人设置" not in site.browser().get("/me").words
