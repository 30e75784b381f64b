"""Legal bases: what their files say, which codes a citation names, and which version governs a decision."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import InvalidData
from supervision.basis.basis import Basis, parse_basis
from supervision.basis.cited import clauses_of, codes_of
from supervision.basis.two_laws import two_laws
from tests.unit.processes.bundles import PROCESSES
from tests.unit.processes.test_files import clauses

FILES = sorted((PROCESSES / "regulation" / "bases").glob("*.toml"))
BASES = {path.stem: parse_basis(path.read_text()) for path in FILES}


def test_every_file_is_named_after_its_basis_and_names_a_successor_on_file() -> None:
    assert [code for code, one in BASES.items() if one.code != code] == []
    assert [one.code for one in BASES.values() if one.replaced_by and one.replaced_by not in BASES] == []


def test_article_1_rests_on_a_law_that_was_repealed_in_2018() -> None:
    law = BASES["XZJC"]
    assert law.title_as_cited in clauses()["R1"]
    assert (law.status, law.effective_to, law.replaced_by) == ("已废止", date(2018, 3, 20), "JC24")
    assert not law.in_force(date(2026, 1, 1))


def test_article_1_prints_another_title_than_the_opinion_of_2005_has() -> None:
    opinion = BASES["ZW05"]
    assert opinion.miscited
    assert opinion.title_as_cited in clauses()["R1"]


def test_every_source_of_a_deadline_is_on_file() -> None:
    cited = codes_of([(PROCESSES / "deadlines.toml").read_text()])
    assert set(cited) <= set(BASES)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("R7¶2", ["R"]),
        ("S:XF arts.35–36；R13¶2", ["R", "XF"]),
        ("analog S:DC art.17;S:12345-FS", ["DC", "12345-FS"]),
        ("JC24", ["JC24"]),
        ("default", []),
    ],
)
def test_a_citation_names_its_sources(text: str, codes: list[str]) -> None:
    assert codes_of([text]) == codes


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("R7", ["R7¶1", "R7¶2"]),
        ("R11(2)(3)", ["R11(2)", "R11(3)"]),
        ("R6(1)–(3)", ["R6(1)", "R6(2)", "R6(3)"]),
        ("R8(10)/R9(6)", ["R8(10)", "R9(6)"]),
        ("R4,R10,R14", ["R4", "R10", "R14"]),
        ("R8(11)", []),
        ("RQ-51", []),
    ],
)
def test_a_citation_names_its_clauses(text: str, named: list[str]) -> None:
    assert clauses_of(text, clauses()) == named


OLD = Basis("X", "某办法", "已修改", "法律法规", version="旧", effective_to=date(2026, 6, 30))
NEW = Basis("X", "某办法", "现行有效", "法律法规", version="新", effective_from=date(2026, 7, 1))


@pytest.mark.parametrize(
    ("act", "lighter", "substance"),
    [(date(2026, 5, 1), False, OLD), (date(2026, 5, 1), True, NEW), (date(2026, 7, 2), True, NEW)],
)
def test_procedure_is_of_the_decision_and_substance_of_the_act_unless_the_new_is_lighter(
    act: date, lighter: bool, substance: Basis
) -> None:
    found = two_laws([OLD, NEW], act, date(2026, 8, 1), newer_is_lighter=lighter)
    assert (found.procedure, found.substance) == (NEW, substance)
    assert found.lighter == (act < date(2026, 7, 1) and lighter)
    assert "程序适用《某办法》（新）" in found.words


def test_a_broken_file_is_refused_with_all_its_problems() -> None:
    with pytest.raises(InvalidData) as refused:
        parse_basis('code = "X"\nstatus = "旧"\nkind = "法律法规"\neffective_to = "2018"\nspare = 1\n')
    assert set(refused.value.errors) == {"official_title", "status", "effective_to", "spare"}
