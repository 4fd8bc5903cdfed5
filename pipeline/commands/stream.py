"""One text in, another out: from a file or standard input to a file or standard output."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.console import put, say
from pipeline.document import Notice
from pipeline.errors import Exit, InputError, StageError
from pipeline.ingest import MAX_BYTES


def stream(options: argparse.Namespace, work: Callable[[str, bytes], tuple[bytes, tuple[Notice, ...]]]) -> int:
    """Put the text that `options` name through `work`; the exit code."""
    from pipeline.export import write_files
    from pipeline.ingest import read_file, read_stream

    try:
        if options.file == "-":
            data = read_stream(sys.stdin.buffer, options.max_bytes or MAX_BYTES)
        else:
            data = read_file(Path(options.file), options.max_bytes or MAX_BYTES)
        result, notices = work(Path(options.file).name, data)
    except (InputError, StageError) as error:
        say(f"{options.file}: failed: {error}")
        return Exit.SOME_FAILED
    say(*(f"{options.file}: warning: {notice.message} [{notice.code}]" for notice in notices))
    if options.out:
        write_files({options.out: result})
    else:
        put(result)
    return Exit.OK
