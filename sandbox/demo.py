"""``make demo``: the platform at work over real protocols, told as a transcript."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from sandbox.stage import ADMINISTRATOR, MAILBOXES, PASSWORD, PLATFORM, Stage, stage
from sandbox.story import STEPS, administrator_arrives, play
from sandbox.transcript import Transcript

PATIENCE = 20.0
"""How many seconds the demo waits for what must come."""
WIDTH = 120


async def perform(console: Console, transcript: Transcript, directory: Path, *, stay: bool) -> bool:
    """Set the stage and play every step; whether all of it happened.

    ``stay`` leaves everything running afterwards, until Ctrl-C.
    """
    with console.status("starting") as status:

        def killed(code: int) -> None:
            transcript.notes(f"the bot ended ({-code if code < 0 else code}) and was started again")

        staged = stage(directory, told=status.update, restarted=killed, pages=True)
        set_stage = await staged.__aenter__()
        console.print(f"homeserver {set_stage.homeserver.url}, bot process {set_stage.bot.pid}")
        console.print(f"public pages {_pages(set_stage)}")
    try:
        done = await _play(set_stage, transcript)
        transcript.summary([name for name, _step in STEPS])
        if stay:
            _invite(console, set_stage)
            await asyncio.Event().wait()
        return done
    finally:
        await staged.__aexit__(None, None, None)


async def _play(set_stage: Stage, transcript: Transcript) -> bool:
    async with play(set_stage, transcript, PATIENCE) as people:
        try:
            await administrator_arrives(people)
            for name, step in STEPS:
                with transcript.step(name):
                    await step(people)
        except (AssertionError, TimeoutError) as error:
            failed = transcript.steps[-1].name if transcript.steps else "before the first step"
            transcript.console.print(f"\n[red]Failed: {failed}[/red]\n{error}")
            transcript.console.print(f"The bot's log: {set_stage.bot.log}")
            return False
    return True


def _invite(console: Console, set_stage: Stage) -> None:
    """How to connect with one's own programs."""
    people = ", ".join(f"@{name}" for name in set_stage.accounts)
    console.print(
        f"""
The platform stays up until Ctrl-C. Connect with your own programs, password [b]{PASSWORD}[/b]:
  Web      {_pages(set_stage)}   the public pages, for anybody
  Matrix   {set_stage.homeserver.url}   accounts {people} (administrator {ADMINISTRATOR})
  IMAP     127.0.0.1:{set_stage.mail.imap_port}   accounts {", ".join(MAILBOXES)}
  SMTP     127.0.0.1:{set_stage.mail.smtp_port}   the same accounts; write to {PLATFORM}
  Log      {set_stage.bot.log}
The story moved the platform's clock: for it, today is {set_stage.today:%A %-d %B %Y}.
""",
        highlight=False,
    )


def _pages(set_stage: Stage) -> str:
    """The address of the public pages."""
    return f"http://127.0.0.1:{set_stage.web_port}/"


def main() -> int:
    """Play the demo; 0 if every step happened."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    directory = Path(tempfile.mkdtemp(prefix="supracom-demo-"))
    try:
        playing = perform(console, Transcript(console), directory, stay=sys.stdout.isatty())
        done = asyncio.run(playing)
    except KeyboardInterrupt:
        console.print("Good-bye.")
        done = True
    if done:
        shutil.rmtree(directory, ignore_errors=True)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
