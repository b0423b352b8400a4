"""Masking on every log record, whoever made the logger or handler, and tracebacks without foreign text."""

from __future__ import annotations

import logging
from traceback import walk_tb
from typing import Any

from include.privacy.errors import DoudiError
from include.privacy.masking import mask

_installed = False


def safe_traceback(error: BaseException) -> str:
    """A traceback that names files, lines and kinds of error, and shows the text of our own errors only."""
    lines = [
        f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}'
        for frame, line in walk_tb(error.__traceback__)
    ]
    text = f"{type(error).__name__}: {mask(str(error))}" if isinstance(error, DoudiError) else type(error).__name__
    return "\n".join(["Traceback (most recent call last):", *lines, text])


class MaskingFilter(logging.Filter):
    """Masks a record's message and replaces its traceback; sits on every handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place and let it pass."""
        _mask_record(record)
        return True


def mask_logging() -> None:
    """Mask all standard logging of this process: handlers that exist, and loggers and handlers yet to come."""
    global _installed
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        if not any(isinstance(existing, MaskingFilter) for existing in handler.filters):
            handler.addFilter(MaskingFilter())
    if _installed:
        return
    make = logging.getLogRecordFactory()

    def make_masked(*arguments: Any, **keywords: Any) -> logging.LogRecord:
        record = make(*arguments, **keywords)
        _mask_record(record)
        return record

    logging.setLogRecordFactory(make_masked)
    _installed = True


def _mask_record(record: logging.LogRecord) -> None:
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):
        message = str(record.msg)  # wrong arguments: the message alone, never what it was to be filled with
    record.msg, record.args = mask(message), None
    if record.exc_info and isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        record.exc_text, record.exc_info = safe_traceback(record.exc_info[1]), None
    elif record.exc_text:
        record.exc_text = mask(record.exc_text)
