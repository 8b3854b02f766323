"""Errors whose message is shown to the person who uses the program, named by what to do next."""

from __future__ import annotations


class UserError(Exception):
    """Carry one clear Vietnamese sentence: what happened, to which thing, what to do next."""

    exit_code: int = 2


class ChooseAnotherFile(UserError):
    """The file cannot be read as a report; other files of the same run can."""


class ChooseFileLater(ChooseAnotherFile):
    """The bytes of the file are not at fault: a right, a missing program or a format; it may be read another time."""


class CorrectValue(UserError):
    """A value given by hand cannot be understood."""


class ChooseReport(UserError):
    """No report, or more than one, goes by the given id or name."""


class CreateLibrary(UserError):
    """The folder holds no library yet."""


class WaitForWriter(UserError):
    """Another process is writing to the library; try again later."""


class FreeDiskSpace(UserError):
    """The disk took no more bytes; what was reported as added is safe."""


class RestoreLibrary(UserError):
    """The library file is damaged."""


class ReindexLibrary(UserError):
    """The library was built with another embedding model."""


class GrantAccess(UserError):
    """The operating system refuses access to the library folder."""


class UpdateProgram(UserError):
    """The library was written by a newer version of the program."""


class ChooseModel(UserError):
    """The embedding model cannot be loaded: install what it needs or choose another."""
