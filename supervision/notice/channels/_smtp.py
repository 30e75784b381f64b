"""One exchange with an SMTP server: every wait has an end, and so has the whole."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    import smtplib
    import ssl
    from email.message import EmailMessage

WAIT_S = 10.0
"""For one answer."""
WHOLE_S = 30.0
"""For the whole exchange: half the lease of a job, so that nobody else takes it up meanwhile."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
FORM = "应形如 smtps://用户:密码@主机:465、smtp+starttls://用户:密码@主机:587 或 smtp://主机:25"
LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Gateway:
    """The server, and how to speak to it."""

    host: str
    port: int
    tls: Literal["smtp", "smtp+starttls", "smtps"]
    user: str = ""
    password: str = field(default="", repr=False)
    helo: str = "localhost"
    """Who we say we are; asking the machine could wait for a name server."""
    ca: str = ""
    """File of the certificate authority, where the house has one of its own."""
    wait_s: float = WAIT_S
    whole_s: float = WHOLE_S

    def deliver(self, message: EmailMessage) -> None:
        """Raises OSError (also of time that ran out), ValueError or smtplib.SMTPException."""
        with self.connected() as smtp:
            smtp.send_message(message)

    def greet(self) -> None:
        """Connects and logs in, no more. Raises as `deliver`."""
        with self.connected() as smtp:
            smtp.noop()

    def connected(self) -> _Within:
        """Connected and logged in on entering."""
        return _Within(self)


class _Within:
    """Cuts the line when the whole takes too long: a server that drips would keep each single wait short."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._late = False
        self._alarm = threading.Timer(gateway.whole_s, self._cut)
        self._alarm.daemon = True

    def __enter__(self) -> smtplib.SMTP:
        import smtplib  # only a pump that sends mail needs it

        gateway, context = self._gateway, self._trust()
        how: dict[str, Any] = {"local_hostname": gateway.helo, "timeout": gateway.wait_s}
        tls = gateway.tls == "smtps"
        self._smtp = smtplib.SMTP_SSL(**how, context=context) if tls else smtplib.SMTP(**how)
        self._smtp._host = gateway.host  # type: ignore[attr-defined]  # the certificate's; else it connects at once
        self._alarm.start()
        try:
            code, answer = self._smtp.connect(gateway.host, gateway.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, answer)
            if gateway.tls == "smtp+starttls":
                self._smtp.starttls(context=context)
            if gateway.user:
                self._smtp.login(gateway.user, gateway.password)
        except BaseException as error:
            self._end(hang_up=True)
            if self._late:
                raise TimeoutError from error
            raise
        return self._smtp

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._end(hang_up=error is not None)
        if self._late and error is not None:
            raise TimeoutError from error

    def _end(self, *, hang_up: bool) -> None:
        """What was accepted is sent, whatever the server says to our good-bye."""
        try:
            if not hang_up:
                with suppress(Exception):
                    self._smtp.quit()
        finally:
            self._alarm.cancel()
            self._smtp.close()

    def _cut(self) -> None:
        self._late = True
        if (line := self._smtp.sock) is not None:
            with suppress(OSError):
                line.shutdown(SHUT_RDWR)

    def _trust(self) -> ssl.SSLContext | None:
        if self._gateway.tls == "smtp":
            return None
        import ssl

        return ssl.create_default_context(cafile=self._gateway.ca or None)


def read_gateway(url: str, *, name: str, helo: str) -> Gateway:
    """Raises ValueError, in Chinese and without the password, when `url` (of the setting `name`) is none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError(f"{name} {FORM}：端口应为 1 至 65535 的整数") from None
    if parts.scheme not in PORTS or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise ValueError(f"{name} {FORM}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password and parts.scheme == "smtp" and parts.hostname not in LOCAL:
        raise ValueError(f"{name} 不能用 smtp:// 传送密码，因为不加密：请改用 smtps:// 或 smtp+starttls://")
    if bool(user) != bool(password):
        raise ValueError(f"{name} 的用户和密码应同时写，或都不写；其中的特殊字符按网址编码，例如 @ 写作 %40")
    return Gateway(
        parts.hostname, port or PORTS[parts.scheme], parts.scheme,  # type: ignore[arg-type]
        user, password, helo, **_options(parts.query, name),
    )  # fmt: skip


def _options(query: str, name: str) -> dict[str, Any]:
    try:
        given = parse_qs(query, strict_parsing=True) if query else {}
    except ValueError:
        raise ValueError(f"{name} 的“?”后面应为 ca=证书文件") from None
    if unknown := sorted(given.keys() - {"ca"}):
        raise ValueError(f"{name} 没有选项“{unknown[0]}”：只有 ca=证书文件")
    return {key: values[0] for key, values in given.items()}
