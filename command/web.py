"""The pages and the API of this district, as one WSGI application."""

from __future__ import annotations

from flask import Flask

from command.channels import open_senders
from command.checks import upload_check
from command.compose import System, ensure_secret
from forms.app import create_app
from forms.settings import PageSettings
from supervision.cycles.file import read_cycles
from supervision.document.template import Templates
from supervision.setting import get_setting


def make_app(system: System) -> Flask:
    """The pages of this district."""
    with system.session() as session:
        district = str(get_setting(session, "district", ""))
    given, processes = system.settings, system.settings.processes
    settings = PageSettings(
        secret_key=ensure_secret(system.settings),
        district=district,
        secure_cookies=given.https,
        privacy_notice=(processes / "notices" / "privacy.txt").read_text(),
        clauses=Templates(processes).clauses,
        processes=processes,
        cycles=read_cycles(processes),
        outward=frozenset(open_senders(given)),
        complaints_an_hour=given.complaints_an_hour,
        queries_an_hour=given.queries_an_hour,
        trusted_hops=given.trusted_hops,
    )
    return create_app(
        settings, clock=system.clock, sessions=system.sessions, context=system.context, keys=system.keys,
        check=upload_check(processes),
    )  # fmt: skip
