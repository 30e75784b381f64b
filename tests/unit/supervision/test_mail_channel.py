"""Letters go out through a real SMTP server; whatever it does is told in Chinese and in time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from supervision.notice.channels import channels
from supervision.notice.channels._smtp import Gateway
from supervision.notice.channels.channel import Delayed, Line, Message, Refused, Unreachable
from supervision.notice.channels.mail import Mail, open_mail
from tests.post_office import HOST, PASSWORD, USER, Office, free_port, post_office, silent_office

WRITTEN = datetime(2026, 3, 18, 1, tzinfo=UTC)
MESSAGE = Message(
    "0123456789abcdef", "clerk1@yunxi.example.invalid", "TS-2026-0001“研判”即将到期：到期日 2026-03-20",
    [Line("", "/task/1")], WRITTEN,
)  # fmt: skip
QUICK_S = 0.3


def mail(url: str, **more: str) -> Mail:
    given = {"DUCHA_SMTP_URL": url, "DUCHA_MAIL_FROM": "ducha@yunxi.example.invalid"}
    opened = open_mail({**given, "DUCHA_URL": "https://ducha.example.invalid/", **more})
    assert opened is not None
    return opened


def hasty(port: int) -> Mail:
    gateway = Gateway(HOST, port, "smtp", wait_s=QUICK_S, whole_s=2 * QUICK_S)
    return Mail(gateway, "ducha@yunxi.example.invalid", "https://ducha.example.invalid")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself; key and certificate in one file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]),
    )
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "office.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def office() -> Iterator[Office]:
    with post_office() as opened:
        yield opened


def test_a_letter_arrives_with_its_text_its_link_and_a_stable_id(office: Office) -> None:
    # when
    for _ in range(2):
        mail(f"smtp://{office.address}").send(MESSAGE)
    # then
    letter = office.letters[0]
    assert letter["Subject"] == f"[督查台] {MESSAGE.text}"
    assert letter["To"] == MESSAGE.address
    assert letter["From"] == "ducha@yunxi.example.invalid"
    assert letter["Date"].datetime == WRITTEN
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content().splitlines()
    assert body[0] == MESSAGE.text
    assert "https://ducha.example.invalid/task/1" in body
    assert {each["Message-ID"] for each in office.letters} == {"<0123456789abcdef@yunxi.example.invalid>"}


def test_a_digest_lists_its_lines_with_their_links(office: Office) -> None:
    lines = [Line("逾期：TS-2026-0001“研判”", "/task/1"), Line("今天到期：TS-2026-0002“签发”", "/task/2")]
    mail(f"smtp://{office.address}").send(
        Message("d", MESSAGE.address, "今日提要：逾期 1 项", lines, WRITTEN)
    )
    body = office.letters[0].get_content()
    assert "逾期：TS-2026-0001“研判”\nhttps://ducha.example.invalid/task/1\n" in body
    assert "今天到期：TS-2026-0002“签发”\nhttps://ducha.example.invalid/task/2\n" in body


def test_a_text_with_line_breaks_cannot_add_a_head_to_the_letter(office: Office) -> None:
    text = "研判\r\nBcc: somebody@example.invalid"
    mail(f"smtp://{office.address}").send(Message("x", MESSAGE.address, text, [], WRITTEN))
    assert office.letters[0]["Bcc"] is None
    assert office.letters[0]["Subject"] == "[督查台] 研判 Bcc: somebody@example.invalid"


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS"])
def test_the_line_is_encrypted_and_the_certificate_is_looked_at(certificate: Path, implicit: bool) -> None:
    # given
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    who = "" if implicit else f"{quote(USER, '')}:{quote(PASSWORD, '')}@"
    scheme = "smtps" if implicit else "smtp+starttls"
    with post_office(tls, implicit=implicit) as office:
        # when
        mail(f"{scheme}://{who}{office.address}?ca={quote(str(certificate))}").send(MESSAGE)
        # then
        assert len(office.letters) == 1
        with pytest.raises(Unreachable, match="证书不可信"):
            mail(f"{scheme}://{who}{office.address}").send(MESSAGE)


def test_a_wrong_password_is_told_and_not_shown(certificate: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with post_office(tls) as office:
        wrong = mail(f"smtp+starttls://{quote(USER, '')}:guess@{office.address}?ca={quote(str(certificate))}")
        with pytest.raises(Unreachable, match="不接受用户名或密码") as told:
            wrong.send(MESSAGE)
        assert "guess" not in str(told.value)
        assert "guess" not in repr(wrong)


def test_an_address_that_is_refused_for_good_differs_from_one_refused_for_now(office: Office) -> None:
    sender = mail(f"smtp://{office.address}")
    office.answer_rcpt = "550 5.1.1 {address} unknown"
    with pytest.raises(Refused, match=r"不接受收件地址：550 5\.1\.1 … unknown"):
        sender.send(MESSAGE)
    office.answer_rcpt = "450 4.2.0 greylisted"
    with pytest.raises(Delayed, match="稍后再试：450"):
        sender.send(MESSAGE)
    office.answer_rcpt, office.answer_data = "250 OK", "554 5.7.1 looks like spam"
    with pytest.raises(Refused, match="不接受这封邮件：554"):
        sender.send(MESSAGE)
    assert office.letters == []


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(Unreachable, match="拒绝连接"):
        mail(f"smtp://{HOST}:{free_port()}").send(MESSAGE)
    with pytest.raises(Unreachable, match="找不到邮件服务器"):
        mail("smtp://no-such-host.invalid").send(MESSAGE)


@pytest.mark.parametrize(
    ("say", "drip"),
    [
        (b"", False),  # accepts and never says a word
        (b"220 here I am\r\n", False),  # greets, then nothing
        (b"", True),  # a byte now and then, each of them in time
    ],
    ids=["silent", "greets", "drips"],
)
def test_a_server_that_hangs_is_given_up(say: bytes, drip: bool) -> None:
    with silent_office(say, drip=drip) as port:
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="没有按时回应"):
            hasty(port).send(MESSAGE)
        assert time.monotonic() - begun < 10 * QUICK_S


def test_a_greeting_that_is_none_is_told() -> None:
    with silent_office(b"421 come back later\r\n") as port, pytest.raises(Unreachable, match="没有接收"):
        hasty(port).greet()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.example.invalid", "应形如 smtps://"),
        ("smtps://", "应形如"),
        ("smtps://host:99999", "端口应为"),
        ("smtps://host/path", "应形如"),
        ("smtp://user:secret@host", "不能用 smtp:// 传送密码"),
        ("smtps://user@host", "用户和密码应同时写"),
        ("smtps://host?tls=no", "没有选项“tls”"),
        ("smtps://host?ca", "应为 ca=证书文件"),
    ],
)
def test_a_slip_in_the_url_is_a_sentence_without_the_password(url: str, words: str) -> None:
    with pytest.raises(ValueError, match="DUCHA_SMTP_URL") as told:
        mail(url)
    assert words in str(told.value)
    assert "secret" not in str(told.value)


def test_sender_and_site_are_needed_and_looked_at() -> None:
    with pytest.raises(ValueError, match="DUCHA_MAIL_FROM 应为"):
        mail("smtp://host", DUCHA_MAIL_FROM="nobody")
    with pytest.raises(ValueError, match="DUCHA_URL 应为"):
        mail("smtp://host", DUCHA_URL="ducha.example.invalid")


def test_without_a_url_there_is_no_mail() -> None:
    assert open_mail({"DUCHA_MAIL_FROM": "ducha@example.invalid"}) is None


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("clerk1@yunxi.example.invalid", True),
        ("a.b+c@x.cn", True),
        ("", False),
        ("clerk1", False),
        ("a@b@c", False),
        ("a@b\nBcc: c@d", False),
        ("a b@c.cn", False),
        ("a@b..cn", False),
        ("甲@example.cn", False),
    ],
)
def test_what_is_an_address(address: str, good: bool) -> None:
    assert (channels()["mail"].fault(address) == "") is good


def test_channels_are_found_in_their_folder_in_app_first() -> None:
    assert [channel.label for channel in channels().values()] == ["站内消息", "电子邮件"]
    assert [channel.name for channel in channels().values() if channel.always] == ["in_app"]
