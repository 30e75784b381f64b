"""Drawings that break the law are refused, each with the sentence that says how to mend it."""

from __future__ import annotations

import pytest

from tests.unit.bpmn.drawn import block, boundary, catch
from tests.unit.invariants.cases import (
    DEFENDED,
    HEARD,
    LAWFUL,
    REVIEW,
    TIMER,
    call,
    drawn,
    gateway,
    person,
    told,
    topic,
)

XOR, AND, OR = gateway("x"), gateway("x", "parallel"), gateway("x", "inclusive")
NOT_HEARD, NO_PERSON = "应向每一名对象送达《陈述申辩告知书》", "期限届满不能代替人作决定"
NO_RECTIFY, NOT_TOLD = "应启动整改报告", "应把处理结果告知投诉人"
UNPUBLISHED, NO_BULLETIN = "处理结果应向群众公开", "应印发督查通报"
CLOSE = topic("close", "case.close", outcome="已办结")
ACCEPT = topic("accept", "complaint.accept")
REGISTER = topic("reg", "complaint.register")
PUBLISH = '<callActivity id="pub" calledElement="publication"/>'
COMPLAINT = REGISTER + ACCEPT + CLOSE + PUBLISH + call("d15", "D15") + person("decide")
MI = '<multiInstanceLoopCharacteristics camunda:collection="${people}" camunda:elementVariable="p"/>'
EARLY = MI.replace(
    "/>", "><completionCondition>${enough}</completionCondition></multiInstanceLoopCharacteristics>"
)
TAIL = "decide > d26; d26 > rectify; rectify > e"


def notice(inside: str) -> str:
    """The hearing as a sub-process."""
    lines = f"is > d23; d23 > wait; {HEARD}; heard > ie"
    elements = DEFENDED[: DEFENDED.index('<userTask id="decide"')]
    opened = block("hear", f'<startEvent id="is"/>{elements}<endEvent id="ie"/>', lines)
    return opened.replace("</subProcess>", f"{inside}</subProcess>")


AFTER = DEFENDED[DEFENDED.index('<userTask id="decide"') :]
ACCOUNTABILITY = {
    "a way past the notice": (
        DEFENDED + XOR,
        LAWFUL.replace("s > d23", "s > x; x > d23; x > decide [a]"),
        NOT_HEARD,
    ),
    "a way past the defence": (
        DEFENDED + XOR,
        LAWFUL.replace("d23 > wait", "d23 > x; x > wait; x > decide [a]"),
        NOT_HEARD,
    ),
    "no notice": (DEFENDED.replace("'D23'", "'D22'"), LAWFUL, NOT_HEARD),
    "a notice that is not served": (DEFENDED.replace("${True}", "${False}", 1), LAWFUL, NOT_HEARD),
    "a notice that may be refused": (
        DEFENDED.replace(
            "</extensionElements>",
            '<camunda:in sourceExpression="${True}" target="may_refuse"/></extensionElements>',
            1,
        ),
        LAWFUL,
        NOT_HEARD,
    ),
    "a notice or another letter": (
        DEFENDED.replace("'D23'", "'D23' if grave else 'D22'", 1),
        LAWFUL,
        NOT_HEARD,
    ),
    "a defence before its notice": (
        DEFENDED,
        f"s > wait; {HEARD}; heard > d23; d23 > decide; {TAIL}",
        NOT_HEARD,
    ),
    "a decision beside the hearing": (
        DEFENDED + AND + gateway("j", "parallel"),
        f"s > x; x > d23; d23 > wait; {HEARD}; heard > j; x > decide; decide > d26; "
        "d26 > rectify; rectify > j; j > e",
        NOT_HEARD,
    ),
    "a decision while others are heard": (
        DEFENDED + OR + gateway("j", "inclusive"),
        f"s > x; x > d23 [a]; d23 > wait; {HEARD}; heard > j; x > j [b]; j > decide; {TAIL}",
        NOT_HEARD,
    ),
    "a second notice without a second hearing": (
        DEFENDED + XOR + call("again", "D23", deliver="True"),
        LAWFUL.replace("heard > decide", "heard > x; x > decide [a]; x > again; again > decide"),
        NOT_HEARD,
    ),
    "a timer that breaks the hearing off": (
        notice("") + AFTER + boundary("b", "hear", TIMER),
        f"s > hear; hear > decide; b > decide; {TAIL}",
        NOT_HEARD,
    ),
    "a message beside the hearing": (
        notice("") + AFTER + boundary("b", "hear", TIMER, interrupting=False),
        f"s > hear; hear > decide; b > decide; {TAIL}",
        NOT_HEARD,
    ),
    "a hearing of some only": (notice(EARLY) + AFTER, f"s > hear; hear > decide; {TAIL}", NOT_HEARD),
    "an exemption without a hearing": (
        DEFENDED + XOR + call("d27", "D27"),
        LAWFUL.replace("s > d23", "s > x; x > d23; x > d27 [a]") + "; d27 > e",
        NOT_HEARD,
    ),
    "a document that may be a decision": (
        DEFENDED + XOR + call("any", "'D26' if a else 'D28'"),
        LAWFUL.replace("s > d23", "s > x; x > d23; x > any [a]") + "; any > rectify",
        NOT_HEARD,
    ),
    "a decision in a sub-process": (
        DEFENDED
        + XOR
        + block(
            "quick", '<startEvent id="qs"/>' + call("q", "D26") + '<endEvent id="qe"/>', "qs > q; q > qe"
        ),
        LAWFUL.replace("s > d23", "s > x; x > d23; x > quick [a]") + "; quick > rectify",
        NOT_HEARD,
    ),
    "a link past the hearing": (
        DEFENDED
        + XOR
        + '<intermediateThrowEvent id="jump"><linkEventDefinition name="l"/></intermediateThrowEvent>'
        + '<intermediateCatchEvent id="land"><linkEventDefinition name="l"/></intermediateCatchEvent>',
        LAWFUL.replace("s > d23", "s > x; x > d23; x > jump [a]") + "; land > decide",
        NOT_HEARD,
    ),
    "a timer that decides": (
        DEFENDED,
        LAWFUL.replace("heard > decide; decide > d26", "heard > d26"),
        NO_PERSON,
    ),
    "a timer with a task of no choice": (
        DEFENDED.replace(' camunda:formKey="F-X"', "", 1),
        LAWFUL,
        NO_PERSON,
    ),
    "a decision without rectification": (
        DEFENDED,
        LAWFUL.replace("d26 > rectify; rectify > e", "d26 > e"),
        NO_RECTIFY,
    ),
    "rectification under a condition": (
        DEFENDED + XOR,
        LAWFUL.replace("d26 > rectify", "d26 > x; x > rectify [a]; x > e"),
        NO_RECTIFY,
    ),
    "rectification before the decision": (
        DEFENDED,
        LAWFUL.replace(
            "decide > d26; d26 > rectify; rectify > e", "decide > rectify; rectify > d26; d26 > e"
        ),
        NO_RECTIFY,
    ),
    "no decision at all": (person("decide"), "s > decide; decide > e", "应制发《问责决定书》"),
    "a number beside the issue": (
        DEFENDED + topic("n", "document.issue"),
        LAWFUL.replace("rectify > e", "rectify > n; n > e"),
        "发文字号只在",
    ),
    "a review that breaks execution off": (
        DEFENDED
        + block("run", '<startEvent id="qs"/>' + person("do") + '<endEvent id="qe"/>', "qs > do; do > qe")
        + boundary("b", "run", REVIEW),
        LAWFUL.replace("rectify > e", "rectify > run; run > e; b > e"),
        "不得打断执行",
    ),
    "a task for those who have no desk": (DEFENDED.replace("DCS_LEAD", "PUB"), LAWFUL, "不在系统里办理任务"),
}
ACCEPTED = "s > reg; reg > accept; accept > decide; decide > d15; d15 > pub; pub > close; close > e"
COMPLAINTS = {
    "an end that tells nobody": (
        COMPLAINT,
        ACCEPTED.replace("decide > d15; d15 > pub", "decide > pub"),
        NOT_TOLD,
    ),
    "a way past the letter": (
        COMPLAINT + XOR,
        ACCEPTED.replace("decide > d15", "decide > x; x > d15; x > pub [busy]"),
        NOT_TOLD,
    ),
    "the named are not told either": (
        COMPLAINT + XOR,
        ACCEPTED.replace("decide > d15", "decide > x; x > d15; x > pub [identity_mode == '匿名' or busy]"),
        NOT_TOLD,
    ),
    "no publication": (COMPLAINT, ACCEPTED.replace("d15 > pub; pub > close", "d15 > close"), UNPUBLISHED),
    "publication for some": (
        COMPLAINT + XOR,
        ACCEPTED.replace("d15 > pub", "d15 > x; x > pub; x > close [satisfied]"),
        UNPUBLISHED,
    ),
    "a time-out that concludes": (
        COMPLAINT + catch("late", TIMER),
        ACCEPTED.replace("decide > d15", "decide > late; late > d15"),
        "期限届满不能代替人作结论",
    ),
    "an end by error": (
        COMPLAINT + XOR + '<endEvent id="stop"><terminateEventDefinition/></endEvent>',
        ACCEPTED.replace("accept > decide", "accept > x; x > decide; x > stop [a]"),
        NOT_TOLD,
    ),
    "an end that leaves the case open": (
        COMPLAINT,
        ACCEPTED.replace("pub > close; close > e", "pub > e"),
        "结束以前应办结",
    ),
    "no register": (COMPLAINT, ACCEPTED.replace("s > reg; reg > accept", "s > accept"), "应登记编号"),
}
INSPECTIONS = {
    "no bulletin": (person("do") + call("d05", "D05"), "s > do; do > d05; d05 > e", NO_BULLETIN),
    "a way past the bulletin": (
        XOR + person("do") + call("d06", "D06"),
        "s > do; do > x; x > d06; x > e [few]; d06 > e",
        NO_BULLETIN,
    ),
}
SHARED = {
    "a review that suspends": (
        "accountability_review",
        topic("t", "deadline.suspend"),
        "s > t; t > e",
        "不停止执行",
    ),
    "a number before the signature": (
        "document_issue",
        topic("n", "document.issue") + person("g", "F-DOC-sign"),
        "s > n; n > g; g > e",
        "签发以后才能编号",
    ),
    "a signature by the drafter": (
        "document_issue",
        topic("n", "document.issue") + person("g", "F-DOC-sign"),
        "s > g; g > n; n > e",
        "拟稿人不得签发",
    ),
    "no check of secrecy": (
        "publication",
        topic("p", "publication.publish") + person("ok", "F-PUB-approve"),
        "s > ok; ok > p; p > e",
        "未经保密审查",
    ),
    "a publication that publishes nothing": (
        "publication",
        person("z", "F-PUB-secrecy"),
        "s > z; z > e",
        "结束以前应已发布",
    ),
    "a service without a date": ("service_of_documents", person("d"), "s > d; d > e", "应记录送达日期"),
}


@pytest.mark.parametrize(("elements", "lines", "said"), ACCOUNTABILITY.values(), ids=ACCOUNTABILITY)
def test_an_unlawful_accountability_case_is_refused(elements: str, lines: str, said: str) -> None:
    assert any(said in problem.message for problem in told(drawn(elements, lines)))


def test_an_accountability_case_that_stays_open_is_refused() -> None:
    (problem,) = told(drawn(DEFENDED, LAWFUL, closed=False))
    assert "结束以前应办结" in problem.message


@pytest.mark.parametrize(("elements", "lines", "said"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_an_unlawful_complaint_is_refused(elements: str, lines: str, said: str) -> None:
    if "s > reg" not in lines:
        elements = elements.replace(REGISTER, "")
    assert any(said in problem.message for problem in told(drawn(elements, lines, "complaint")))


@pytest.mark.parametrize(("elements", "lines", "said"), INSPECTIONS.values(), ids=INSPECTIONS)
def test_an_inspection_without_its_bulletin_is_refused(elements: str, lines: str, said: str) -> None:
    assert any(said in problem.message for problem in told(drawn(elements, lines, "annual_inspection")))


@pytest.mark.parametrize(("id", "elements", "lines", "said"), SHARED.values(), ids=SHARED)
def test_an_unlawful_shared_process_is_refused(id: str, elements: str, lines: str, said: str) -> None:
    assert any(said in problem.message for problem in told(drawn(elements, lines, id)))


def test_a_called_process_is_followed() -> None:
    quick = drawn(call("q", "D26"), "s > q; q > e", "quick_decision")
    elements = DEFENDED + XOR + '<callActivity id="c" calledElement="quick_decision"/>'
    lines = LAWFUL.replace("s > d23", "s > x; x > d23; x > c [a]") + "; c > rectify"
    assert any(NOT_HEARD in problem.message for problem in told(drawn(elements, lines), quick))


def test_a_problem_names_the_element_the_clause_and_the_way_out() -> None:
    elements, lines, _ = ACCOUNTABILITY["a way past the notice"]
    (problem,) = told(drawn(elements, lines))
    assert problem.element_id == "d26"
    assert "R13¶1" in problem.message
    assert "去掉绕过的路" in problem.message
