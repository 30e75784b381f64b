"""`ducha mail`: whether mail is set up, reachable and flowing; a letter for trial; a person's address."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from sqlalchemy import func, select

from command.channels import open_senders
from command.compose import System, open_system
from command.say import DONE, FAILED, MISUSED, Refused, say, say_json
from command.user import CONSOLE
from engine.errors import TryLater
from engine.store.tables import Incident
from supervision.account.table import Account
from supervision.notice.chain import WORDS
from supervision.notice.channels import channels
from supervision.notice.channels.channel import Line, Message, Sender
from supervision.notice.channels.channel import Refused as Rejected
from supervision.notice.reach import set_address
from supervision.notice.table import NoticeAddress, NoticeDelivery

MAIL = "mail"
NOT_SET_UP = (
    "还没有配置邮件：请设置 DUCHA_SMTP_URL（例如 smtps://用户:密码@主机:465）和 DUCHA_MAIL_FROM（发件地址），"
    "再重新启动 ducha serve"
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("mail", help="邮件：检查、试发、登记地址")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    status = acts.add_parser("status", help="是否配置、能否连上、还有多少封没有送出")
    status.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    status.set_defaults(run=lambda args: show(open_system(), as_json=args.json))
    test = acts.add_parser("test", help="发一封试验邮件")
    test.add_argument("address", metavar="地址", help="收件的邮箱")
    test.set_defaults(run=lambda args: send_trial(open_system(), args.address))
    address = acts.add_parser("address", help="登记一个人的邮箱")
    address.add_argument("login", metavar="LOGIN")
    address.add_argument("address", metavar="地址", help="邮箱；“-”表示删除")
    address.set_defaults(run=lambda args: register(open_system(), args.login, args.address))


def show(system: System, *, as_json: bool) -> int:
    """0 when mail is set up and its server answers; 1 otherwise."""
    told = _told(system)
    if as_json:
        say_json(told)
    elif not told["configured"]:
        say(NOT_SET_UP)
    else:
        say("邮件服务器可用" if told["reachable"] else f"邮件服务器不可用：{told['error']}")
        say("，".join(f"{WORDS[status]} {count} 封" for status, count in told["messages"].items()))
        say(f"登记了邮箱的人 {told['addresses']} 名")
        say(
            f"有待处理的异常 {told['incidents']} 项" + ("，请在“异常处理”页重试" if told["incidents"] else "")
        )
    return DONE if told["reachable"] else FAILED


def _told(system: System) -> dict[str, Any]:
    sender = open_senders(system.settings).get(MAIL)
    error = _fault(sender) if sender else ""
    with system.session() as session:
        by_status = select(NoticeDelivery.status, func.count()).where(NoticeDelivery.channel == MAIL)
        counted = dict(session.execute(by_status.group_by(NoticeDelivery.status)).all())
        addresses = session.scalar(
            select(func.count()).select_from(NoticeAddress).where(NoticeAddress.channel == MAIL)
        )
        waiting = session.scalars(select(Incident.data).where(Incident.status == "open")).all()
    return {
        "configured": sender is not None,
        "reachable": sender is not None and not error,
        "error": error,
        "messages": {status: counted.get(status, 0) for status in WORDS},
        "addresses": addresses or 0,
        "incidents": sum(data.get("kind") == MAIL for data in waiting),
    }


def _fault(sender: Sender) -> str:
    try:
        sender.greet()
    except TryLater as error:
        return str(error)
    return ""


def send_trial(system: System, address: str) -> int:
    """One letter to `address`, not kept anywhere. Raises Refused."""
    sender = open_senders(system.settings).get(MAIL)
    if sender is None:
        raise Refused(NOT_SET_UP, MISUSED)
    if fault := channels()[MAIL].fault(address):
        raise Refused(f"{fault}，但是“{address}”", MISUSED)
    text = "试验邮件：收到它，说明督查台的邮件可以送达"
    try:
        sender.send(Message(secrets.token_hex(16), address, text, [Line("", "/")], system.clock()))
    except (TryLater, Rejected) as error:
        raise Refused(str(error)) from error
    say(f"已交给邮件服务器，收件地址 {address}")
    return DONE


def register(system: System, login: str, address: str) -> int:
    """Raises Refused or InvalidData."""
    with system.session() as session:
        if session.get(Account, login) is None:
            raise Refused(f"没有登录名“{login}”：请检查拼写", MISUSED)
        set_address(session, login, MAIL, address.removeprefix("-"), by=CONSOLE, now=system.clock())
        session.commit()
    say(f"已删除 {login} 的邮箱" if address == "-" else f"已登记 {login} 的邮箱 {address}")
    return DONE
