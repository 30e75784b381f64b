"""The ways out that are set up: channels with their senders, from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from command.compose import System
from command.settings import Settings
from supervision.notice.channels import channels
from supervision.notice.channels.channel import Sender
from supervision.notice.deliver import Postman


def open_senders(settings: Settings) -> Mapping[str, Sender]:
    """Senders by the name of their channel; opens no connection.

    Raises:
        ValueError: a setting says something impossible; the message is Chinese and holds no password.
    """
    site = f"http://{settings.host}:{settings.port}"
    given = {"DUCHA_URL": site, **{name: value for name, value in settings.given.items() if value.strip()}}
    opened = {channel.name: channel.open(given) for channel in channels().values()}
    return {name: sender for name, sender in opened.items() if sender is not None}


def postmen(system: System) -> dict[str, Postman]:
    """What does the jobs of each channel that is set up."""
    known = channels()
    senders = open_senders(system.settings)
    return {name: Postman(system.session, known[name], sender) for name, sender in senders.items()}
