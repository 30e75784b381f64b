"""Error → Chinese sentence: what happened, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.errors import (
    AlreadyCompleted,
    CalendarMissing,
    Conflict,
    DeadlineClosed,
    DiagramError,
    EngineError,
    InvalidData,
    NotAllowed,
    NotFound,
    StaleRevision,
    StepFailed,
)
from forms.words import moment
from supervision.account.table import Account

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


NOBODYS = {"": "", "system": "系统", "public": "投诉人"}
"""Who acts without an account."""


@dataclass(frozen=True)
class Said:
    """An answer to an error: HTTP code, heading, sentence, what to do, and details where there are some."""

    code: int
    title: str
    sentence: str
    advice: str = ""
    details: list[str] = field(default_factory=list)


def name_of(session: Session, login: str) -> str:
    """The person's name, for sentences; the login itself where there is no such account."""
    if login in NOBODYS:
        return NOBODYS[login]
    account = session.get(Account, login)
    return account.name if account else login


def say(session: Session, error: EngineError) -> Said:
    """The one place where an engine's error becomes a code and a sentence."""
    match error:
        case AlreadyCompleted():
            who = f"{name_of(session, error.by)} 于 {moment(error.at)} 办理"
            return Said(409, "这项任务已经办理", f"已由 {who}，不必再办。", "请回到待办列表，继续下一项。")
        case StaleRevision():
            return Said(409, "案件刚刚有了变化", "您打开页面之后，案件已被推进。", "请重新打开后再办理。")
        case DeadlineClosed() | Conflict():
            return Said(
                409, "这一步现在不能做", _own_words(error, "事情已有变化。"), "请刷新页面查看最新情况。"
            )
        case NotFound():
            return Said(
                404,
                "没有找到",
                "您要看的内容不存在，或者不在您的查看范围内。",
                "请检查网址，或从列表重新进入。",
            )
        case NotAllowed():
            return Said(403, "您不能做这一步", _own_words(error, "这一步不由您办理。"))
        case InvalidData():
            details = [text for texts in error.errors.values() for text in texts]
            return Said(
                422, "填写的内容有误", "有内容不符合要求，没有保存。", "请返回修改后重新提交。", details
            )
        case StepFailed():
            return Said(
                500, "这一步没有办成", f"流程在下一步出错，已原样退回：{_own_words(error, error.reason)}",
                "已记录异常并交由系统管理员处理。您填写的内容已经暂存，不会丢失。",
            )  # fmt: skip
        case CalendarMissing():
            return Said(
                500,
                "缺少放假安排",
                "计算期限需要的年度放假安排尚未录入，无法继续。",
                "请联系系统管理员录入日历。",
            )
        case DiagramError():
            details = [str(problem) for problem in error.problems]
            return Said(
                422, "流程有问题", "流程文件没有通过检查，没有发布。", "请逐条修改后重新发布。", details
            )
    return Said(
        500, "系统出错了", "操作没有完成，也没有改动任何内容。", "请稍后再试；如仍出错，请联系系统管理员。"
    )


def _own_words(error: EngineError, otherwise: str) -> str:
    """The error's own text where it was written for people."""
    text = error.reason if isinstance(error, StepFailed) else str(error)
    if not _CHINESE.search(text):
        return otherwise
    return text if text.endswith(("。", "！", "？")) else text + "。"
