"""`ducha token add|list|revoke`: keys for programs that act as a person through the API."""

from __future__ import annotations

import argparse
from datetime import timedelta

from command.compose import open_system
from command.say import DONE, say
from command.user import CONSOLE
from engine.deadline.shanghai import date_of
from supervision.account.token import ID_LENGTH, SCOPES, issue, revoke, tokens

LONGEST_DAYS = 3650


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("token", help="管理接口密钥")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    add = acts.add_parser("add", help="签发一个密钥，只显示一次")
    add.add_argument("login", metavar="LOGIN", help="程序以谁的名义办事；看得到什么、能办什么都以此人为限")
    add.add_argument(
        "--scope", metavar="权限", action="append", default=[], help=f"可写多次：{'、'.join(SCOPES)}"
    )
    add.add_argument("--days", metavar="天数", type=int, default=90, help="有效天数，默认 90")
    add.set_defaults(run=run_add)
    acts.add_parser("list", help="列出全部密钥的编号、权限和最后使用日期").set_defaults(run=run_list)
    end = acts.add_parser("revoke", help="立即作废一个密钥")
    end.add_argument("token_id", metavar="编号", help="ducha token list 列出的编号")
    end.set_defaults(run=run_revoke)


def run_add(args: argparse.Namespace) -> int:
    """Raises NotFound and InvalidData as `issue`."""
    system = open_system()
    now = system.clock()
    expires_at = now + timedelta(days=min(args.days, LONGEST_DAYS))
    with system.session() as session:
        token = issue(session, args.login, args.scope, expires_at, by=CONSOLE, now=now)
        session.commit()
    say(token)
    say(f"以上密钥只显示这一次，请妥善保存；有效至 {date_of(expires_at)}。")
    say(f"权限：{'、'.join(sorted(set(args.scope)))}")
    return DONE


def run_list(args: argparse.Namespace) -> int:
    """One line a key; the key itself is nowhere."""
    system = open_system()
    with system.session() as session:
        for row in tokens(session):
            state = "已作废" if row.revoked_at else f"有效至 {date_of(row.expires_at)}"
            used = f"最后使用 {row.used_on}" if row.used_on else "未使用过"
            say(f"{row.token_hash[:ID_LENGTH]}  {row.login}  {state}  {used}  {row.scopes}")
    return DONE


def run_revoke(args: argparse.Namespace) -> int:
    """Raises NotFound."""
    system = open_system()
    with system.session() as session:
        row = revoke(session, args.token_id, by=CONSOLE, now=system.clock())
        session.commit()
        say(f"已作废 {row.login} 的密钥 {row.token_hash[:ID_LENGTH]}")
    return DONE
