"""人员选择: a list of people offers those of the unit and of the body concerned, and takes no others."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.pages import walk
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def offered(page: Page, field: str) -> set[str]:
    """Values of the boxes of a list."""
    return set(page.document.xpath(f"//input[@type='checkbox'][@name='{field}']/@value"))


def test_a_unit_names_only_its_own_people_as_responsible(site: Site, filed: Filed) -> None:
    # given a case that was given to U07
    filed()
    walk.assign(site)
    walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    # when
    page = site.as_("u07-contact").get(f"/task/{site.open_task('ut_unit_handle')}")
    # then
    assert offered(page, "responsible") == {"u07-contact", "u07-inner", "u07-deputy", "u07-head"}


def test_somebody_of_another_unit_is_refused_even_if_a_browser_sends_it(site: Site, filed: Filed) -> None:
    filed()
    walk.assign(site)
    walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    page = site.do("u07-contact", "ut_unit_handle", **walk.HANDLE, responsible=["u08-head"])
    assert page.code == 422
    assert "不在可选范围" in page.words
    walk.well(site.do("u07-contact", "ut_unit_handle", **walk.HANDLE, responsible=["u07-inner"]))


def test_investigators_are_people_of_the_body_that_handles_the_case(site: Site, filed: Filed) -> None:
    # given a complaint about 督查室 itself, which 区政府办公室 handles
    filed(target_unit="DCS")
    walk.well(site.do("office-clerk", "ut_complete", **walk.ELEMENTS))
    walk.well(site.do("office-clerk", "ut_triage", **walk.TRIAGE))
    walk.well(site.do("office-clerk", "ut_draft"))
    walk.well(site.do("office-head", "ut_sign", sign_result="同意签发"))
    # when
    deliver = site.as_("office-clerk").get(f"/task/{site.open_task('ut_deliver')}")
    walk.well(site.do("office-clerk", "ut_deliver", mode="短信", served_at="2026-03-02T09:00"))
    walk.well(site.do("office-head", "ut_assign", mode="督查室直办", due="2026-03-16"))
    page = walk.declared(site, "office-clerk", "ut_investigate")
    # then
    office = {"office-clerk", "office-clerk2", "office-head"}
    assert offered(page, "investigators") == office
    assert offered(deliver, "deliverers") == office


def test_in_an_ordinary_case_they_are_those_of_the_supervision_office(site: Site, filed: Filed) -> None:
    filed()
    walk.triage(site)
    walk.letter(site)
    walk.well(site.do("lead", "ut_assign", mode="督查室直办", due="2026-03-16"))
    page = walk.declared(site, "clerk1", "ut_investigate")
    assert offered(page, "investigators") == {"clerk1", "clerk2", "clerk3", "lead"}
