"""`python -m pipeline.train.sample OUT.pdf`: a page of our own making out, as scanned: letterhead, table, stamp.

All of it is invented: the commune, the number, the people.
"""

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .render import A4_INCHES, find_font

DPI = 200
SEED = 6
RED, BLUE, BLACK = (205, 40, 50), (40, 60, 190), (25, 25, 25)
LEFT = ("ỦY BAN NHÂN DÂN", "XÃ BẾN SỎI", "Số: 47/KH-UBND")
RIGHT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Bến Sỏi, ngày 12 tháng 3 năm 2024")
TITLE = ("KẾ HOẠCH", "Sửa chữa đường liên thôn và mương thoát nước năm 2024")
BODY = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Thực hiện Nghị quyết số 05/NQ-HĐND ngày 20 tháng 12 năm 2023 của Hội đồng nhân dân xã về nhiệm vụ phát triển"
    " kinh tế - xã hội, Ủy ban nhân dân xã ban hành Kế hoạch sửa chữa đường liên thôn và mương thoát nước như sau:",
    "1. Mục tiêu: sửa chữa 3,5 km đường liên thôn và nạo vét 1.200 m mương trước mùa mưa, bảo đảm 100% hộ dân đi lại"
    " thuận lợi.",
    "2. Phân công nhiệm vụ:",
)
WIDTHS = (0.07, 0.37, 0.2, 0.2, 0.16)
ROWS = (
    ("STT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"),
    ("1", "Khảo sát hiện trạng, lập dự toán sửa đường thôn", "Công chức địa chính", "Trưởng các thôn", "30/3/2024"),
    ("2", "Nạo vét mương thoát nước hai bên đường", "Hợp tác xã Bến Sỏi", "Hội Nông dân xã", "Quý II năm 2024"),
    ("3", "Tổng hợp, báo cáo kết quả thực hiện Kế hoạch", "Văn phòng Ủy ban", "Công chức tài chính", "15/12/2024"),
)  # fmt: skip
RECIPIENTS = ("Nơi nhận:", "- Ủy ban nhân dân huyện;", "- Các thôn;", "- Lưu: VT.")
SIGNER = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Trần Văn Mẫu")


def main() -> None:
    """Write the sample."""
    page = worn(drawn())
    page.save(sys.argv[1], "PDF", resolution=DPI, quality=45)


def drawn() -> Image.Image:
    """The clean page."""
    width, height = (int(inches * DPI) for inches in A4_INCHES)
    page = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(page)
    regular, bold, italic = (
        ImageFont.truetype(str(find_font(f"Tinos-{style}.ttf")), 13 * DPI / 72)
        for style in ("Regular", "Bold", "Italic")
    )
    step, margin = int(0.25 * DPI), int(0.9 * DPI)
    for x, lines in ((int(0.27 * width), LEFT), (int(0.68 * width), RIGHT)):
        for row, (line, face) in enumerate(
            zip(lines, (bold, bold, italic if lines is RIGHT else regular), strict=True)
        ):
            draw.text((x, int((0.8 + 0.05 * (row == 2)) * DPI) + row * step), line, BLACK, face, anchor="ma")
    y = int(1.85 * DPI)
    for line in TITLE:
        draw.text((width // 2, y), line, BLACK, bold, anchor="ma")
        y += step
    y += step // 2
    for paragraph in BODY:
        for line in _wrapped(paragraph, regular, width - 2 * margin, int(0.4 * DPI)):
            indent = int(0.4 * DPI) if paragraph.startswith(line) else 0
            draw.text((margin + indent, y), line, BLACK, regular)
            y += step
        y += step // 4
    y = _table(draw, margin, y + step // 4, width - 2 * margin, regular, bold) + step
    for row, line in enumerate(RECIPIENTS):
        draw.text((margin, y + row * step), line, BLACK, bold if row == 0 else regular)
    for row, line in zip((0, 1, 5), SIGNER, strict=True):
        draw.text((int(0.72 * width), y + row * step), line, BLACK, bold, anchor="ma")
    return _signed(page, int(0.72 * width), y + int(2.6 * step))


def _wrapped(text: str, face: ImageFont.FreeTypeFont, room: float, indent: float) -> list[str]:
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and face.getlength(longer) > room - (indent if not lines else 0):
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _table(
    draw: ImageDraw.ImageDraw,
    left: int,
    top: int,
    width: int,
    regular: ImageFont.FreeTypeFont,
    bold: ImageFont.FreeTypeFont,
) -> int:
    """Draw the table; its lower edge."""
    edges = [left + round(width * sum(WIDTHS[:i])) for i in range(len(WIDTHS) + 1)]
    pad, step = DPI // 20, int(0.23 * DPI)
    for number, row in enumerate(ROWS):
        face = bold if number == 0 else regular
        cells = [_wrapped(text, face, b - a - 2 * pad, 0) for text, a, b in zip(row, edges, edges[1:], strict=False)]
        bottom = top + max(map(len, cells)) * step + 2 * pad
        for lines, a, b in zip(cells, edges, edges[1:], strict=False):
            draw.rectangle((a, top, b, bottom), outline=BLACK, width=2)
            for index, line in enumerate(lines):
                draw.text((a + pad, top + pad + index * step), line, BLACK, face)
        top = bottom
    return top


def _signed(page: Image.Image, x: int, y: int) -> Image.Image:
    """A round red stamp over the signer's title, a blue stroke over the name; ink lets print shine through."""
    ink = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(ink)
    radius = int(0.62 * DPI)
    centre = x - int(0.7 * DPI), y
    for size, thickness in ((radius, 6), (int(radius * 0.7), 3)):
        draw.ellipse(
            (centre[0] - size, centre[1] - size, centre[0] + size, centre[1] + size), outline=RED, width=thickness
        )
    draw.regular_polygon((*centre, radius // 4), 5, fill=RED)
    points = [(x - 90 + 14 * i, y + int(46 * np.sin(i * 1.3)) + 3 * i) for i in range(16)]
    draw.line(points, fill=BLUE, width=5, joint="curve")
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(ink)))


def worn(page: Image.Image) -> Image.Image:
    """As a scanner sees it: a little turned, blurred, grey."""
    rng = np.random.default_rng(SEED)
    turned = page.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor="white")
    blurred = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float64)
    pixels = 250 - (255 - blurred) * 0.9 + rng.normal(0, 3, blurred.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()
