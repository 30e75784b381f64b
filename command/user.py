"""`ducha user add`: an account for a person, with the roles the person holds."""

from __future__ import annotations

import argparse
import secrets

from command.ask import ask, ask_password
from command.compose import System, open_system
from command.say import DONE, MISUSED, Refused, say
from engine.actor import Actor
from supervision.account.manage import create_account
from supervision.notice.reach import set_address
from supervision.organisation.grants import grant
from supervision.organisation.table import Role
from supervision.organisation.units import get_unit

CONSOLE = Actor("console", "命令行", kind="system")
"""Who stands behind acts of the command line in the record."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("user", help="管理用户")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    add = acts.add_parser("add", help="新建用户并授予角色")
    add.add_argument("login", metavar="LOGIN", help="登录名：小写字母、数字、点、横线")
    add.add_argument("--name", metavar="姓名")
    add.add_argument("--unit", metavar="代码", default="", help="所在单位或机构的代码，例如 DCS")
    add.add_argument(
        "--role", metavar="代码", action="append", default=[], help="角色，例如 DCS_CLERK；可写多次"
    )
    add.add_argument("--email", metavar="邮箱", default="", help="通知发往的邮箱；不写则只有站内消息")
    add.add_argument("--password", metavar="密码", help="不写则询问；“-”表示生成一个并显示")
    add.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Raises InvalidData, NotFound or Refused; nothing is written then."""
    add_user(open_system(), args.login, args.name, args.unit, args.role, args.password, args.email)
    return DONE


def add_user(
    system: System,
    login: str,
    name: str | None,
    unit: str,
    roles: list[str],
    password: str | None,
    email: str = "",
) -> None:
    """Creates the account and its grants in one transaction; asks for what is missing."""
    name = name or ask("姓名")
    generated = password == "-"
    given = secrets.token_urlsafe(12) if generated else password or ask_password()
    now = system.clock()
    with system.session() as session:
        if unit:
            get_unit(session, unit)
        create_account(session, login, name, given, unit, by=CONSOLE, now=now)
        if email:
            set_address(session, login, "mail", email, by=CONSOLE, now=now)
        for role in roles:
            if session.get(Role, role) is None:
                raise Refused(f"没有角色“{role}”：请从 processes/roles.toml 中选择", MISUSED)
            grant(session, login, role, unit if role.startswith("U_") else "", by=CONSOLE, now=now)
        session.commit()
    say(f"已建立用户 {login}（{name}）{'，角色：' + '、'.join(roles) if roles else ''}")
    if generated:
        say(f"初始密码：{given}（首次登录后须更换）")
