"""URLs in; files listed, fetched and put out: places in stores that fsspec knows (file, s3, memory and others)."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, MissingPartError, OutputError, UsageError
from pipeline.export import write_files

HOW_TO_INSTALL = "Install it: pip install 'vanban[cluster]', or in a checkout pip install -r requirements-cluster.txt."
"""What reads from a cluster and from stores."""


@dataclass(frozen=True, slots=True)
class Store:
    """A file system of fsspec's. It travels to other machines, which reach the store by their own settings and rights.

    What its library raises is that library's affair, so all of it is caught here.
    """

    system: Any

    def files(self, path: str) -> dict[str, int]:
        """Names of a file, or of all files below a folder, with their bytes. Raises UsageError where it can't tell."""
        try:
            found: dict[str, dict[str, Any]] = self.system.find(path, detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            remedy = "Check the address, that you may read there, and that the store is reached from here."
            raise UsageError("store_unreachable", f"{path} can't be listed: {_name(error)}.", remedy) from error
        return {name: entry.get("size") or 0 for name, entry in found.items()}

    def holds(self, path: Path) -> bool:
        """Raises InputError where it can't tell."""
        try:
            return bool(self.system.exists(path.as_posix()))
        except Exception as error:
            raise _unreadable(error) from error

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file to the disk. Raises InputError where that can't be done."""
        try:
            self.system.get_file(name, str(to))
        except Exception as error:
            raise _unreadable(error) from error

    def put(self, contents: Mapping[Path, bytes]) -> None:
        """Write files in the order given, each whole or not at all where a put of the store is (on a disk, in S3).

        Raises OutputError where that can't be done.
        """
        if self.system.protocol == ("file", "local"):
            write_files(contents)
            return
        for path, data in contents.items():
            try:
                self.system.pipe_file(path.as_posix(), data)
            except Exception as error:
                remedy = "Check that every machine may write there, and that the store has room."
                raise OutputError("output_unwritable", f"{path.as_posix()}: {_name(error)}.", remedy) from error


def locate(url: str) -> tuple[Store, str]:
    """The store of a URL, and the name of the place within it.

    Raises UsageError for a kind of store that can't be reached, MissingPartError where fsspec is not installed.
    """
    try:
        core: Any = import_module("fsspec.core")
    except ImportError as error:
        message = "fsspec, which reads URLs, is not installed."
        raise MissingPartError("fsspec_missing", message, HOW_TO_INSTALL) from error
    try:
        system, path = core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        message = f"URLs that begin with {url.partition('://')[0]}:// can't be read: {error}."
        remedy = "Install the package of that store on every machine (s3fs for s3://), or mount it and name its folder."
        raise UsageError("store_unknown", message, remedy) from error
    return Store(system), path


def _unreadable(error: Exception) -> InputError:
    remedy = "Check that it is still there, and that every machine reaches the store and may read it."
    return InputError("input_unreadable", f"The store does not give it: {_name(error)}.", remedy)


def _name(error: Exception) -> str:
    return type(error).__name__
