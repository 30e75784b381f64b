"""站内消息: everybody has it; the notice that was written is its own delivery."""

from __future__ import annotations

from supervision.notice.channels.channel import Channel

CHANNEL = Channel(
    name="in_app",
    label="站内消息",
    fault=lambda address: "站内消息不需要地址",
    open=lambda environ: None,
    always=True,
)
