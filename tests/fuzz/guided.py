"""A kind of input in; faults of its parser out, looked for where the code has not been yet: `make fuzz-guided`.

atheris (libFuzzer for Python) makes inputs by what code the last ones reached. It watches vanban's own Python and the
PDF reader's; other libraries are run, not watched. Pictures are decoded, but not read: that takes a second each, and
atheris never frees what comes of comparing arrays. A fault ends the run, and its input is left as `crash-...` in the
folder of samples. All other arguments are libFuzzer's.

python -m tests.fuzz.guided texts|pdfs|images FOLDER -max_total_time=300
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline", "pdfplumber", "pdfminer"]):
    from pipeline.errors import InputError
    from pipeline.ingest import Limits, ingest, pdf, raster
    from pipeline.ingest.scan import ScannedPage
    from pipeline.structure import structure
    from pipeline.tasks import find

from tests.conftest import read_as_is
from tests.fuzz.samples import short_images, short_pdfs, texts

SAMPLES: Mapping[str, Callable[[], dict[str, bytes]]] = {
    "texts": texts,
    "pdfs": short_pdfs,
    "images": short_images,
}
SUFFIXES = {"texts": (".txt",), "pdfs": (".pdf",), "images": (".png", ".jpg", ".tif")}
LIMITS = Limits(bytes=1_000_000, pages=20, pixels=4_000_000)


def through_all_stages(path: Path) -> None:
    """Raises what no user should meet."""
    try:
        source = ingest(path, LIMITS)
    except InputError:
        return
    find(structure(source, read_as_is(source)))


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in SAMPLES[kind]().items():
        (folder / name).write_bytes(data)
    for module in (pdf, raster):
        setattr(module, "read_scan", lambda *_: ScannedPage(0, (), ()))  # noqa: B010
    with tempfile.TemporaryDirectory() as place:

        def one_input(data: bytes) -> None:
            for suffix in SUFFIXES[kind]:
                path = Path(place, "x").with_suffix(suffix)
                path.write_bytes(data)
                through_all_stages(path)

        own = (f"-artifact_prefix={folder}/", "-timeout=60", "-rss_limit_mb=4000")
        atheris.Setup([sys.argv[0], *own, *sys.argv[3:], str(folder)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
