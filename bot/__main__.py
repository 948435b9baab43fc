"""The console command ``supracom``."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from config.settings import ConfigurationError, Settings, load

app = typer.Typer(
    help="The front desk of a supra-communal platform.", no_args_is_help=True, add_completion=False
)
shelf = typer.Typer(help="Messages that could not be handled.", no_args_is_help=True)
app.add_typer(shelf, name="shelf")

ConfigFile = Annotated[
    Path, typer.Option("--config", help="The TOML file with the settings.", dir_okay=False)
]


def _settings(config: Path) -> Settings:
    """The settings, or an end with every fault on its own line."""
    try:
        settings = load(config, os.environ)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    logs.set_up(settings.logging)
    return settings


@app.command()
def run(config: ConfigFile) -> None:
    """Run the platform until it is told to stop (SIGTERM, Ctrl-C)."""
    from bot.app import run as run_app  # noqa: PLC0415 - other commands need not load it all
    from bot.instance import AlreadyRunning  # noqa: PLC0415

    settings = _settings(config)
    try:
        asyncio.run(run_app(settings))
    except AlreadyRunning as busy:
        typer.echo(f"Another process already uses {busy}: stop it first.", err=True)
        raise typer.Exit(1) from None


@app.command()
def check(config: ConfigFile) -> None:
    """Read the settings and say what is wrong with them."""
    _settings(config)
    typer.echo("The configuration is complete.")


@app.command("load")
def load_content(
    folder: Annotated[Path, typer.Argument(help="A folder with centrals.toml and solutions.toml.")],
    config: ConfigFile,
) -> None:
    """Load centrals, catalogues, templates, missions, rules; again changes, never doubles."""
    from bot.app import MAIL, MATRIX, open_database  # noqa: PLC0415 - as above
    from bot.clock import Clock  # noqa: PLC0415
    from config.content import read_content  # noqa: PLC0415
    from handlers.loading import Channels  # noqa: PLC0415
    from handlers.loading import load as load_all  # noqa: PLC0415

    settings = _settings(config)
    try:
        content = read_content(folder)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    database = open_database(settings)
    now = Clock(settings.clock.offset_file).now()
    report = database.run(
        load_all, content, settings.platform.language, Channels(mail=MAIL, chat=MATRIX), now
    )
    typer.echo(
        f"{report.centrals} centrals, {report.solutions} solutions and {report.publications}"
        " templates, missions and rules loaded."
    )


@app.command()
def explain(
    mail: Annotated[Path, typer.Argument(help="A mail, as an .eml file.", dir_okay=False)],
    at: Annotated[str, typer.Option(help="When it arrives (ISO 8601); else now.")] = "",
    config: Annotated[
        Path | None, typer.Option("--config", help="The settings; else an empty platform.")
    ] = None,
    *,
    pretty: Annotated[bool, typer.Option("--pretty", help="For the eye, not as JSON.")] = False,
    believed: Annotated[
        bool, typer.Option("--believed", help="Take the sender as proved by the mail server.")
    ] = False,
) -> None:
    """Show what is understood of a mail and what would be done, without doing it."""
    from bot import explain_command  # noqa: PLC0415 - other commands need not load it all

    settings = _settings(config) if config else None
    try:
        facts = explain_command.explained(mail.read_bytes(), at, settings, believed=believed)
    except (OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if pretty:
        from rich.console import Console  # noqa: PLC0415 - only here

        explain_command.show(facts, Console())
    else:
        typer.echo(explain_command.as_json(facts))


@app.command("forget-keys")
def forget_keys(config: ConfigFile) -> None:
    """Let another process read Matrix: the data_dir with the encryption keys is lost for good."""
    from bot.app import MATRIX, open_database  # noqa: PLC0415 - other commands need not load it all
    from bot.leadership import lease_of  # noqa: PLC0415 - as above
    from storage import leases  # noqa: PLC0415 - as above

    if open_database(_settings(config)).run(leases.set_free, lease_of(MATRIX)):
        typer.echo("Whichever process comes first reads Matrix from now on, as a new device.")
    else:
        typer.echo("Matrix is not tied to one process; nothing is changed.")


@shelf.command("list")
def shelf_list(config: ConfigFile) -> None:
    """List the messages that wait on the shelf."""
    from bot.app import open_database  # noqa: PLC0415 - other commands need not load it all
    from storage import inbox  # noqa: PLC0415 - as above

    for entry in open_database(_settings(config)).run(inbox.shelved):
        why = inbox.why_shelved(entry)
        typer.echo(f"{entry.reference}  {entry.received_at:%Y-%m-%d %H:%M}  {entry.channel}  {why}")


@shelf.command("show")
def shelf_show(reference: str, config: ConfigFile) -> None:
    """Show one message of the shelf, and why it lies there."""
    from bot.app import open_database  # noqa: PLC0415 - other commands need not load it all
    from storage import inbox  # noqa: PLC0415 - as above

    entry = open_database(_settings(config)).run(inbox.by_reference, reference.upper())
    if entry is None:
        typer.echo(f"Nothing lies on the shelf under {reference}.", err=True)
        raise typer.Exit(1)
    if entry.state != inbox.State.SHELVED:
        typer.echo(f"{reference} was taken off the shelf.", err=True)
    why = entry.traceback or inbox.why_shelved(entry)
    sender = entry.sender or "an unknown sender"
    said = entry.record["text"] or f"(without text; {entry.external_id} in {entry.channel})"
    typer.echo(f"{entry.reference} from {sender}\n\n{said}\n\n{why}")


@shelf.command("retry")
def shelf_retry(reference: str, config: ConfigFile) -> None:
    """Handle a message of the shelf again; its answer leaves with the running platform."""
    from bot.app import open_database, open_platform  # noqa: PLC0415 - as above
    from bot.clock import Clock  # noqa: PLC0415
    from handlers.commands import everything  # noqa: PLC0415
    from handlers.dispatch import Dispatcher  # noqa: PLC0415
    from storage import inbox  # noqa: PLC0415 - as above

    settings = _settings(config)
    dispatcher = Dispatcher(open_platform(settings), everything())
    now = Clock(settings.clock.offset_file).now()
    database, reference = open_database(settings), reference.upper()
    if not database.run(dispatcher.retry, reference, now):
        typer.echo(
            f"Nothing to handle again lies on the shelf under {reference}. (A message that could"
            " not be read is read again once it is moved back to where it came in.)",
            err=True,
        )
        raise typer.Exit(1)
    entry = database.run(inbox.by_reference, reference)
    if entry is not None and entry.state == inbox.State.SHELVED:
        typer.echo(f"{reference} failed again and stays on the shelf.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{reference} was handled.")


@shelf.command("done")
def shelf_done(reference: str, config: ConfigFile) -> None:
    """Take a message off the shelf: somebody has taken care of it. It stays in the inbox."""
    from bot.app import open_database  # noqa: PLC0415 - as above
    from storage import inbox  # noqa: PLC0415 - as above

    if not open_database(_settings(config)).run(inbox.take_off_shelf, reference.upper()):
        typer.echo(f"Nothing lies on the shelf under {reference}.", err=True)
        raise typer.Exit(1)


def main() -> None:
    """The entry point of the console command."""
    app()


if __name__ == "__main__":
    main()
