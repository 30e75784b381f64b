"""电子邮件: plain text by SMTP, one letter per notice, always under the same Message-ID.

Set up by `DUCHA_SMTP_URL` (see `_smtp`) and `DUCHA_MAIL_FROM`; links lead to `DUCHA_URL`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supervision.notice.channels._smtp import Gateway, read_gateway
from supervision.notice.channels.channel import Channel, Delayed, Message, Refused, Unreachable

if TYPE_CHECKING:
    from email.message import EmailMessage

URL, SENDER, SITE = "DUCHA_SMTP_URL", "DUCHA_MAIL_FROM", "DUCHA_URL"
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,130}[A-Za-z0-9])")
FOOT = "此邮件由督查台自动发出，请勿回复。是否接收可在“个人设置”中修改。"
PERMANENT = 500
"""Codes from here on mean that trying again is of no use. Source: RFC 5321, 4.2.1."""


def address_fault(address: str) -> str:
    """Why it is no address of a mailbox, in Chinese; '' when it is one."""
    if ADDRESS.fullmatch(address) and ".." not in address:
        return ""
    return "邮箱地址应形如 name@example.gov.cn"


@dataclass(frozen=True)
class Mail:
    """Our mailbox and the server it is sent through."""

    gateway: Gateway
    sender: str
    site: str
    """Where links lead, without a slash at its end."""

    def send(self, message: Message) -> None:
        """Raises Unreachable, Refused or Delayed."""
        self._through(lambda: self.gateway.deliver(self.letter(message)), message.address)

    def greet(self) -> None:
        """Connects, logs in and says good-bye. Raises Unreachable."""
        self._through(self.gateway.greet, "")

    def letter(self, message: Message) -> EmailMessage:
        """As it goes out."""
        from email.message import EmailMessage
        from email.utils import format_datetime

        letter = EmailMessage()
        letter["Subject"] = f"[督查台] {' '.join(message.text.split())}"
        letter["From"], letter["To"] = self.sender, message.address
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # Source: RFC 3834: no answering machine answers it
        letter.set_content("\n".join(self._body(message)), cte="base64")
        return letter

    def _body(self, message: Message) -> list[str]:
        lines = [message.text, ""]
        for line in message.lines:
            lines += [line.text] if line.text else []
            lines += [f"{self.site}{line.link}"] if line.link else []
        return [*lines, "", FOOT, ""]

    def _through(self, act: Callable[[], None], address: str) -> None:
        import smtplib  # megabytes that only who sends mail needs
        import socket
        import ssl

        where = f"{self.gateway.host}:{self.gateway.port}"
        try:
            act()
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            _refused("收件地址", code, answer, address, refused)
        except smtplib.SMTPDataError as refused:
            _refused("这封邮件", refused.smtp_code, refused.smtp_error, address, refused)
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(f"邮件服务器 {where} 不接受用户名或密码，请检查 {URL}") from error
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(f"邮件服务器 {where} 不接受发件地址，请检查 {SENDER}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unreachable(f"邮件服务器 {where} 不支持所要求的加密或登录方式，请检查 {URL}") from error
        except ssl.SSLCertVerificationError as error:
            raise Unreachable(f"邮件服务器 {where} 的证书不可信：{error.verify_message}") from error
        except socket.gaierror as error:
            raise Unreachable(f"找不到邮件服务器 {where}：请检查 {URL} 中的主机名") from error
        except ConnectionRefusedError as error:
            raise Unreachable(f"邮件服务器 {where} 拒绝连接") from error
        except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
            raise Unreachable(f"邮件服务器 {where} 没有按时回应，或中断了连接") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"邮件服务器 {where} 没有接收：{type(error).__name__}") from error


def _refused(what: str, code: int, answer: bytes | str, address: str, error: Exception) -> None:
    """The server's own words help who repairs it; the address they may repeat is left out."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    words = words.replace(address, "…")[:200] if address else ""
    if code >= PERMANENT:
        raise Refused(f"邮件服务器不接受{what}：{code} {words}") from error
    raise Delayed(f"邮件服务器要求稍后再试：{code} {words}") from error


def open_mail(environ: Mapping[str, str]) -> Mail | None:
    """None without `DUCHA_SMTP_URL`. Raises ValueError, in Chinese."""
    url = environ.get(URL, "").strip()
    if not url:
        return None
    sender = environ.get(SENDER, "").strip()
    if address_fault(sender):
        raise ValueError(f"{SENDER} 应为发件的邮箱地址（设置了 {URL} 就必须有），例如 ducha@example.gov.cn")
    site = environ.get(SITE, "").strip().rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", site):
        raise ValueError(f"{SITE} 应为本系统的网址，邮件中的链接由它开头，例如 https://ducha.example.gov.cn")
    return Mail(read_gateway(url, name=URL, helo=sender.rpartition("@")[2]), sender, site)


CHANNEL = Channel(name="mail", label="电子邮件", fault=address_fault, open=open_mail)
