"""Every failure a user can meet: a stable code, what happened, what to do about it, and the exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    MISSING_PART = 3
    INTERRUPTED = 130


class VanbanError(Exception):
    """A failure with a remedy. `code` is stable; `message` and `remedy` are sentences for people."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy} [{self.code}]"


class InputError(VanbanError):
    """One input file can't be processed; the others go on."""


class PageError(VanbanError):
    """A page of a document can't be read; the others are."""


class StageError(VanbanError):
    """A stage failed on a document; what the stages before it found is kept."""


class OutputError(VanbanError):
    """Results can't be written."""


class UsageError(VanbanError):
    """The command can't be carried out as given."""


class MissingPartError(VanbanError):
    """A program or file that the command needs is not installed."""
