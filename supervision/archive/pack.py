"""案卷 as one zip: 卷内目录, documents, evidence, 办理记录, the sealed part. Same file, same bytes."""

from __future__ import annotations

import hashlib

import orjson
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.store.tables import Attachment, Blob, HistoryEntry, HistoryPayload
from supervision.archive.contents import Item, Volume
from supervision.archive.table import ArchivedFile
from supervision.document.frozen import file_of
from supervision.document.table import Document
from supervision.document.word.package import write_parts
from supervision.eyes import with_system_eyes
from supervision.identity.table import IdentityField

LINE = Markup(
    "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><small>{}</small></td></tr>"
)


@with_system_eyes
def pack(session: Session, row: ArchivedFile, volume: Volume) -> bytes:
    """The zip. Raises Conflict: something is not what the list says."""
    parts = {"卷内目录.html": _list(row, volume).encode(), "目录.json": volume.json()}
    for item in volume.items:
        parts[item.name] = _content(session, row.instance_id, item)
    parts["办理记录.json"] = _history(session, row)
    return write_parts(parts)


def _content(session: Session, instance_id: str, item: Item) -> bytes:
    if item.kind == "公文":
        document = session.get_one(Document, item.source)
        content = file_of(session, item.source) or document.body_html.encode()
    elif item.name.startswith("密封/身份信息"):
        content = session.get_one(IdentityField, (instance_id, item.source)).value
    else:
        content = session.get_one(Blob, session.get_one(Attachment, item.source).blob_digest).content
    if hashlib.sha256(content).hexdigest() != item.sha256:
        raise Conflict(f"案卷中的“{item.title}”与登记的摘要不符，可能被改动：请核对备份")
    return content


def _history(session: Session, row: ArchivedFile) -> bytes:
    """The case's chain up to the record, with every entry's hash: it can be checked without the program."""
    query = (
        select(HistoryEntry, HistoryPayload.content, HistoryPayload.sealed)
        .outerjoin(
            HistoryPayload,
            (HistoryPayload.chain == HistoryEntry.chain) & (HistoryPayload.seq == HistoryEntry.seq),
        )
        .where(HistoryEntry.chain == row.instance_id, HistoryEntry.seq <= row.seq)
        .order_by(HistoryEntry.seq)
    )
    entries = [
        {
            "seq": entry.seq, "at": entry.at.isoformat(), "kind": entry.kind, "element": entry.element_id,
            "name": entry.name, "task": entry.task_id, "actor": entry.actor,
            "payload_digest": entry.payload_digest, "previous": entry.previous, "hash": entry.hash,
            "payload": orjson.loads(content) if content and not sealed else None,
        }
        for entry, content, sealed in session.execute(query)
    ]  # fmt: skip
    return orjson.dumps(entries, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _list(row: ArchivedFile, volume: Volume) -> str:
    """卷内目录 as a page that prints."""
    kept = "永久" if row.kept_until is None else f"{row.retention}，至 {row.kept_until.isoformat()}"
    lines = Markup("").join(
        LINE.format(item.number, item.kind, item.title, item.day, item.bytes, item.retention, item.sha256)
        for item in volume.items
    )
    served = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            one["document"], one["mode"], one["served_on"]
        )
        for one in volume.deliveries
    )
    return Markup(
        '<!doctype html>\n<html lang="zh"><meta charset="utf-8"><title>卷内目录 {no}</title>\n'
        "<style>body{{font-family:serif}}table{{border-collapse:collapse}}"
        "td,th{{border:1px solid;padding:4px}}"
        "small{{word-break:break-all}}</style>\n<h1>卷内目录</h1>\n"
        "<p>案号：{no}　立案：{opened}　办结：{closed}　结果：{outcome}</p>\n"
        "<p>保管期限：{kept}　归档次数：{number}　目录摘要：{digest}</p>\n"
        "<table><tr><th>序号</th><th>类别</th><th>题名</th><th>日期</th><th>字节</th><th>保管期限</th>"
        "<th>SHA-256</th></tr>\n{lines}</table>\n<h2>送达</h2>\n"
        "<table><tr><th>文书</th><th>方式</th><th>送达日期</th></tr>{served}</table>\n"
        "<p>办理记录共 {entries} 条，末条哈希 {head}。</p>\n"
        "<p>“密封”各件须凭本区密钥、由有权人员说明理由后启封。</p></html>\n"
    ).format(
        no=volume.case_no, opened=volume.opened_on, closed=volume.closed_on, outcome=volume.outcome,
        kept=kept, number=row.number, digest=row.digest, lines=lines, served=served,
        entries=volume.entries, head=volume.chain_head,
    )  # fmt: skip
