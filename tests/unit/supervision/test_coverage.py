"""条款对照: a clause is covered by what names it, and never by a scenario or a setting alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from command.bundles import bundles_at
from command.coverage import coverage_of
from engine.errors import InvalidData
from supervision.basis.coverage import Coverage, Requirement, cover, read_requirements
from supervision.basis.uses import Use, uses_of
from tests.unit.processes.bundles import PROCESSES

CLAUSES = {"R1": "目的", "R8(1)": "情形一", "R13¶1": "决定以前"}


def coverage(*uses: Use, **named: tuple[str, ...]) -> Coverage:
    asked = [
        Requirement("RQ-26", ("R8(1)",), "情形一", {}),
        Requirement("RQ-51", ("R13¶1",), "守则", named),
    ]
    return Coverage(CLAUSES, asked, uses)


def test_what_nothing_implements_is_uncovered_and_article_1_is_nobodys_duty() -> None:
    assert coverage().uncovered == ["R8(1)", "R13¶1", "RQ-26", "RQ-51"]


@pytest.mark.parametrize("kind", ["节点", "规则", "字段", "公文", "期限", "守则", "检查项", "页面"])
def test_a_thing_that_names_an_item_covers_it_and_its_requirement(kind: str) -> None:
    assert coverage(Use(kind, "x/y", "某", "R8(1)；S:XXGK art.12")).uncovered == ["R13¶1", "RQ-51"]


@pytest.mark.parametrize("kind", ["情景", "设置"])
def test_a_scenario_or_a_setting_alone_covers_nothing(kind: str) -> None:
    found = coverage(Use(kind, "x/y", "某", "R8(1)"))
    assert "R8(1)" in found.uncovered
    assert ("R8(1)" in found.unproved) == (kind == "设置")


def test_a_citation_may_name_the_requirement_itself() -> None:
    found = coverage(Use("守则", "decision_ready", "某", "决定书的条件。Source: RQ-51"))
    assert "RQ-51" not in found.uncovered


def test_what_requirements_name_must_exist() -> None:
    assert coverage(节点=("x/gone",)).unknown == ["RQ-51：没有节点“x/gone”"]
    assert coverage(Use("节点", "x/gone", "某", ""), 节点=("x/gone",)).unknown == []
    assert any("x/gone" in problem.message for problem in coverage(节点=("x/gone",)).problems())


def test_the_file_lists_every_requirement_once_with_a_clause_of_the_regulation() -> None:
    asked = read_requirements(PROCESSES)
    assert [r.key for r in asked] == [f"RQ-{n:02d}" for n in range(1, 58)]
    found = cover(PROCESSES, [])
    assert {code for r in asked for code in r.clause} >= {
        code for code in found.clauses if code not in ("R6", "R10", "R11")
    } - {"R7¶1"}


def test_every_clause_and_requirement_is_implemented_by_something_that_is_there() -> None:
    found = coverage_of(PROCESSES, bundles_at([PROCESSES]))
    assert (found.uncovered, found.unknown) == ([], [])


def test_a_node_names_its_requirements_beside_its_clauses() -> None:
    nodes = [use for use in uses_of(bundles_at([PROCESSES]), PROCESSES) if use.kind == "节点"]
    cited = [use.cited for use in nodes if use.where == "accountability/ut_competent"]
    assert len(cited) == 1
    assert {"R12", "RQ-50"} <= set(cited[0].replace("；", " ").replace(",", " ").split())


def test_uses_are_found_in_diagrams_tables_forms_lists_and_scenarios() -> None:
    kinds = {use.kind for use in uses_of(bundles_at([PROCESSES]), PROCESSES)}
    assert {"节点", "规则", "字段", "期限", "公文", "周期", "设置", "情景"} <= kinds


def test_a_broken_list_of_requirements_is_refused(tmp_path: Path) -> None:
    (tmp_path / "regulation").mkdir()
    (tmp_path / "regulation" / "requirements.toml").write_text('[RQ-01]\ntext = "某"\n')
    with pytest.raises(InvalidData, match="RQ-01"):
        read_requirements(tmp_path)
