"""A worker whose site mails a letter for every bell that rings."""

from __future__ import annotations

from iocop.core import mail, outbox
from iocop.core.events import after
from tests.core.bells import BellRang


def write(happened: BellRang) -> None:
    mail.queue_mail(
        event_key=f"bell:{happened.bell_id}", recipient_id=1, kind="bell", address="ada@example.org",
        subject="A bell rang", body=f"It was number {happened.bell_id}.",
    )  # fmt: skip


def enrol() -> None:
    """Give the listener its place, as every worker does when it starts; it must stand before the first bell rings."""
    from iocop.core import events

    before = dict(events._after)
    after(BellRang)(write)
    try:
        outbox.enrol_listeners()
    finally:
        events._after.clear()
        events._after.update(before)


def main() -> None:
    """Do what `iocop worker` does, with one more listener."""
    from iocop.core.cli import main as iocop

    after(BellRang)(write)
    iocop(["worker"])
