"""What is written to the log: events and numbers, never secrets or what people wrote.

Everything comes out in one form: what the house says through structlog, and what libraries say
through the standard library's logging or as Python warnings.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import Processor

from config.settings import Logging

_COMMON: Sequence[Processor] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def set_up(settings: Logging) -> None:
    """Make everything write to standard error in the form of the settings, one event a line as
    JSON; libraries speak only of warnings, or of errors if that is the level.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    last = _renderer(settings)
    structlog.configure(
        processors=[*_COMMON, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), handlers=[_of_libraries(last)], force=True
    )
    logging.captureWarnings(True)


def _renderer(settings: Logging) -> Processor:
    if settings.format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _of_libraries(last: Processor) -> logging.Handler:
    """Writes the records of the standard library's logging as structlog writes its own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_COMMON],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    return handler
