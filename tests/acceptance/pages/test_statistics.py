"""统计: the figures of a period, the cases behind each, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.pages.conftest import Site


def test_a_figure_leads_to_its_cases(site: Site, filed: Callable[..., tuple[str, str]]) -> None:
    filed()
    lead = site.as_("lead")
    page = lead.get("/statistics")
    assert page.code == 200
    assert "登记数" in page.words
    assert "0.0%（1 件中 0 件）" in page.words
    behind = lead.get("/statistics/complaints")
    assert behind.links("/case/")
    assert "unit=U06" in lead.get("/statistics?unit=U06").text


def test_a_period_that_is_none_is_said_and_shows_this_year(site: Site) -> None:
    lead = site.as_("lead")
    assert "先开始后结束" in lead.get("/statistics?since=2026-03-02&until=2026-03-01").words
    assert "2026-03-01 这样" in lead.get("/statistics?since=x").words


def test_who_watches_nothing_sees_no_figures(site: Site) -> None:
    assert site.as_("publisher").get("/statistics").code == 403
    assert site.as_("lead").get("/statistics/一次办结率").code == 404


def test_the_file_has_a_line_for_each_figure(site: Site) -> None:
    table = site.as_("lead").get("/statistics.csv").text
    assert "受理率" in table
    assert table.count("\n") > 40
