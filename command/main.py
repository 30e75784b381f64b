"""`ducha`: one verb, one file. A verb's module is loaded only when it is used."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from command.say import DONE, FAILED, MISUSED, Refused, complain, sentence
from engine.errors import EngineError

VERBS = {
    "serve": "启动系统：准备数据库、发布流程、打开网页，并在旁运行调度",
    "worker": "单独运行调度：到期任务、提醒、周期流程",
    "check": "检查流程文件，列出全部问题",
    "try": "试走一张流程图：不用数据库，时钟随定时器跳动",
    "publish": "发布流程的新版本",
    "scenario": "用可拨动的时钟演练情景文件",
    "due": "计算一条期限规则的届满日，并列出依据",
    "calendar": "录入一年的放假安排，重算在办的期限",
    "rules": "发布期限规则的新版本",
    "checklist": "督查指标：列出版本，发布新版本",
    "statistics": "统计指标：受理、办结、按期、公开、整改、问责",
    "cycles": "列出周期流程：已开始的、跳过的、以后的日期",
    "basis": "列出法律依据和引用它们的内容；发布一个依据的新版本",
    "coverage": "条款对照：每一条由什么落实，还有什么没有落实",
    "setting": "查看、修改区的设置（需要决定的十二件事）",
    "init": "建立一个真实的区：密钥、首位管理员、单位",
    "user": "管理用户",
    "token": "管理接口密钥",
    "mail": "邮件：检查、试发、登记地址",
    "demo": "在演示区里添上若干虚构的在办案件",
    "archive": "归档：列出案卷，导出移交的压缩包",
    "audit": "核对办理记录的哈希链和已印发的公文",
}
MODULES = {"try": "try_diagram"}
"""Of verbs that cannot name a module."""


class Parser(argparse.ArgumentParser):
    """Says in Chinese that the command line was not understood."""

    def error(self, message: str) -> NoReturn:
        complain(f"命令没有写对（{message}）：运行 {self.prog} --help 查看用法")
        sys.exit(MISUSED)


def parser_for(verb: str | None) -> argparse.ArgumentParser:
    """The parser with the options of `verb`, or of every verb when it is none of ours."""
    parser = Parser(
        prog="ducha", description="督查台：政务公开督查与问责流程", add_help=False, allow_abbrev=False
    )
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    subparsers = parser.add_subparsers(dest="verb", metavar="命令")
    for name, purpose in VERBS.items():
        if verb in (name, None):
            importlib.import_module(f"command.{MODULES.get(name, name)}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=purpose)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    verb = words[0] if words and words[0] in VERBS else ""
    parser = parser_for(verb)
    args = parser.parse_args(words)
    if not args.verb:
        parser.print_help()
        return DONE
    try:
        return int(args.run(args))
    except Refused as refusal:
        complain(str(refusal))
        return refusal.code
    except EngineError as error:
        complain(sentence(error))
        return FAILED
    except BrokenPipeError:  # whoever reads has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (OSError, ValueError) as error:
        complain(f"出错了：{error}")
        return FAILED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
