"""Limits in, this process confined for good out: memory, open files, and no network, for it and all that it starts.

Memory and files are limited on Linux and macOS. On Linux on x86-64 and ARM64 the kernel refuses every socket (seccomp);
elsewhere Python alone does, which stops honest code, not an attacker who runs machine code.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from contextlib import suppress

OPEN_FILES = 256
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Number of the architecture (AUDIT_ARCH) and of the system call `socket` in it."""
_IO_URING_SETUP = 425
_FOREIGN_CALLS = 0x40000000
"""From here on: calls of x32, the second set of x86-64."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Instructions of the filter (classic BPF): load a word, jump if equal, jump if at least, return."""
_NUMBER, _ARCHITECTURE = 0, 4
"""Offsets in what the filter is shown of a call."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES


def confine(megabytes: int) -> None:
    """Confine this process to so much memory of its own (what is mapped from files aside)."""
    with suppress(ImportError):  # Windows
        import resource

        _lower(resource.RLIMIT_DATA, megabytes * 1_000_000)
        _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
        _lower(resource.RLIMIT_CORE, 0)
    if not _refuse_sockets():
        sys.addaudithook(_hear)


def _lower(limit: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(limit, (value, value))


def _refuse_sockets() -> bool:
    """Have the kernel refuse new sockets; False where it can't."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None or sys.maxsize < 1 << 32:
        return False
    architecture, socket = known
    program = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 3, 0, _FOREIGN_CALLS),
        (_EQUAL, 2, 0, socket),
        (_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    return not prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) and not prctl(
        _SET_SECCOMP, _FILTER_MODE, ctypes.addressof(header), 0, 0
    )


def _hear(event: str, _: tuple[object, ...]) -> None:
    if event == "socket.__new__":
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
