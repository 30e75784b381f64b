"""公众: file a complaint, follow it, add to it, withdraw it. Without script and without account."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from engine.store.tables import Attachment, Blob, Instance
from supervision.case.table import Case
from supervision.complaint.evidence import PLACE
from supervision.identity.vault import open_bytes
from tests.acceptance.pages.browser import filled
from tests.acceptance.pages.conftest import Site
from tests.pictures import CAMERA, taken

Filed = Callable[..., tuple[str, str]]


def test_the_landing_page_names_telephone_and_box(site: Site) -> None:
    page = site.browser().get("/")
    assert page.code == 200
    for word in (
        "我要投诉",
        "查询进度",
        "投诉电话",
        "意见箱",
        "处理结果公开",
        "演示数据",
        "严禁录入国家秘密",
    ):
        assert word in page.words


def test_a_complaint_gives_number_and_code_and_no_address_holds_the_code(site: Site, filed: Filed) -> None:
    number, code = filed()
    assert number == "TS-2026-0001"
    assert len(code) == 10
    browser = site.browser()
    case = browser.send("/query", {"number": number, "code": code, "tail": "5678"})
    assert case.code == 200
    assert "正在研判" in case.words
    assert case.response.request.path == "/query/case"
    assert code not in case.text


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(
    site: Site, complaint: dict[str, object]
) -> None:
    page = site.browser().send("/complaint", {**complaint, "facts": "太短", "phone": "12"})
    assert page.code == 422
    assert "有 2 处需要修改" in page.words
    assert 'href="#f-facts"' in page.text
    assert "卞甲乙" in page.text
    assert "请填写 11 位手机号" in page.words
    with site.session() as session:
        assert session.scalars(select(Instance)).all() == []


def test_unknown_and_oversized_fields_are_refused_in_chinese(
    site: Site, complaint: dict[str, object]
) -> None:
    browser = site.browser()
    unknown = browser.send("/complaint", {**complaint, "handler": "QZB"})
    assert unknown.code == 422
    assert "提交了表单里没有的内容" in unknown.words
    oversized = browser.send("/complaint", {**complaint, "facts": "长" * 5000})
    assert oversized.code == 422
    wrong = browser.send("/complaint", {**complaint, "target_unit": "U99", "happened_on": "明天"})
    assert wrong.code == 422
    assert "不在可选范围" in wrong.words


def test_a_file_of_the_wrong_kind_is_refused_and_a_right_one_is_sealed(
    site: Site, complaint: dict[str, object]
) -> None:
    browser = site.browser()
    refused = browser.send("/complaint", {**complaint, "evidence": ("图.png", b"MZ\x90\x00 not a picture")})
    assert refused.code == 422
    assert "图.png" in refused.words
    page = browser.send("/complaint", {**complaint, "evidence": ("说明.txt", "证据文字".encode())})
    assert page.code == 200
    assert "投诉已登记" in page.words


def test_a_photograph_is_sealed_without_the_place_where_it_was_taken(
    site: Site, complaint: dict[str, object]
) -> None:
    # given a photograph as a telephone takes it
    photo = taken("JPEG", orientation=6)
    assert CAMERA.encode() in photo
    # when
    page = site.browser().send("/complaint", {**complaint, "evidence": ("门口.jpg", photo)})
    # then
    assert "投诉已登记" in page.words
    with site.session() as session:
        row = session.scalars(select(Attachment)).one()
        sealed = session.get_one(Blob, row.blob_digest).content
        stored = open_bytes(session, site.system.keys, str(row.instance_id), PLACE, sealed)
    shown = Image.open(io.BytesIO(stored))
    assert (shown.size, dict(shown.getexif())) == ((16, 24), {})
    assert CAMERA.encode() not in stored


def test_a_file_need_not_be_chosen_again_when_another_field_was_wrong(
    site: Site, complaint: dict[str, object]
) -> None:
    browser = site.browser()
    content = "证据文字".encode()
    wrong = browser.send("/complaint", {**complaint, "facts": "短", "evidence": ("说明.txt", content)})
    assert wrong.code == 422
    assert "说明.txt" in wrong.words
    with site.session() as session:
        kept = session.scalars(select(Attachment)).one()
        assert "说明" not in kept.filename
        assert content not in session.get_one(Blob, kept.blob_digest).content
    receipt = browser.submit(wrong, "/complaint", {"facts": complaint["facts"]})
    assert "投诉已登记" in receipt.words
    with site.session() as session:
        filed = session.scalars(select(Attachment)).one()
        assert (filed.filename, filed.size_bytes, filed.sealed) == ("证据1.txt", len(content), True)
        assert filed.instance_id is not None


def test_a_kept_file_is_nobody_elses_and_goes_after_two_hours(
    site: Site, complaint: dict[str, object]
) -> None:
    browser, other = site.browser(), site.browser()
    kept = browser.send("/complaint", {**complaint, "facts": "短", "evidence": ("说明.txt", b"mine")})
    file_id = filled(kept.form("/complaint"))["evidence"]
    stolen = other.send("/complaint", {**complaint, "evidence": file_id})
    assert stolen.code == 422
    assert "说明.txt" not in stolen.words
    site.clock.move(site.clock() + timedelta(hours=3))
    other.send("/complaint", {**complaint, "facts": "短", "evidence": ("别的.txt", b"other")})
    with site.session() as session:
        assert session.get(Attachment, file_id) is None


def test_the_same_post_twice_makes_one_case(site: Site, complaint: dict[str, object]) -> None:
    browser = site.browser()
    page = browser.get("/complaint")
    first = browser.submit(page, "/complaint", complaint)
    second = browser.submit(page, "/complaint", complaint)
    assert "投诉已登记" in first.words
    assert "已经登记，编号 TS-2026-0001" in second.words
    with site.session() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_a_wrong_code_gets_the_sentence_of_a_number_that_does_not_exist(site: Site, filed: Filed) -> None:
    number, code = filed()
    browser = site.browser()
    wrong = browser.send("/query", {"number": number, "code": "AAAAAAAAAA", "tail": "5678"})
    nowhere = browser.send("/query", {"number": "TS-2026-0999", "code": "AAAAAAAAAA", "tail": "5678"})
    tail = browser.send("/query", {"number": number, "code": code, "tail": "0000"})
    said = [page.document.xpath("//*[@role='alert']/text()") for page in (wrong, nowhere, tail)]
    assert said[0] == said[1] == said[2]
    assert [page.code for page in (wrong, nowhere, tail)] == [422] * 3


def test_tries_are_limited_even_for_the_right_code(site: Site, filed: Filed) -> None:
    number, code = filed()
    browser = site.browser()
    for _ in range(5):
        browser.send("/query", {"number": number, "code": "AAAAAAAAAA", "tail": "5678"})
    locked = browser.send("/query", {"number": number, "code": code, "tail": "5678"})
    assert locked.code == 422
    assert "分钟后再试" in locked.words


def test_an_anonymous_complaint_is_followed_by_code_alone(site: Site, filed: Filed) -> None:
    number, code = filed(
        identity_mode="匿名", name=None, phone=None, address=None, email=None, reply_mode="自行查询"
    )
    page = site.browser().send("/query", {"number": number, "code": code.lower()})
    assert page.code == 200
    assert number in page.words


def test_the_complainant_adds_material_and_withdraws_with_confirmation(site: Site, filed: Filed) -> None:
    number, code = filed()
    browser = site.browser()
    case = browser.send("/query", {"number": number, "code": code, "tail": "5678"})
    added = browser.submit(case, "/query/add", {"text": "补充一张照片", "files": ("照.txt", b"text")})
    assert "已收到您补充的材料" in added.words
    refused = browser.submit(added, "/query/withdraw", {"reason": "已解决"})
    assert refused.code == 422
    assert "请勾选" in refused.words
    assert "已解决" in refused.text
    gone = browser.submit(refused, "/query/withdraw", {"sure": "1"})
    assert "已收到您的撤回申请" in gone.words
    assert not gone.links("/query/withdraw")


def test_the_query_ends_by_itself(site: Site, filed: Filed) -> None:
    number, code = filed()
    browser = site.browser()
    browser.send("/query", {"number": number, "code": code, "tail": "5678"})
    site.clock.move(site.clock() + timedelta(minutes=31))
    late = browser.get("/query/case")
    assert "查询已超时" in late.words
    assert number not in late.words


def test_nobody_follows_a_case_without_a_code(site: Site, filed: Filed) -> None:
    number, _ = filed()
    page = site.browser().get("/query/case")
    assert number not in page.words
    assert "请填写受理回执" in page.words
