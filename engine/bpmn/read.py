"""Reads one BPMN file into drawings: ids completed, order kept, Camunda's profile understood.

Pools that are not executable, annotations, groups, data objects and stores are left aside. All that is
wrong is collected, each with the id of its element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from engine.bpmn.binding import call_problems, global_tasks, read_call
from engine.bpmn.drawing import NO_TRIGGER, AdHoc, Block, Element, Flow, ProcessDrawing, Result, Trigger
from engine.bpmn.expression import strip
from engine.bpmn.language import read_condition, read_script
from engine.bpmn.names import (
    ACTIVITIES,
    BPMN,
    EMBEDDED,
    EVENTS,
    FLOW_NODES,
    Xml,
    flag,
    is_bpmn,
    local,
    text_of,
)
from engine.bpmn.profile import Profile, read_profile
from engine.bpmn.program import Node
from engine.bpmn.read_loop import read_loop
from engine.bpmn.read_mapping import DataNames, with_data
from engine.bpmn.refuse import refusals
from engine.bpmn.size import too_large
from engine.bpmn.triggers import References, message_of, read_trigger, referred
from engine.bpmn.xml import parse_xml
from engine.errors import Problem


@dataclass
class Reader:
    """One file while it is read."""

    file: str
    references: References
    data: DataNames
    problems: list[Problem]
    process_id: str = ""
    handlers: Mapping[str, str] = field(default_factory=dict)
    """Compensation boundary event → the activity that an association leads to."""
    global_tasks: Set[str] = frozenset()
    lanes: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def tell(self, element_id: str, *sentences: str) -> None:
        self.problems.extend(Problem(element_id, sentence, file=self.file) for sentence in sentences)


def read_file(file: str, content: bytes, problems: list[Problem]) -> list[ProcessDrawing]:
    """The executable processes of a file. Raises DiagramError when it is not readable XML at all."""
    root = parse_xml(content, file)
    if local(root) != "definitions" or not is_bpmn(root):
        problems.append(Problem("", "不是 BPMN 2.0 文件（应以 definitions 开头）", file=file))
        return []
    reader = Reader(
        file,
        References.of(root),
        DataNames.of(root),
        problems,
        handlers=dict(_handlers(root)),
        global_tasks=global_tasks(root),
    )
    return [_process(reader, node) for node in _executable(root) if _readable(reader, node)]


def _readable(reader: Reader, node: Xml) -> bool:
    """Whether there is something to execute, and not too much of it."""
    sentence = too_large(node)
    if sentence:
        reader.tell(node.get("id", ""), sentence)
    return sentence is None and any(local(child) in FLOW_NODES for child in node)


def _executable(root: Xml) -> list[Xml]:
    """Processes said to be executable; where a file says it of none, those that do not say they are not."""
    processes = list(root.iter(f"{BPMN}process"))
    said = [node for node in processes if flag(node, "isExecutable")]
    return said or [node for node in processes if flag(node, "isExecutable", True)]


def _process(reader: Reader, node: Xml) -> ProcessDrawing:
    reader.process_id = node.get("id", "")
    if not reader.process_id:
        reader.tell("", "流程没有 id：请在属性面板中填写")
    reader.lanes = dict(_lanes(node))
    reader.seen = set()
    profile = read_profile(node)
    reader.tell(reader.process_id, *profile.refused)
    return ProcessDrawing(
        reader.file,
        reader.process_id,
        node.get("name") or "",
        profile.text("versionTag"),
        profile.properties,
        text_of(node, "documentation") or "",
        _block(reader, node, None),
    )


def _lanes(process: Xml) -> Iterator[tuple[str, str]]:
    """Flow node id → lane name; inner lanes come later and win."""
    for lane in process.iter(f"{BPMN}lane"):
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            yield (reference.text or "").strip(), lane.get("name") or lane.get("id") or ""


def _handlers(root: Xml) -> Iterator[tuple[str, str]]:
    """Associations with a compensation activity at one end; tools draw them either way."""
    handlers = {node.get("id") for node in root.iter() if flag(node, "isForCompensation")}
    for association in root.iter(f"{BPMN}association"):
        source, target = referred(association, "sourceRef"), referred(association, "targetRef")
        if target in handlers:
            yield source, target
        if source in handlers:
            yield target, source


def _block(reader: Reader, node: Xml, scope: str | None) -> Block:
    event_block = flag(node, "triggeredByEvent")
    elements: dict[str, Element] = {}
    for child in node:
        if local(child) in FLOW_NODES and is_bpmn(child):
            element = _element(reader, child, scope, event_block)
            elements[element.id] = element
        elif sentence := refusals(child):
            reader.tell(child.get("id", ""), *sentence)
    flows = [
        flow
        for number, child in enumerate(node.findall(f"{BPMN}sequenceFlow"))
        if (flow := _flow(reader, child, number, elements))
    ]
    for flow in flows:
        if elements[flow.source].instantiates:  # the events after an instantiating gateway begin it
            elements[flow.target] = _instantiating(elements[flow.source], elements[flow.target])
    return Block(elements, tuple(flows), event_block)


def _instantiating(gateway: Element, target: Element) -> Element:
    return replace(target, instantiates=True) if gateway.kind == "eventBasedGateway" else target


def _flow(reader: Reader, node: Xml, number: int, elements: Mapping[str, Element]) -> Flow | None:
    source, target = node.get("sourceRef", ""), node.get("targetRef", "")
    flow_id = node.get("id") or f"{source}→{target}#{number}"
    for end, word in ((source, "起点"), (target, "终点")):
        if end not in elements:
            reader.tell(flow_id, f"顺序流的{word}“{end}”不在同一流程或子流程中：请重新连接")
            return None
    sentences: list[str] = []
    condition = read_condition(node, sentences)
    reader.tell(flow_id, *sentences)
    return Flow(flow_id, source, target, condition, node.get("name") or "")


def _element(reader: Reader, node: Xml, scope: str | None, in_event_block: bool) -> Element:
    element_id = node.get("id", "")
    if not element_id:
        reader.tell(node.get("name") or local(node), "元素没有 id：请在属性面板中填写")
        element_id = f"{local(node)}#{len(reader.seen)}"
    if element_id in reader.seen:
        reader.tell(element_id, "id 在本流程中重复：请改成唯一的 id")
    reader.seen.add(element_id)
    sentences = list(refusals(node))
    profile = read_profile(node)
    sentences.extend(profile.refused)
    trigger = _trigger(reader, node, sentences, in_event_block)
    element = Element(
        _node(reader, node, element_id, scope, profile, trigger),
        trigger,
        default=node.get("default"),
        attached_to=referred(node, "attachedToRef") or None,
        interrupting=_interrupting(node),
        script=read_script(node, profile.text("resultVariable"), sentences),
        result=Result(profile.text("resultVariable"), profile.text("mapDecisionResult")),
        call=read_call(node) if local(node) == "callActivity" else None,
        ins=profile.ins,
        outs=profile.outs,
        instantiates=flag(node, "instantiate"),
        for_compensation=flag(node, "isForCompensation"),
        handler=reader.handlers.get(element_id) if trigger.kind == "compensate" else None,
    )
    if element.call:
        sentences.extend(call_problems(node, reader.global_tasks))
    if local(node) in ACTIVITIES:
        element = replace(element, loop=read_loop(node, reader.references, reader.data, sentences))
    if local(node) in EMBEDDED:
        reader.lanes[element_id] = element.node.lane or ""  # what is inside lies in the same lane
        element = replace(element, block=_block(reader, node, element_id), ad_hoc=_ad_hoc(node))
    element = with_data(element, node, reader.data, sentences)
    reader.tell(element_id, *sentences)
    return element


def _ad_hoc(node: Xml) -> AdHoc | None:
    if local(node) != "adHocSubProcess":
        return None
    condition = text_of(node, "completionCondition")
    return AdHoc(
        strip(condition) if condition else None,
        node.get("ordering") == "Sequential",
        flag(node, "cancelRemainingInstances", True),
    )


def _interrupting(node: Xml) -> bool:
    attribute = "isInterrupting" if local(node) == "startEvent" else "cancelActivity"
    return flag(node, attribute, True)


def _trigger(reader: Reader, node: Xml, sentences: list[str], in_event_block: bool) -> Trigger:
    tag = local(node)
    if tag in EVENTS:
        return read_trigger(node, reader.references, sentences, in_event_block=in_event_block)
    if tag == "receiveTask" or (tag == "sendTask" and not read_profile(node).text("topic")):
        return Trigger("message", message_of(node, reader.references, sentences))
    return NO_TRIGGER


def _node(
    reader: Reader, node: Xml, element_id: str, scope: str | None, profile: Profile, trigger: Trigger
) -> Node:
    lane = reader.lanes.get(element_id) or reader.lanes.get(scope or "") or None
    return Node(
        id=element_id,
        name=node.get("name") or "",
        kind=local(node),
        process_id=reader.process_id,
        lane=lane,
        scope=scope,
        candidate_groups=profile.names("candidateGroups"),
        candidate_users=profile.names("candidateUsers"),
        assignee=profile.text("assignee"),
        form=profile.form,
        due_date=profile.expression("dueDate"),
        priority=profile.text("priority"),
        topic=profile.text("topic"),
        properties=profile.properties,
        called=read_call(node).process or None if local(node) == "callActivity" else None,
        message=trigger.value if trigger.kind == "message" else None,
        documentation=text_of(node, "documentation") or "",
        decision=profile.text("decisionRef"),
    )
