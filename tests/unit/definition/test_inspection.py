"""Uploads are read in a child: its answer comes back, and what breaks it does not break us."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from engine.definition.inspection import MAX_FILES, Inspector, Limits
from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, process
from tests.unit.bpmn.test_decisions import RULES, table

SOUND = {"a.bpmn": process(START + END, "s > e"), "t.dmn": table(RULES)}
SPIN = "while True: pass"
SLEEP = "import time; time.sleep(60)"
HUGE = "import sys; sys.stdout.buffer.write(b'\\xff' * 9); sys.stdout.flush(); " + SLEEP


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    made = Inspector()
    yield made
    made.close()


def child(program: str, **limits: float) -> Inspector:
    return Inspector(Limits(**limits), (sys.executable, "-c", program))  # type: ignore[arg-type]


def pid(inspector: Inspector) -> int:
    assert inspector._child is not None
    return inspector._child.pid


def test_a_sound_bundle_passes_and_the_child_is_used_again(inspector: Inspector) -> None:
    inspector.inspect(SOUND)
    first = pid(inspector)
    inspector.inspect(SOUND)
    assert pid(inspector) == first


def test_all_problems_come_back_with_their_places(inspector: Inspector) -> None:
    files = {"a.bpmn": process(START + '<serviceTask id="v"/>', "s > v"), "b.bpmn": b"<broken"}
    with pytest.raises(DiagramError) as caught:
        inspector.inspect(files)
    assert [(p.file, p.element_id, p.severity) for p in caught.value.problems] == [
        ("b.bpmn", "", "error"),
        ("a.bpmn", "v", "error"),
    ]


def test_what_a_bundle_calls_is_not_asked_here(inspector: Inspector) -> None:
    call = '<callActivity id="c" calledElement="elsewhere"/>'
    inspector.inspect({"a.bpmn": process(START + END + call, "s > c\nc > e")})


@pytest.mark.parametrize("program", [SPIN, SLEEP, HUGE, "raise MemoryError"], ids=str.split)
def test_a_child_that_does_not_answer_is_killed(program: str) -> None:
    inspector = child(program, timeout_s=1.0)
    with pytest.raises(DiagramError, match="超出了时间或内存的限度"):
        inspector.inspect(SOUND)
    assert inspector._child is None


def test_a_child_that_was_killed_is_replaced(inspector: Inspector) -> None:
    inspector.inspect(SOUND)
    first = pid(inspector)
    os.kill(first, 9)
    try:
        inspector.inspect(SOUND)
    except DiagramError:  # it was gone only after it had been asked
        inspector.inspect(SOUND)
    assert pid(inspector) != first


def test_too_much_memory_ends_the_child_and_not_us() -> None:
    inspector = Inspector(Limits(memory_bytes=1_000_000))
    with pytest.raises(DiagramError, match="超出了时间或内存的限度"):
        inspector.inspect({"a.bpmn": process(START + END + "<task id='x'/>" * 9000, "s > e")})


def test_too_much_work_ends_the_child_and_not_us() -> None:
    serving = (
        "import sys, engine.bpmn.inspected as i\n"
        "def spin(files):\n"
        "    while True: pass\n"
        "i.problems_of = spin\n"
        "i.serve(sys.stdin.buffer, sys.stdout.buffer, 1, 900_000_000)"
    )
    inspector = child(serving, timeout_s=60.0)
    with pytest.raises(DiagramError, match="超出了时间或内存的限度"):
        inspector.inspect(SOUND)


def test_a_child_that_has_served_long_enough_is_replaced() -> None:
    inspector = Inspector(Limits(uses=1))
    inspector.inspect(SOUND)
    first = pid(inspector)
    inspector.inspect(SOUND)
    assert pid(inspector) != first
    inspector.close()


def test_a_bundle_of_too_many_files_never_reaches_the_child() -> None:
    inspector = child(SLEEP)
    with pytest.raises(DiagramError, match="个文件"):
        inspector.inspect({f"{n}.bpmn": b"" for n in range(MAX_FILES + 1)})
    assert inspector._child is None


def test_threads_take_turns(inspector: Inspector) -> None:
    broken: list[str] = []

    def ask(number: int) -> None:
        try:
            inspector.inspect({f"{number}.bpmn": b"<broken"})
        except DiagramError as error:
            broken.append(error.problems[0].file)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(broken) == [f"{number}.bpmn" for number in range(8)]
