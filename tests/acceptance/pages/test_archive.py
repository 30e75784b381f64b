"""案卷: a closed case is archived by whoever may, and taken along; a document is there as Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
from sqlalchemy import select

from supervision.case.outcome import close
from supervision.case.table import Case
from supervision.document.table import Document
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def test_a_case_is_archived_and_its_file_taken_along(
    site: Site, filed: Filed, complaint: dict[str, object]
) -> None:
    # given a complaint that was accepted by a letter, and closed
    number, _ = filed()
    walk.triage(site)
    walk.letter(site)
    with site.session() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
        letter = session.scalars(select(Document).where(Document.instance_id == case.instance_id)).one()
        where, document = f"/case/{case.instance_id}", f"/document/{letter.id}"
        close(session, case, "已答复", {}, site.clock())
        session.commit()
    lead = site.as_("lead")
    # when
    assert f"{where}/archive" in lead.get(where).links(f"{where}/archive")
    page = lead.send(f"{where}/archive")
    # then
    assert "第 1 次归档" in page.words
    assert "投诉受理告知书" in page.words
    assert "身份信息 1" in page.words
    taken = lead.submit(page, f"{where}/archive.zip").response
    archive = zipfile.ZipFile(io.BytesIO(taken.get_data()))
    assert "卷内目录.html" in archive.namelist()
    name = str(complaint["name"]).encode()
    assert name not in b"".join(archive.read(one) for one in archive.namelist())
    # and the letter is there as Word, for those who may read it
    assert f"{document}/word" in lead.get(document).links(document)
    word = io.BytesIO(lead.client.get(f"{document}/word").get_data())
    assert "投诉受理告知书" in [one.text for one in docx.Document(word).paragraphs]
    assert not [one for one in zipfile.ZipFile(word).namelist() if one.startswith("docProps")]
    # and nobody else archives
    assert site.as_("clerk1").get(f"{where}/archive").code == 403
    assert site.as_("u06-contact").client.get(f"{document}/word").status_code in (403, 404)
