"""Moving a token by hand: to which elements of its scope it may go without breaking what runs beside it.

Whoever moves into a parallel branch leaves its join waiting for the other branches; whoever moves out of one
leaves the join waiting for this token. So a token moves only between elements that lie in the same branches
of the same splits. A split is a parallel or inclusive gateway, or an activity that several flows leave; what
can be reached from some of its branches, but not from all of them without passing the split again, lies in
these branches. What a non-interrupting boundary event begins is a branch beside all else: a token goes
neither into it nor out of it, but to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.reach import reachable
from engine.bpmn.running import Running
from engine.bpmn.specs.block import BlockSpec
from engine.bpmn.specs.boundary import BoundaryEvent
from engine.bpmn.specs.element import PREFIX, ElementSpec
from engine.bpmn.specs.event import EventGateway, StartEvent
from engine.bpmn.specs.gateway import ExclusiveGateway, Join
from engine.bpmn.token import Token
from engine.errors import InvalidData

Branch = tuple[str, int]
"""Name of the split, and which of its branches."""
Branches = frozenset[Branch]
ASIDE = -1
"""The branch of a non-interrupting boundary event: nothing waits for it."""


@dataclass(frozen=True)
class Move:
    """Where one token stands and may go. Elements are (id, name), in the diagram's order."""

    task_id: str
    element_id: str
    name: str
    shard: str
    targets: tuple[tuple[str, str], ...]


def possible(running: Running) -> list[Move]:
    """Every token that may be moved somewhere."""
    found = []
    for scope in running.scopes.values():
        branches = _branches(scope.spec)
        for token in scope.tasks.values():
            if "host" in token.internal_data or token.task_spec.watches or _why_not_from(token):
                continue
            targets = tuple(
                (spec.node.id, spec.node.name)
                for spec in scope.spec.task_specs.values()
                if _in_flow(spec) and not _why_not_to(token, spec, branches)
            )
            node = token.task_spec.node
            found.append(Move(token.id, node.id, node.name, scope.shard, targets))
    return found


def move(token: Token, target: str) -> None:
    """Cancels the token with all inside it, and begins `target`.

    Raises:
        InvalidData: it is no element of the same scope, or what runs beside it would break.
    """
    scope = token.workflow
    spec = scope.spec.task_specs.get(PREFIX + target)
    if spec is None or not _in_flow(spec):
        raise InvalidData({"target": [f"“{target}”应为令牌所在流程或子流程中的节点"]})
    if reason := _why_not_from(token) or _why_not_to(token, spec, _branches(scope.spec)):
        raise InvalidData({"target": [reason]})
    race = token.internal_data.get("race")
    for other in list(scope.waiting()):
        if race is not None and other is not token and other.internal_data.get("race") == race:
            scope.cancel_token(other, silent=True)
    scope.cancel_token(token)
    spec.arrive(scope, None)


def _why_not_from(token: Token) -> str:
    spec = token.task_spec
    if token._parent or spec.loop is not None:
        return "多实例或循环中的一个实例不能单独移动：请移动整个活动，或办结、取消它"
    if spec.ad_hoc is not None:
        return "特设子流程中的活动由办理人员选择，不能移动：请移动整个子流程"
    if spec.handles_event or spec.undoes or spec.reopens or spec.watches or "host" in token.internal_data:
        return "事件和补偿的处理不能移动"
    if isinstance(spec, Join) and "arrived" in token.internal_data:
        return "令牌在汇合处等其他分支：移走以后其他分支会一直等下去"
    return ""


def _why_not_to(token: Token, spec: ElementSpec, branches: dict[str, Branches]) -> str:
    if isinstance(spec, Join) and len(spec.incoming) > 1:
        return "目标是汇合网关：请选它前面或后面的节点"
    here = branches.get(token.task_spec.in_flow.name, frozenset())
    there = branches.get(spec.name, frozenset())
    if there - here:
        return "目标在并行分支里面：其他分支没有令牌，汇合处会一直等下去"
    ends_aside = not spec.ways and all(number == ASIDE for _, number in here - there)
    if here - there and not ends_aside:
        return "令牌在并行分支里面，目标在外面：汇合处会一直等这个分支"
    return ""


def _in_flow(spec: ElementSpec) -> bool:
    """Whether a token may be put there: neither an event that is waited for elsewhere nor a way in."""
    outside = isinstance(spec, (BoundaryEvent, StartEvent)) or spec.watches or spec.handles_event
    return not (outside or spec.undoes or spec.reopens or spec.ad_hoc is not None or spec.loop is not None)


def _branches(block: BlockSpec) -> dict[str, Branches]:
    """By name of the element: the branches it lies in."""
    ahead = {spec.name: list(_next(spec)) for spec in block.task_specs.values()}
    inside: dict[str, set[Branch]] = {}
    for spec in block.task_specs.values():
        cut = {**ahead, spec.name: []}
        apart = [reachable(cut, [name]) for name in _apart(spec)]
        common = set.intersection(*apart) if apart else set()
        for number, found in enumerate(apart):
            _note(inside, found - common, (spec.name, number))
        main = reachable(cut, [way.target.name for way in spec.ways])
        for name in _aside(spec):
            _note(inside, reachable(cut, [name]) - main, (spec.name, ASIDE))
    return {name: frozenset(found) for name, found in inside.items()}


def _note(inside: dict[str, set[Branch]], names: set[str], branch: Branch) -> None:
    for name in names:
        inside.setdefault(name, set()).add(branch)


def _next(spec: ElementSpec) -> Iterator[str]:
    yield from (way.target.name for way in spec.ways)
    yield from (boundary.name for boundary in spec.boundaries)


def _apart(spec: ElementSpec) -> list[str]:
    """What the branches begin with that all run beside each other; none when it is no split."""
    chooses = isinstance(spec, (ExclusiveGateway, EventGateway))
    if chooses or len(spec.ways) < 2:
        return []
    ends = [boundary.name for boundary in spec.boundaries if boundary.element.interrupting]
    return [way.target.name for way in spec.ways] + ends


def _aside(spec: ElementSpec) -> Iterator[str]:
    """Events that begin something beside an activity, which may or may not happen."""
    return (boundary.name for boundary in spec.boundaries if not boundary.element.interrupting)
