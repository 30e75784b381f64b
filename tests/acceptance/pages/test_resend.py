"""What nobody got by mail is one incident each; when the gateway is back, all are sent again at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from engine.history import verify_all
from engine.store.tables import Incident, Job
from scheduler.pump import Pump, drain
from supervision.notice import notify
from supervision.notice.channels import channels
from supervision.notice.channels.channel import Message, Refused
from supervision.notice.deliver import Postman
from supervision.notice.route import route
from tests.acceptance.pages.conftest import Site


@dataclass
class Gateway:
    away: bool = True
    taken: list[str] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.away:
            raise Refused("邮件服务器不接受收件地址：550 …")
        self.taken.append(message.address)

    def greet(self) -> None:
        raise AssertionError("nobody asked")


@pytest.fixture
def gateway(site: Site) -> Gateway:
    """It refused a message for each of three people."""
    gateway = Gateway()
    with site.system.session() as session:
        notify(
            session, ["clerk1", "clerk2", "lead"], "TS-2026-0001“研判”即将到期", "/inbox", site.clock(), "k"
        )
        route(session, ["mail"], site.clock())
        session.commit()
    send(site, gateway)
    return gateway


def send(site: Site, gateway: Gateway) -> None:
    postman = Postman(site.system.session, channels()["mail"], gateway)
    pump = Pump(site.system.sessions, site.system.context, "p", senders={"mail": postman})
    drain(pump, "send", site.clock)


def statuses(site: Site) -> list[str]:
    with site.system.session() as session:
        return sorted(session.scalars(select(Job.status).where(Job.kind == "mail")))


def test_the_administrator_sees_each_and_sends_all_again(site: Site, gateway: Gateway) -> None:
    # given
    admin = site.as_("admin")
    page = admin.get("/incidents")
    assert page.words.count("没有送出：邮件服务器不接受收件地址") == 3
    assert page.words.count("发送电子邮件") == 3
    assert "没有送出的消息3 条" in page.words
    # when
    gateway.away = False
    done = admin.submit(page, "/incidents/resend", {"reason": "地址已更正"})
    # then
    assert "3 条消息已重新排队" in done.words
    assert "没有异常" in done.words
    send(site, gateway)
    assert (len(gateway.taken), statuses(site)) == (3, ["done"] * 3)
    with site.system.session() as session:
        assert set(session.scalars(select(Incident.reason))) == {"地址已更正"}
        assert list(verify_all(session)) == []


def test_without_a_reason_nothing_is_sent_again(site: Site, gateway: Gateway) -> None:
    admin = site.as_("admin")
    refused = admin.submit(admin.get("/incidents"), "/incidents/resend", {"reason": " "})
    assert "请写明理由" in refused.words
    assert statuses(site) == ["incident"] * 3


def test_a_second_click_finds_nothing_left(site: Site, gateway: Gateway) -> None:
    admin = site.as_("admin")
    page = admin.get("/incidents")
    admin.submit(page, "/incidents/resend", {"reason": "地址已更正"})
    assert "没有需要重发的消息" in admin.submit(page, "/incidents/resend", {"reason": "地址已更正"}).words


def test_nobody_else_may(site: Site, gateway: Gateway) -> None:
    page = site.as_("admin").get("/incidents")
    lead = site.as_("lead")
    assert lead.submit(page, "/incidents/resend", {"reason": "地址已更正"}).code in (400, 403)
    assert statuses(site) == ["incident"] * 3
