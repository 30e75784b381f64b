"""`ducha basis`: the library of legal bases, what cites each, and publishing a new version of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from command.bundles import bundles_at
from command.calendar import read_text
from command.compose import open_system
from command.say import DONE, say, say_json
from command.user import CONSOLE
from supervision.basis.cited import codes_of
from supervision.basis.uses import uses_of
from supervision.basis.versions import bases, change_basis


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("basis", help="法律依据")
    parser.set_defaults(run=run, json=False)
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    acts = parser.add_subparsers(dest="act", metavar="动作")
    publish = acts.add_parser("publish", help="发布一个依据的新版本（格式同 processes/regulation/bases/）")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument("--reason", default="", metavar="文字", help="修改理由，写入系统记录")
    publish.set_defaults(run=run_publish)


def run(args: argparse.Namespace) -> int:
    """Lists every basis in force with how many things cite it. Raises Refused: no database."""
    system = open_system()
    processes = system.settings.processes
    with system.session() as session:
        found = bases(session)
    citing: dict[str, list[dict[str, str]]] = {code: [] for code in found}
    for use in uses_of(bundles_at([processes]), processes):
        for code in codes_of([use.cited]):
            citing.setdefault(code, []).append({"kind": use.kind, "where": use.where, "name": use.name})
    if args.json:
        say_json(
            {
                "bases": [
                    {
                        "code": one.code, "official_title": one.official_title,
                        "title_as_cited": one.title_as_cited, "doc_no": one.doc_no, "issuer": one.issuer,
                        "version": one.version, "status": one.status,
                        **{day: getattr(one, day) and getattr(one, day).isoformat()
                           for day in ("version_date", "effective_from", "effective_to")},
                        "articles": [vars(article) for article in one.articles],
                        "cited_by": citing[one.code],
                    }
                    for one in found.values()
                ]
            }
        )  # fmt: skip
        return DONE
    for one in found.values():
        until = f"，{one.effective_to.isoformat()} 止" if one.effective_to else ""
        say(f"{one.code}  {one.name}  {one.status}{until}  引用 {len(citing[one.code])} 处")
    return DONE


def run_publish(args: argparse.Namespace) -> int:
    """Raises Refused (the file), InvalidData and Conflict as `change_basis`."""
    text, system = read_text(args.file), open_system()
    with system.session() as session:
        row = change_basis(session, text, reason=args.reason, by=CONSOLE, now=system.clock())
        code, number = row.code, row.version
        session.commit()
    say(f"法律依据 {code} 第 {number} 版已发布。")
    return DONE
