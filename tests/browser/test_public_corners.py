"""What a citizen does wrong gets a clear sentence, with JavaScript or without."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.citizen import COMPLAINT, ask, complain
from tests.browser.hands import fill, picture, send
from tests.browser.people import PHONE, People, Shoot

NOT_A_PICTURE: dict[str, Any] = {
    "name": "照片.png", "mimeType": "image/png", "buffer": b"MZ\x90\x00 a program in disguise",
}  # fmt: skip
WRONG = "受理编号、查询码或手机尾号不正确"


def test_a_complaint_is_filed_and_followed_without_javascript_on_a_phone(people: People, shot: Shoot) -> None:
    # given a phone with JavaScript switched off
    citizen = people.stranger(java_script_enabled=False, viewport=PHONE)
    # when somebody complains, at first without saying what about
    citizen.goto("/complaint")
    form = citizen.locator("form.form")
    fill(form, {**COMPLAINT, "facts": ""})
    send(citizen, form, "提交投诉")
    # then the summary leads to the field, and what was typed is still there
    faults = citizen.locator(".summary")
    expect(faults).to_contain_text("有 1 处需要修改")
    faults.get_by_role("link").click()
    assert citizen.url.endswith("#f-facts")
    expect(form.locator("[name=name]")).to_have_value(COMPLAINT["name"])
    shot(citizen, "complaint-errors-390")
    # and with the fault mended it is filed and can be followed
    receipt = complain(citizen)
    ask(citizen, receipt)
    expect(citizen.locator("main")).to_contain_text(receipt.number)
    shot(citizen, "followed-390")


def test_nothing_is_asked_of_who_stays_anonymous(people: People) -> None:
    # given
    citizen = people.stranger()
    citizen.goto("/complaint")
    form = citizen.locator("form.form")
    expect(form.locator("[name=name]")).to_be_hidden()
    # when and then the questions for a name come and go with the choice
    fill(form, {"identity_mode": "实名"})
    expect(form.locator("[name=name]")).to_be_visible()
    fill(form, {"identity_mode": "匿名"})
    expect(form.locator("[name=name]")).to_be_hidden()
    receipt = complain(citizen, identity_mode="匿名", name=None, phone=None, address=None)
    ask(citizen, receipt, tail="")
    expect(citizen.locator("main")).to_contain_text(receipt.number)


def test_a_program_under_the_name_of_a_picture_is_refused(people: People, shot: Shoot) -> None:
    # given
    citizen = people.stranger()
    citizen.goto("/complaint")
    form = citizen.locator("form.form")
    fill(form, {**COMPLAINT, "evidence": [NOT_A_PICTURE]})
    # when
    send(citizen, form, "提交投诉")
    # then
    expect(citizen.locator(".summary")).to_contain_text("照片.png")
    shot(citizen, "complaint-errors")
    # and a picture is taken
    fill(form, {"evidence": [picture()]})
    send(citizen, form, "提交投诉")
    expect(citizen.locator("h1")).to_have_text("投诉已登记")


def test_wrong_codes_give_no_hint_and_soon_no_more_tries(people: People) -> None:
    # given a real number and one that does not exist
    citizen = people.stranger()
    receipt = complain(citizen)
    told = citizen.get_by_role("alert")
    # when codes are guessed
    ask(citizen, receipt, code="AAAAAAAAAA")
    expect(told).to_contain_text(WRONG)
    real = told.inner_text()
    citizen.locator("[name=number]").fill("TS-2026-0099")
    citizen.locator("[name=code]").fill("AAAAAAAAAA")
    send(citizen, citizen.locator("form.form"), "查询")
    # then both get the same sentence
    assert told.inner_text() == real
    # and after five tries even the right code has to wait
    for _ in range(4):
        ask(citizen, receipt, code="AAAAAAAAAA")
    ask(citizen, receipt)
    expect(told).to_contain_text("15 分钟后再试")
