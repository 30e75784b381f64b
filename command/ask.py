"""Asks on the terminal for what was not given as an option."""

from __future__ import annotations

import getpass
import sys

from command.say import MISUSED, Refused


def ask(what: str, default: str = "") -> str:
    """One line. Raises Refused when nobody can answer or nothing was answered."""
    _need_a_person(what)
    hint = f"（回车为 {default}）" if default else ""
    answer = input(f"{what}{hint}：").strip() or default
    if not answer:
        raise Refused(f"没有填写{what}", MISUSED)
    return answer


def ask_password() -> str:
    """Typed twice, not shown. Raises Refused when they differ."""
    _need_a_person("密码")
    first = getpass.getpass("密码（不显示）：")
    if first != getpass.getpass("再输入一次："):
        raise Refused("两次输入的密码不一致，什么都没有改动", MISUSED)
    return first


def _need_a_person(what: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(f"缺少{what}：请用选项给出（运行时加 --help 查看）", MISUSED)
