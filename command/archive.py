"""`ducha archive CASE`: 归档 of a closed case, and its file as one zip to hand over."""

from __future__ import annotations

import argparse
from pathlib import Path

from command.clock import system_clock
from command.compose import open_system
from command.say import DONE, MISUSED, Refused, say, say_json
from command.user import CONSOLE
from supervision.archive.archive import archive, archived
from supervision.archive.pack import pack
from supervision.case.find import case_by_number


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("archive", help="归档：列出案卷，导出移交的压缩包")
    parser.add_argument("case", metavar="案号", help="例如 TS-2026-0001")
    parser.add_argument("--out", type=Path, metavar="FILE", help="压缩包写到哪里，不写为“案号.zip”")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 archived and written. Raises Refused (2): no such case; Conflict: not closed, or altered since."""
    system = open_system()
    processes = system.settings.processes
    with system.session() as session:
        case = case_by_number(session, args.case)
        if case is None:
            raise Refused(f"没有案号为“{args.case}”的案件", MISUSED)
        archive(session, processes, case, actor=CONSOLE, now=system_clock())
        row, volume = archived(session, processes, case)
        content, number = pack(session, row, volume), case.number
        told = {
            "case": number, "archived": row.number, "digest": row.digest, "retention": row.retention,
            "kept_until": row.kept_until.isoformat() if row.kept_until else "",
            "items": len(volume.items), "bytes": len(content),
        }  # fmt: skip
        session.commit()
    out = args.out or Path(f"{number}.zip")
    out.write_bytes(content)
    if args.json:
        say_json({**told, "file": str(out)})
    else:
        kept = f"保管到 {told['kept_until']}" if told["kept_until"] else "永久保管"
        say(f"{number} 已归档（第 {told['archived']} 次）：{told['items']} 件，{told['retention']}，{kept}")
        say(f"目录摘要 {told['digest']}")
        say(f"案卷写到 {out}")
    return DONE
