"""`ducha audit verify`: walks the hash chains and the issued documents, and names what is not as it was."""

from __future__ import annotations

import argparse

from sqlalchemy import func, select

import engine.history
from command.compose import open_system
from command.say import DONE, FAILED, say, say_json
from engine.store.tables import HistoryChain, HistoryEntry, Instance
from supervision.document.frozen import altered


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("audit", help="核对办理记录的哈希链和已印发的公文")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    verify = acts.add_parser("verify", help="逐条核对，指出第一条不对的记录")
    verify.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every chain is whole, 1 when one is not."""
    system = open_system()
    with system.session() as session:
        faults = list(engine.history.verify_all(session))
        changed = list(altered(session))
        chains = session.scalar(select(func.count()).select_from(HistoryChain)) or 0
        entries = session.scalar(select(func.count()).select_from(HistoryEntry)) or 0
        names = {
            chain: instance.business_key
            for chain in [*(fault.chain for fault in faults), *(one.instance_id for one in changed)]
            if (instance := session.get(Instance, chain)) is not None
        }
    if args.json:
        listed = [{**vars(fault), "case": names.get(fault.chain, "")} for fault in faults]
        documents = [{**vars(one), "case": names.get(one.instance_id, "")} for one in changed]
        say_json(
            {
                "ok": not faults and not changed,
                "chains": chains,
                "entries": entries,
                "faults": listed,
                "documents": documents,
            }
        )
    else:
        for fault in faults:
            say(f"{names.get(fault.chain, fault.chain)} 第 {fault.seq} 条：{fault.reason}")
        for one in changed:
            say(f"{names.get(one.instance_id, one.instance_id)} 《{one.title}》：{one.reason}")
        found = [f"{len(faults)} 条链有问题"] if faults else []
        found += [f"{len(changed)} 件公文被改动"] if changed else []
        say(f"核对了 {chains} 条链、{entries} 条记录和已印发的公文：{'，'.join(found) or '全部完好'}")
    return FAILED if faults or changed else DONE
