"""A real SMTP server on the loopback for tests: it keeps what it takes, refuses, or stays silent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST = "127.0.0.1"
USER, PASSWORD = "ducha@example.invalid", "s3cret/word"


@dataclass
class Office:
    """What came in, and what is to be answered."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answer_rcpt: str = "250 OK"
    answer_data: str = "250 OK"

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_rcpt.format(address=address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer_data.startswith("250"):
            assert envelope.content is not None
            content = envelope.content
            letter = message_from_bytes(
                content if isinstance(content, bytes) else content.encode(), policy=default
            )  # type: ignore[call-overload]
            self.letters.append(letter)
        return self.answer_data


@contextmanager
def post_office(tls: ssl.SSLContext | None = None, *, implicit: bool = False) -> Iterator[Office]:
    """Answers until the block ends; with `tls` by STARTTLS and a login, or `implicit` from the first byte."""
    office = Office(port=free_port())
    how: dict[str, Any] = {"hostname": HOST, "port": office.port, "ready_timeout": 10}
    if implicit:
        how |= {"ssl_context": tls}
    elif tls is not None:
        how |= {"tls_context": tls, "require_starttls": True}
        how |= {"auth_required": True, "authenticator": _authenticate}
    controller = Controller(office, **how)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def silent_office(say: bytes = b"", *, drip: bool = False) -> Iterator[int]:
    """Accepts and says no more than `say`; with `drip` a byte of an endless greeting now and then."""
    over = threading.Event()
    held: list[socket.socket] = []

    def serve() -> None:
        while not over.is_set():
            try:
                taken, _ = listener.accept()
            except OSError:
                return
            held.append(taken)
            threading.Thread(target=talk, args=(taken,), daemon=True).start()

    def talk(taken: socket.socket) -> None:
        try:
            taken.sendall(say)
            while drip and not over.wait(0.05):
                taken.sendall(b"2")
        except OSError:
            pass

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    for each in held:
        each.close()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=good)  # what is not handled is answered with 535
