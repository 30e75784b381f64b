"""Which process a call activity means, and which version of it: calledElement and its Camunda binding.

A version is chosen when the caller is published and never changes afterwards. ``latest``, also the default,
is the newest in effect at that moment; ``deployment`` a process of the same bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from engine.bpmn.names import BPMN, CAMUNDA, Xml, flag, is_bpmn, local

_ZEEBE = f"{BPMN}extensionElements/{{http://camunda.org/schema/zeebe/1.0}}calledElement"
_BINDINGS = ("latest", "deployment", "version", "versionTag")


@dataclass(frozen=True)
class Call:
    """What a call activity says."""

    element_id: str
    process: str
    """Process id, '' when none is named."""
    binding: str = "latest"
    version: str = ""
    """Digits, with binding ``version``."""
    tag: str = ""

    @property
    def chooses(self) -> bool:
        """Whether it names a certain version."""
        return self.binding in ("version", "versionTag")


def read_call(node: Xml) -> Call:
    """The call of a callActivity, in Camunda 7's spelling or Camunda 8's."""
    zeebe = node.find(_ZEEBE)
    process = node.get("calledElement") or (zeebe.get("processId", "") if zeebe is not None else "")
    return Call(
        node.get("id", ""),
        process.strip().rpartition(":")[2] if "{" not in process else process,
        node.get(f"{CAMUNDA}calledElementBinding") or "latest",
        (node.get(f"{CAMUNDA}calledElementVersion") or "").strip(),
        (node.get(f"{CAMUNDA}calledElementVersionTag") or "").strip(),
    )


def global_tasks(root: Xml) -> frozenset[str]:
    """Ids of the tasks that a file declares outside its processes."""
    return frozenset(
        node.get("id", "") for node in root if is_bpmn(node) and local(node).startswith("global")
    )


def call_problems(node: Xml, not_called: Set[str]) -> Iterator[str]:
    """What is wrong with a call by itself; `not_called` are ids of global tasks."""
    call = read_call(node)
    if call.process in not_called:
        yield f"“{call.process}”是全局任务，不能调用：请在这里画成相应的任务"
    if "{" in call.process or call.process.startswith("="):
        yield f"调用的流程应写明固定的 id，但是“{call.process}”：要按情形选择时请画网关和几个调用活动"
    elif node.get(f"{CAMUNDA}caseRef"):
        yield "调用 CMMN 案例（camunda:caseRef）不支持：请调用流程"
    if call.binding not in _BINDINGS:
        yield f"调用的版本绑定应为 {'、'.join(_BINDINGS)} 之一，但是“{call.binding}”"
    if call.binding == "version" and not call.version.isdecimal():
        yield f"绑定到版本时应写明版本号（calledElementVersion），但是“{call.version}”"
    if call.binding == "versionTag" and (not call.tag or "{" in call.tag):
        yield f"绑定到版本标签时应写明固定的标签（calledElementVersionTag），但是“{call.tag}”"
    if any(
        node.get(f"{CAMUNDA}{name}") for name in ("variableMappingClass", "variableMappingDelegateExpression")
    ):
        yield "变量映射类（variableMappingClass）会运行任意程序，不支持：请改用 camunda:in 和 camunda:out"
    yield from _in_problems(node)


def _in_problems(node: Xml) -> Iterator[str]:
    for child in node.iterfind(f"{BPMN}extensionElements/{CAMUNDA}in"):
        key = child.get("businessKey")
        if key and "processBusinessKey" not in key and "businessKey" not in key:
            yield "被调用的流程与调用者同属一件，编号相同，不能另给编号：请删去 in businessKey"
    for child in node.iterfind(f"{BPMN}extensionElements/*"):
        if child.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out") and flag(child, "local"):
            yield "in/out 的 local 不支持：请逐个写明要传的变量"


def calls_in(root: Xml) -> list[Call]:
    """All calls of a file."""
    return [read_call(node) for node in root.iter(f"{BPMN}callActivity")]
