"""Nothing in; sound inputs of every kind out, by file name: whole ones, and ones of a line, which are read quickly."""

import io

import pikepdf
from PIL import Image

from tests.ingest.papers import sample_image, saved, text_pdf

DPI = 100
TEXT = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH AN ĐÈO\tĐộc lập - Tự do - Hạnh phúc
Số: 12/QĐ-UBND\tAn Đèo, ngày 03 tháng 4 năm 2023

QUYẾT ĐỊNH
Về việc phân công lập sổ theo dõi hồ sơ

Điều 1. Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính lập sổ theo dõi trước ngày 30 tháng 6 năm 2023.
a) Tỷ lệ hồ sơ có sổ đạt 95% trở lên;
b) Báo cáo theo Nghị định số 30/2020/NĐ-CP.
\fPhụ lục
TT | Nhiệm vụ | Cơ quan
1 | Lập sổ | Sở Nội vụ
2 | Rà soát sổ | Sở Tài chính
3 | Báo cáo kết quả | Sở Nội vụ
\fTT | Nhiệm vụ | Cơ quan
4 | Tổng kết | Sở Tài chính

Nơi nhận:
- Như Điều 1;
- Lưu: VT.
"""
READ = "Uy ban nhan dan tinh An Deo giao S& N6i vu chu tri, bdo cdo trudc ngay 30 thdng 6 ndm 2023./.\n"


def texts() -> dict[str, bytes]:
    """Texts in several encodings, sound and as OCR leaves them."""
    return {
        "utf-8.txt": TEXT.encode(),
        "utf-16.txt": TEXT.encode("utf-16"),
        "cp1258.txt": READ.encode("cp1258"),
        "read.txt": (READ * 3).encode(),
    }


def pdfs() -> dict[str, bytes]:
    """PDFs with a text layer, rulings and a page that is a picture, packed and plain."""
    lines = [(60.0, 60.0 + 16 * number, line) for number, line in enumerate(TEXT.split("\n")) if line.strip()]
    packed = text_pdf(lines[:6], lines[6:], rules=[(50, 300, 500, 300), (50, 400, 500, 400), (50, 300, 50, 400)])
    with pikepdf.open(io.BytesIO(packed)) as document:
        plain = saved(
            document,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return {"packed.pdf": packed, "plain.pdf": plain}


def short_pdfs() -> dict[str, bytes]:
    """A PDF of three lines of text, and one that is a picture of a line."""
    text = text_pdf([(60.0, 60.0 + 16 * number, line) for number, line in enumerate(TEXT.split("\n")[:3])])
    return {"lines.pdf": text, "line.pdf": _image(_line(), "PDF", resolution=DPI)}


def images() -> dict[str, bytes]:
    """The head of a scanned page, in each kind of file."""
    whole = sample_image(DPI)
    head = whole.crop((0, 0, whole.width, whole.height // 6))
    bilevel = head.convert("1")
    return {
        "head.png": _image(head, "PNG"),
        "head.jpg": _image(head, "JPEG"),
        "head.tif": _image(bilevel, "TIFF", compression="group4", save_all=True, append_images=[bilevel]),
    }


def short_images() -> dict[str, bytes]:
    """A page with a single line, in each kind of file, packed and not."""
    line = _line()
    return {
        "line.png": _image(line, "PNG"),
        "line.jpg": _image(line, "JPEG"),
        "packed.tif": _image(line.convert("1"), "TIFF", compression="group4"),
        "plain.tif": _image(line.convert("1"), "TIFF"),
    }


def _line() -> Image.Image:
    whole = sample_image(DPI).convert("L")
    box = (0, whole.height * 28 // 100, whole.width, whole.height * 30 // 100)
    page = Image.new("L", whole.size, 255)
    page.paste(whole.crop(box), box)
    return page


def _image(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
