"""What is written to the log: events and numbers, never secrets or what people wrote."""

from __future__ import annotations

import logging
import sys

import structlog

from config.settings import Logging


def set_up(settings: Logging) -> None:
    """Make structlog write to standard error, and let libraries speak only of warnings."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
