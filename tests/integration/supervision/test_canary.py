"""What is sealed is found nowhere else: not in rows, state, files of the database, or logs."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.bpmn.codec import unpack
from engine.history.verify import verify_chain
from engine.store.base import Base
from supervision.complaint.acts import add_material, rate
from supervision.complaint.appeal import request_review
from supervision.identity.access import reveal
from tests.integration.supervision.office import CANARIES, PHOTO, Office
from tests.integration.supervision.people import actor
from tests.integration.supervision.yunxi import Yunxi


def everything(session: Session) -> str:
    """Every value of every row in words, state of the engine unpacked."""
    session.flush()
    words = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for value in row:
                words.append(_plain(value) if isinstance(value, bytes) else str(value))
    return "\n".join(words)


def _plain(content: bytes) -> str:
    if content[:4] == b"\x28\xb5\x2f\xfd":  # the mark of compressed state
        return str(unpack(content))
    return content.decode(errors="replace")


def stored(session: Session, folder: Path) -> bytes:
    """Every byte a thief of the database would have."""
    if session.get_bind().dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in folder.glob("test.db*"))
    content = bytearray()
    cursor = session.connection().connection.cursor()
    for table in Base.metadata.sorted_tables:
        with cursor.copy(f"COPY {table.name} TO STDOUT (FORMAT binary)") as copy:
            content += b"".join(copy)
    return bytes(content)


def test_no_canary_is_found_anywhere_but_in_the_vault(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # given a case through every step, with everything a complainant can add
    caplog.set_level(logging.DEBUG)
    receipt = office.file()
    session, context, keys, case_id = office.session, office.context, office.keys, receipt.instance_id
    rows = [everything(session)]
    office.do(receipt, "ut_complete", "clerk", gaps=["事实"], extract="街道公示的名单没有更新")
    add_material(session, context, keys, case_id, "金丝雀补充：百灵巷也是", [PHOTO], office.now)
    office.accept(receipt)
    rows.append(everything(session))
    office.do(
        receipt, "ut_unit_handle", "contact", facts="已更新", publish_text="投诉人反映属实，已更新名单。"
    )
    rows.append(everything(session))
    request_review(session, context, keys, case_id, "金丝雀不认可这个结果，请复核", [], office.now)
    rate(session, keys, case_id, "不满意", "金丝雀不满意", office.now)
    rows.append(everything(session))
    session.commit()
    # when
    written = stored(session, tmp_path)
    # then what should be there is found, in the rows and in the engine's state
    assert "'extract': '街道公示的名单没有更新'" in rows[1]
    assert "街道公示的名单没有更新".encode() in written
    # and what should not is not
    assert [word for word in CANARIES if word in "".join(rows)] == []
    assert [word for word in CANARIES if word.encode() in written] == []
    assert [word for word in CANARIES if word in caplog.text] == []
    assert verify_chain(session, case_id) is None


def test_no_canary_is_found_in_the_published_processes_either(yunxi: Yunxi) -> None:
    # given a case to its end, opened once by its clerk
    receipt = yunxi.file()
    yunxi.triage(receipt)
    reveal(yunxi.session, yunxi.keys, receipt.instance_id, actor("clerk"), "电话核实诉求", yunxi.now)
    yunxi.letter(receipt)
    yunxi.investigate(receipt, rectify=True, accountability=True)
    yunxi.letter(receipt)
    rows = [everything(yunxi.session)]
    # when
    yunxi.publish(receipt)
    yunxi.do(receipt, "ut_callback", "clerk1", satisfaction="满意", new_facts=False, opinion="")
    rows.append(everything(yunxi.session))
    # then
    assert "公示栏里的低保名单没有更新" in rows[0]
    assert [word for word in CANARIES if word in "".join(rows)] == []
