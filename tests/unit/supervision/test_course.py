"""制发的走法: three people for a document, which documents take the whole chain, one role of those named."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.program import Node
from engine.errors import InvalidData, StepFailed
from supervision.case.assign import groups_of
from supervision.document.course import checker_of
from supervision.document.register import read_register
from tests.unit.processes.bundles import PROCESSES

TO_COMPLAINANTS = ("D10", "D11", "D12", "D14", "D15", "D17")
DECIDING = ("D05", "D06", "D22", "D23", "D26", "D27", "D28", "D30", "D35", "D37")


@pytest.mark.parametrize(("signer", "checker"), [("LSG_HEAD", "DCS_LEAD"), ("DCS_LEAD", "DCS_CLERK")])
def test_who_stands_below_the_signer_checks(signer: str, checker: str) -> None:
    assert checker_of(None, signer) == checker


def test_what_decides_takes_the_whole_chain_and_letters_to_complainants_do_not() -> None:
    register = read_register(PROCESSES)
    assert {register[code].chain for code in DECIDING} == {"full"}
    assert {register[code].chain for code in TO_COMPLAINANTS} == {""}
    assert all(entry.signer and entry.series for entry in register.values() if entry.chain)


def test_a_chain_nobody_knows_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "documents.toml").write_text('[document.D01]\ntitle = "通知"\nchain = "long"\n')
    with pytest.raises(InvalidData, match=r"documents\.toml"):
        read_register(tmp_path)


def test_a_node_may_leave_it_to_a_variable_which_of_its_roles_acts() -> None:
    node = Node(
        "ut_check",
        "核稿",
        "userTask",
        "document_issue",
        candidate_groups=("DCS_LEAD", "DCS_CLERK"),
        properties={"only": "checker"},
    )
    assert groups_of(node, {"checker": "DCS_CLERK"}) == ("DCS_CLERK",)
    with pytest.raises(StepFailed, match="变量“checker”应为 DCS_LEAD、DCS_CLERK 之一"):
        groups_of(node, {"checker": "LSG_HEAD"})
