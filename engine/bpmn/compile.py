"""Compiles a bundle to one `Program`, or tells all that is wrong with its diagrams and tables at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.bpmn.build import Surroundings, build_process
from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.read import read_decisions
from engine.bpmn.drawing import Block, ProcessDrawing, nested
from engine.bpmn.listening import listening
from engine.bpmn.program import Process, Program, StartEvent
from engine.bpmn.read import read_file
from engine.bpmn.specs.block import BlockSpec
from engine.bpmn.structure import check_structure
from engine.bpmn.texts import check_texts
from engine.errors import DiagramError, Problem

Files = Mapping[str, bytes]
NOTHING_RUNS = (
    "流程包中没有可执行的流程（isExecutable）：请在流程的属性中勾选“可执行”（Executable），并画出它的步骤"
)


@dataclass
class Drawn:
    """One bundle, read."""

    processes: list[ProcessDrawing] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def compile_bundle(files: Files, called: Sequence[Files] = ()) -> Program:
    """The program of the bundle `files` and of the bundles it calls. Only .bpmn and .dmn files are read.

    Raises:
        DiagramError: with all problems of all files.
    """
    bundles = [read_bundle(files), *(read_bundle(other) for other in called)]
    problems = [problem for bundle in bundles for problem in bundle.problems]
    problems.extend(_duplicates(process for bundle in bundles for process in bundle.processes))
    known = {process.id for bundle in bundles for process in bundle.processes}
    for bundle in bundles:
        for drawing in bundle.processes:
            problems.extend(check_structure(drawing, known))
            problems.extend(check_texts(drawing, bundle.decisions))
        problems.extend(_bindings(bundle))
    problems.extend(_calls([drawing for bundle in bundles for drawing in bundle.processes]))
    if problems:
        raise DiagramError(problems)
    return _program(bundles)


def read_bundle(files: Files) -> Drawn:
    """Reads every file; one that is no XML is a problem among the others, and so is having nothing to run."""
    drawn = Drawn()
    for file in sorted(files):
        try:
            if file.endswith(".bpmn"):
                drawn.processes.extend(read_file(file, files[file], drawn.problems))
            elif file.endswith(".dmn"):
                for decision in read_decisions(file, files[file], drawn.problems):
                    if decision.id in drawn.decisions:
                        drawn.problems.append(
                            Problem(decision.id, "决策 id 重复：请改成唯一的 id", file=file)
                        )
                    drawn.decisions[decision.id] = decision
        except DiagramError as error:
            drawn.problems.extend(error.problems)
    if not drawn.processes and not drawn.decisions and not drawn.problems:
        drawn.problems.append(Problem("", NOTHING_RUNS))
    return drawn


def _program(bundles: Sequence[Drawn]) -> Program:
    drawings = [drawing for bundle in bundles for drawing in bundle.processes]
    processes = {drawing.id: public(drawing) for drawing in drawings}
    blocks = {drawing.id: BlockSpec(drawing.id) for drawing in drawings}
    decisions: dict[str, Decision] = {}
    for bundle in reversed(bundles):
        decisions.update(bundle.decisions)
        surroundings = Surroundings(blocks, bundle.decisions)
        for drawing in bundle.processes:
            build_process(drawing, processes[drawing.id].node, surroundings)
    return Program(processes, decisions, blocks, listening(blocks), {each.id: each for each in drawings})


def public(drawing: ProcessDrawing) -> Process:
    """The process as others see it."""
    return Process(
        drawing.id,
        drawing.name,
        drawing.version_tag,
        True,
        drawing.properties,
        tuple(
            StartEvent(start.id, start.node.name, drawing.id, start.trigger.kind, start.trigger.awaited)
            for start in drawing.block.starts()
        ),
        {element.id: element.node for block in nested(drawing.block) for element in block.elements.values()},
        drawing.documentation,
    )


def _bindings(bundle: Drawn) -> Iterator[Problem]:
    """A version is chosen among those of other bundles; a process of the bundle itself has this one."""
    own = {drawing.id for drawing in bundle.processes}
    for drawing in bundle.processes:
        for element in (each for block in nested(drawing.block) for each in block.elements.values()):
            if element.call and element.call.binding == "deployment" and element.call.process not in own:
                reason = "绑定为 deployment 时应调用同一流程包中的流程：请改为 latest，或把它放进本流程包"
                yield Problem(element.id, reason, file=drawing.file)
            if element.call and element.call.chooses and element.call.process in own:
                reason = "同一流程包中的流程与调用者是同一版本，不能另选：请把绑定改为 deployment"
                yield Problem(element.id, reason, file=drawing.file)


def _calls(drawings: Sequence[ProcessDrawing]) -> list[Problem]:
    """A call has no way to choose between several start events."""
    plain = {drawing.id: _plain_starts(drawing.block) for drawing in drawings}
    return [
        Problem(
            element.id,
            f"被调用的流程“{element.node.called}”应有一个没有触发器的开始事件，"
            f"但是有 {plain[element.node.called]} 个",
            file=drawing.file,
        )
        for drawing in drawings
        for block in nested(drawing.block)
        for element in block.elements.values()
        if element.node.called in plain and plain[element.node.called] != 1
    ]


def _plain_starts(block: Block) -> int:
    """A process without start events has one way in: all that nothing leads to."""
    starts = block.starts()
    return sum(start.trigger.kind == "none" for start in starts) if starts else 1


def _duplicates(drawings: Iterable[ProcessDrawing]) -> list[Problem]:
    homes: dict[str, str] = {}
    problems = []
    for drawing in drawings:
        if drawing.id in homes:
            problems.append(
                Problem(
                    drawing.id, f"流程 id 与 {homes[drawing.id]} 中的重复：请改成唯一的 id", file=drawing.file
                )
            )
        homes.setdefault(drawing.id, drawing.file)
    return problems
