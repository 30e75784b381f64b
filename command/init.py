"""`ducha init`: sets up a real district: keys, units, the first administrator, processes."""

from __future__ import annotations

import argparse
from pathlib import Path

from command.ask import ask
from command.bundles import bundles_at
from command.checks import checker_for
from command.compose import compose, ensure_keys, ensure_secret, key_file
from command.prepare import bootstrap
from command.say import DONE, Refused, say
from command.settings import read_settings
from command.unit_file import read_units
from command.user import CONSOLE, add_user
from engine.store import migrate
from supervision.seed import create_district, is_empty

ADMIN = "ADMIN"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("init", help="建立一个真实的区")
    parser.add_argument("--district", metavar="名称", help="区的名称，例如 云溪区")
    parser.add_argument("--organ-word", metavar="字", help="机关代字，用于发文字号，例如 云")
    parser.add_argument(
        "--issuing-body", metavar="名称", default="", help="发文机关，默认“某区人民政府办公室”"
    )
    parser.add_argument("--units", type=Path, metavar="FILE", help="单位名单：TOML 或 CSV（code,name,type）")
    parser.add_argument("--admin", metavar="LOGIN", help="首位管理员的登录名")
    parser.add_argument("--admin-name", metavar="姓名")
    parser.add_argument("--password", metavar="密码", help="不写则询问；“-”表示生成一个并显示")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Asks for what was not given.

    Raises:
        Refused: there is a district already, or nobody can answer. InvalidData: a file is wrong.
    """
    settings = read_settings()
    bundles = bundles_at([settings.processes])
    check = checker_for(settings.processes, bundles)
    if any(p.severity == "error" for key, files in bundles.items() for p in check(key, files)):
        raise Refused(f"流程文件有错误：请先运行 ducha check {settings.processes}")
    name = args.district or ask("区的名称")
    organ_word = args.organ_word or ask("机关代字", name[:1])
    units = read_units(args.units or Path(ask("单位名单文件（TOML 或 CSV）")))
    login = args.admin or ask("首位管理员的登录名", "admin")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = ensure_keys(settings)
    ensure_secret(settings)
    system = compose(settings, keys)
    now = system.clock()
    with migrate.alone(settings.database_url):
        migrate.upgrade(settings.database_url)
        with system.session() as session:
            if not is_empty(session):
                raise Refused(
                    "数据库里已经有一个区：请用 DUCHA_DATA 指向空的文件夹，或用 DATABASE_URL 指向空库"
                )
            create_district(
                session, settings.processes, name, units, organ_word=organ_word, by=CONSOLE, now=now,
                issuing_body=args.issuing_body,
            )  # fmt: skip
            session.commit()
        bootstrap(system, since=now)
    add_user(system, login, args.admin_name, "", [ADMIN], args.password)
    say(f"已建立{name}：{len(units)} 个单位，{len(bundles)} 个流程")
    say(f"身份密钥在 {key_file(settings)}：请立即备份到另一处，丢失后投诉人信息无法打开")
    say("现在可以运行 ducha serve")
    return DONE
