"""What an activity is given and what it gives: camunda:inputOutput, ioSpecification, data objects."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, process, program, throw, user

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ONE_STEP = "s > x\nx > a\na > e"


def parameters(inside: str) -> str:
    return f"<extensionElements><camunda:inputOutput>{inside}</camunda:inputOutput></extensionElements>"


def given(name: str, value: str) -> str:
    return f'<camunda:inputParameter name="{name}">{value}</camunda:inputParameter>'


def taken(name: str, value: str) -> str:
    return f'<camunda:outputParameter name="{name}">{value}</camunda:outputParameter>'


def case_of(element: str, **data: Any) -> Case:
    return Case(program(process(START + END + element + user("a"), ONE_STEP)), **data)


def open_data(case: Case) -> dict[str, Any]:
    (task,) = case.ex.open_tasks()
    return task.data


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("文字", "文字"),
        ("${n + 1}", 6),
        ("#{n gt 3 ? 'many' : 'few'}", "many"),
        ("= n * 2", 10),
        ("编号 ${n} 之 ${kind}", "编号 5 之 信访"),
        ("", None),
        ("<camunda:list><camunda:value>甲</camunda:value><camunda:value>${n}</camunda:value></camunda:list>",
         ["甲", 5]),
        ('<camunda:map><camunda:entry key="k">${kind}</camunda:entry></camunda:map>', {"k": "信访"}),
        ("${ {'k': n}['k'] }", 5),
    ],
)  # fmt: skip
def test_an_input_is_computed_when_the_activity_begins(value: str, seen: Any) -> None:
    case = case_of(user("x", parameters(given("given", value))), n=5, kind="信访")
    assert open_data(case) == {"n": 5, "kind": "信访", "given": seen}
    case.do("x")
    assert open_data(case) == {"n": 5, "kind": "信访"}


def test_inputs_are_the_activity_s_own_and_everything_else_it_writes_is_the_process_s() -> None:
    case = case_of(user("x", parameters(given("n", "${n * 2}") + taken("twice", "${n}"))), n=5)
    assert open_data(case) == {"n": 10}
    case.do("x", n=11, note="其他")
    assert open_data(case) == {"n": 5, "note": "其他", "twice": 11}


def test_what_was_the_activity_s_own_is_gone_when_its_flows_are_chosen() -> None:
    script = (
        f"<scriptTask id='x'>{parameters(given('n', '${9}') + taken('n', '${n + 1}'))}<script>m = n</script>"
    )
    bpmn = process(
        START + END + script + "</scriptTask>" + user("a") + user("b"),
        "s > x\nx > a [n == 10]\nx > b [n == 9]",
    )
    case = Case(program(bpmn), n=1)
    assert case.open() == ["a"]
    assert case.execution.data == {"n": 10, "m": 9}


def test_parameters_are_taken_in_their_order() -> None:
    inside = (
        given("one", "1") + given("two", "${one + '2'}") + taken("three", "${two}") + taken("n", "${three}")
    )
    case = case_of(f'<task id="x">{parameters(inside)}</task>')
    assert open_data(case) == {"three": "12", "n": "12"}


@pytest.mark.parametrize(
    ("element", "answer"),
    [
        ("<scriptTask id='x'>{}<script>result = n + 1</script></scriptTask>", {"result": 6}),
        ("<subProcess id='x'>{}<scriptTask id='y'><script>result = n + 1</script></scriptTask></subProcess>",
         {"result": 6}),
    ],
)  # fmt: skip
def test_outputs_are_taken_when_the_activity_is_complete(element: str, answer: dict[str, Any]) -> None:
    mapping = parameters(given("n", "${5}") + taken("kept", "${result + n}"))
    assert open_data(case_of(element.format(mapping))) == answer | {"kept": 11}


def test_what_a_sub_process_with_a_mapping_wrote_outlives_its_interruption() -> None:
    inside = user("y") + user("z")
    timer = boundary("t", "x", TIMER)
    bpmn = process(
        START + END + block("x", parameters(given("n", "1")) + inside, "y > z") + timer + user("a"),
        "s > x\nx > e\nt > a\na > e",
    )
    case = Case(program(bpmn))
    case.do("y", n=2, note="已核实")
    assert open_data(case) == {"n": 2, "note": "已核实"}
    case.wait(hours=1)
    assert open_data(case) == {"note": "已核实"}


def test_an_input_without_value_fails_at_the_activity() -> None:
    with pytest.raises(StepFailed, match="没有值") as caught:
        case_of(user("x", parameters(given("y", "${unknown}"))))
    assert caught.value.element_id == "x"


def test_a_service_is_given_its_inputs_and_a_call_maps_twice() -> None:
    mapping = parameters(given("n", "7") + taken("m", "${answer}"))
    case = case_of(f'<serviceTask id="x" camunda:topic="t">{mapping}</serviceTask>')
    assert case.ex.service_tasks()[0].data == {"n": "7"}
    case.serve("x", answer=8)
    assert case.execution.data == {"answer": 8, "m": 8}
    inside = (
        '<extensionElements><camunda:in source="n" target="number"/>'
        '<camunda:out source="found" target="got"/>'
        f"<camunda:inputOutput>{given('n', '${1}')}{taken('kept', '${got}')}</camunda:inputOutput>"
        "</extensionElements>"
    )
    called = process(START + END + user("y"), "s > y\ny > e", id="q")
    bpmn = process(
        START + END + f'<callActivity id="x" calledElement="q">{inside}</callActivity>' + user("a"), ONE_STEP
    )
    case = Case(program(bpmn, called=(called,)))
    assert open_data(case) == {"number": 1}
    case.do("y", found="有")
    assert open_data(case) == {"got": "有", "kept": "有"}


def test_what_undoes_a_sub_process_sees_what_it_was_given_then() -> None:
    undo = (
        '<boundaryEvent id="u" attachedToRef="y"><compensateEventDefinition/></boundaryEvent>'
        '<scriptTask id="h" isForCompensation="true"><script>undone = given</script></scriptTask>'
        '<association id="as" sourceRef="u" targetRef="h"/>'
    )
    element = block("x", parameters(given("given", "${n}")) + user("y") + undo, "")
    throws = throw("c", "<compensateEventDefinition/>")
    bpmn = process(START + END + element + user("a") + throws, "s > x\nx > a\na > c\nc > e")
    case = Case(program(bpmn), n=1)
    case.do("y")
    case.do("a", n=2)
    assert case.execution.data == {"n": 2, "undone": 1}


def test_each_of_several_instances_has_its_own_inputs() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics camunda:collection="${people}" camunda:elementVariable="person">'
        '<loopDataOutputRef>votes</loopDataOutputRef><outputDataItem id="o" name="vote"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    mapping = parameters(given("title", "致${person}") + taken("vote", "${opinion + title}"))
    case = case_of(user("x", mapping + loop), people=["甲", "乙"])
    assert [task.data["title"] for task in case.ex.open_tasks()] == ["致甲", "致乙"]
    case.do("x", opinion="可")
    case.do("x", opinion="否")
    assert open_data(case)["votes"] == ["可致甲", "否致乙"]


# ------------------------------------------------------------------ BPMN's own

OBJECTS = (
    '<dataObject id="d1" name="申请"/><dataObject id="d2"/><dataObjectReference id="r1" dataObjectRef="d1"/>'
    '<dataObjectReference id="r2" name="决定" dataObjectRef="d2"/>'
    '<dataStoreReference id="store" name="档案"/>'
)
DECLARED = (
    '<ioSpecification><dataInput id="i1" name="form"/><dataOutput id="o1" name="answer"/></ioSpecification>'
)


def association(kind: str, source: str, target: str, inside: str = "") -> str:
    sources = "".join(f"<sourceRef>{one}</sourceRef>" for one in source.split())
    return f"<data{kind}Association>{sources}<targetRef>{target}</targetRef>{inside}</data{kind}Association>"


def with_objects(
    inside: str, kind: str = "userTask", attributes: str = "", rest: tuple[bytes, ...] = ()
) -> Case:
    element = f'<{kind} id="x" {attributes}>{inside}</{kind}>'
    return Case(
        program(process(START + END + OBJECTS + element + user("a"), ONE_STEP), called=rest), 申请="表"
    )


def test_data_objects_are_variables() -> None:
    case = with_objects(DECLARED + association("Input", "r1", "i1") + association("Output", "o1", "r2"))
    assert open_data(case) == {"申请": "表", "form": "表"}
    case.do("x", answer="准", note="已阅")
    assert open_data(case) == {"申请": "表", "决定": "准", "note": "已阅"}


def test_a_transformation_and_an_assignment_compute() -> None:
    change = "<transformation>申请 + '一'</transformation>"
    assign = "<assignment><from>answer + '二'</from><to>决定</to></assignment>"
    case = with_objects(
        DECLARED + association("Input", "r1", "i1", change) + association("Output", "o1", "r2", assign)
    )
    assert open_data(case)["form"] == "表一"
    case.do("x", answer="准")
    assert open_data(case)["决定"] == "准二"


def test_associations_that_only_show_something_map_nothing() -> None:
    shown = (
        '<property id="p1" name="__targetRef_placeholder"/>'
        + association("Input", "r1", "p1")
        + association("Output", "", "r2")
        + association("Input", "store", "p1")
    )
    case = with_objects(shown)
    case.do("x", note="已阅")
    assert open_data(case) == {"申请": "表", "note": "已阅"}


def test_an_input_from_a_data_store_or_an_object_without_value_is_not_given() -> None:
    assert open_data(with_objects(DECLARED + association("Input", "store", "i1"))) == {"申请": "表"}
    assert open_data(with_objects(DECLARED + association("Input", "r2", "i1"))) == {"申请": "表"}


def test_a_call_maps_through_its_data_associations() -> None:
    called = process(START + END + user("y"), "s > y\ny > e", id="q")
    inside = DECLARED + association("Input", "r1", "i1") + association("Output", "o1", "r2")
    case = with_objects(inside, "callActivity", 'calledElement="q"', (called,))
    assert open_data(case) == {"form": "表"}
    case.do("y", answer="准", private="不外传")
    assert open_data(case) == {"申请": "表", "决定": "准"}


def test_a_collection_may_be_a_data_input() -> None:
    inside = (
        '<ioSpecification><dataInput id="i1" name="all"/><dataOutput id="o1" name="votes"/></ioSpecification>'
        + association("Input", "r1", "i1")
        + association("Output", "o1", "r2")
        + "<multiInstanceLoopCharacteristics><loopDataInputRef>i1</loopDataInputRef>"
        "<loopDataOutputRef>o1</loopDataOutputRef>"
        '<inputDataItem id="each" name="person"/><outputDataItem id="vote"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    element = f'<userTask id="x">{inside}</userTask>'
    case = Case(program(process(START + END + OBJECTS + element + user("a"), ONE_STEP)), 申请=["甲", "乙"])
    assert [task.data["person"] for task in case.ex.open_tasks()] == ["甲", "乙"]
    case.do("x", vote=1)
    case.do("x", vote=2)
    assert open_data(case) == {"申请": ["甲", "乙"], "决定": [1, 2]}


ASSIGNED = "<assignment><from>1</from><to>a/b</to></assignment>"


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        (user("x", parameters(given("a b", "1"))), "变量名“a b”"),
        (user("x", parameters(given("y", "<camunda:script>1</camunda:script>"))), "script"),
        (user("x", parameters(given("y", "${open('x')}"))), "“y”的数据映射：没有名为“open”"),
        (throw("x", parameters(given("y", "1"))), "只能写在任务"),
        (user("x", DECLARED + association("Input", "r1 r2", "i1")), "几个来源"),
        (user("x", DECLARED + association("Input", "r1", "i1", ASSIGNED)),
         "一个变量名"),
        ('<intermediateCatchEvent id="x"><dataOutput id="o1" name="answer"/>'
         + association("Output", "o1", "r2")
         + '<messageEventDefinition messageRef="m_more"/></intermediateCatchEvent>', "只能写在任务"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_run_is_refused(element: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        case_of(OBJECTS + element)
    assert {problem.element_id for problem in caught.value.problems} == {"x"}
