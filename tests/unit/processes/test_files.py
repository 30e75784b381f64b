"""The process files that come with the program hang together: clauses, forms, roles, words."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.bpmn.program import Node
from forms.schema import FormFile
from tests.unit.processes.bundles import BUNDLES, PROCESSES, program

REGULATION = "17c7bb1c2b71c33e"
"""Digest of all clauses, so that nobody changes the law by accident."""


def nodes(key: str) -> Iterator[Node]:
    process = program(key).processes[key]
    yield process.node
    yield from process.nodes.values()


@cache
def clauses() -> dict[str, str]:
    return tomllib.loads((PROCESSES / "regulation" / "clauses.toml").read_text())["clauses"]


@pytest.mark.parametrize("key", BUNDLES)
def test_every_node_names_a_clause_that_exists(key: str) -> None:
    missing = {node.id for node in nodes(key) if node.properties.get("clause") not in clauses()}
    assert missing == set()


@pytest.mark.parametrize("key", BUNDLES)
def test_every_user_task_has_a_form_beside_it_and_somebody_to_do_it(key: str) -> None:
    roles = tomllib.loads((PROCESSES / "roles.toml").read_text())["role"]
    tasks = [node for node in nodes(key) if node.kind == "userTask"]
    assert tasks, "a bundle without work for people would not need to be drawn"
    for node in tasks:
        assert (PROCESSES / key / f"{node.form}.form").is_file(), node.id
        assert set(node.candidate_groups) <= set(roles), node.id
        assert node.candidate_groups, node.id


@pytest.mark.parametrize("key", BUNDLES)
def test_every_task_person_and_event_has_a_chinese_name(key: str) -> None:
    silent = {
        node.id
        for node in nodes(key)
        if not node.kind.endswith("Gateway")
        and not any("\u4e00" <= letter <= "\u9fff" for letter in node.name)
    }
    assert silent == set()


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*/*.form")), ids=lambda path: path.stem)
def test_every_form_can_be_mirrored_on_the_server(path: Path) -> None:
    assert FormFile.parse(path.read_bytes(), path.stem).components


def test_who_complains_never_becomes_a_variable() -> None:
    """Identity, the original text and the evidence are sealed; only what the diagram needs is data."""
    for key in ("F-CP-1", "F-CP-1-clerk"):
        form = FormFile.parse((PROCESSES / "complaint" / f"{key}.form").read_bytes(), key)
        sealed = {leaf.key for _, leaf in form.leaves() if leaf.sealed == "identity"}
        assert {
            "name", "phone", "address", "email", "target_person", "facts", "request", "evidence", "other_ref",
        } <= sealed  # fmt: skip


def test_the_clauses_are_those_of_the_regulation() -> None:
    """15 articles, 10 grounds of article 8, 6 acts of article 9; the text is as it was printed."""
    codes = set(clauses())
    assert {code.split("¶")[0].split("(")[0] for code in codes} == {f"R{n}" for n in range(1, 16)}
    assert {f"R8({n})" for n in range(1, 11)} | {f"R9({n})" for n in range(1, 7)} <= codes
    assert "不向群众公开处理结果" in clauses()["R8(8)"]
    text = "\n".join(f"{code} {clauses()[code]}" for code in sorted(codes))
    assert hashlib.sha256(text.encode()).hexdigest().startswith(REGULATION)


def test_a_decision_is_never_taken_by_a_timer() -> None:
    """Timers lead to 视为放弃 and to the end of the 复核 window only, both without a decision."""
    process = program("complaint").processes["complaint"]
    timers = {
        node.id for node in process.nodes.values() if node.id.startswith("ev_") and "timeout" in node.id
    }
    assert timers == {"ev_supplement_timeout", "ev_review_timeout"}


def test_the_result_is_published_on_every_way_from_the_decision_to_the_end() -> None:
    """R8(8): 不向群众公开处理结果 is a violation, so no path may go around C4."""
    source = (PROCESSES / "complaint" / "complaint.bpmn").read_text()
    flows: dict[str, set[str]] = {}
    for part in source.split("<bpmn:sequenceFlow ")[1:]:
        begin, end = part.split('sourceRef="')[1].split('"')[0], part.split('targetRef="')[1].split('"')[0]
        flows.setdefault(begin, set()).add(end)
    seen, todo = set[str](), ["svc_decided"]
    while todo:
        here = todo.pop()
        if here not in seen and here != "call_publication":
            seen.add(here)
            todo.extend(flows.get(here, ()))
    assert not {node for node in seen if node.startswith("end_")}
