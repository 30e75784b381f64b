"""`ducha audit verify`: walks the hash chains of the history and names the first bad entry."""

from __future__ import annotations

import argparse

from sqlalchemy import func, select

import engine.history
from command.compose import open_system
from command.say import DONE, FAILED, say, say_json
from engine.store.tables import HistoryChain, HistoryEntry, Instance


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("audit", help="核对办理记录的哈希链")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    verify = acts.add_parser("verify", help="逐条核对，指出第一条不对的记录")
    verify.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every chain is whole, 1 when one is not."""
    system = open_system()
    with system.session() as session:
        faults = list(engine.history.verify_all(session))
        chains = session.scalar(select(func.count()).select_from(HistoryChain)) or 0
        entries = session.scalar(select(func.count()).select_from(HistoryEntry)) or 0
        names = {
            fault.chain: instance.business_key
            for fault in faults
            if (instance := session.get(Instance, fault.chain)) is not None
        }
    if args.json:
        listed = [{**vars(fault), "case": names.get(fault.chain, "")} for fault in faults]
        say_json({"ok": not faults, "chains": chains, "entries": entries, "faults": listed})
    else:
        for fault in faults:
            say(f"{names.get(fault.chain, fault.chain)} 第 {fault.seq} 条：{fault.reason}")
        verdict = f"{len(faults)} 条链有问题" if faults else "全部完好"
        say(f"核对了 {chains} 条链、{entries} 条记录：{verdict}")
    return FAILED if faults else DONE
