"""Page images with known text: a gazette PDF's page or plain paragraphs in, worn grey image and true lines out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

A4_INCHES = (8.27, 11.69)

FONTS = (
    # family, weight: how often archives show it; files: regular, bold, italic, bold italic
    ("croscore", 4, ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")),
    ("freefont", 2, ("FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf")),
    (
        "texgyre",
        2,
        (
            "texgyretermes-regular.otf",
            "texgyretermes-bold.otf",
            "texgyretermes-italic.otf",
            "texgyretermes-bolditalic.otf",
        ),
    ),
    ("croscore", 1, ("Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf", "Arimo-BoldItalic.ttf")),
)
FONT_ROOTS = (
    Path("/usr/share/fonts"),
    Path("/usr/share/texmf/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)


@dataclass(frozen=True)
class Wear:
    """What a page went through. dpi: dots per inch; skew: degrees; blur: sigma in inches/1000; noise: grey levels."""

    dpi: int
    skew: float
    blur: float
    noise: float
    ink: int
    contrast: float
    threshold: int | None


def draw_wear(rng: np.random.Generator) -> Wear:
    """A random wear: half of the pages are bilevel as from a fax or an office scanner."""
    return Wear(
        dpi=int(rng.choice([120, 150, 150, 200, 200, 200, 250, 300])),
        skew=float(np.clip(rng.normal(0, 0.35), -1.0, 1.0)),
        blur=float(abs(rng.normal(0, 2.5))),
        noise=float(abs(rng.normal(0, 14))),
        ink=int(rng.choice([-1, 0, 0, 0, 0, 1])),
        contrast=float(rng.uniform(0.6, 1.0)),
        threshold=int(rng.integers(110, 200)) if rng.random() < 0.5 else None,
    )


def wear_image(image: Image.Image, wear: Wear, rng: np.random.Generator) -> Image.Image:
    """Apply wear to a grey image already at `wear.dpi`; the result is grey, or bilevel where wear has a threshold."""
    if wear.skew:
        image = image.rotate(wear.skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if wear.ink and wear.dpi >= 200:
        image = image.filter(ImageFilter.MinFilter(3) if wear.ink > 0 else ImageFilter.MaxFilter(3))
    image = image.filter(ImageFilter.GaussianBlur(wear.blur * wear.dpi / 1000))
    pixels = np.asarray(image, dtype=np.float32)
    pixels = 255 - (255 - pixels) * wear.contrast
    pixels += rng.normal(0, wear.noise, pixels.shape).astype(np.float32)
    if wear.threshold is not None:
        pixels = np.where(pixels < wear.threshold, 0.0, 255.0)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


SAME_ROW = 0.5
"""How far the feet of two pieces of text may lie apart in one row, in heights of their letters."""


def pdf_page(path: Path, index: int, dpi: int) -> tuple[Image.Image, list[str]]:
    """Page `index` of a PDF with a text layer: its grey image at `dpi`, and the lines of its text layer."""
    document = pypdfium2.PdfDocument(path)
    page = document[index]
    image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    lines = [" ".join(line.split()) for line in page.get_textpage().get_text_bounded().splitlines()]
    document.close()
    return image, [line for line in lines if line]


def pdf_rows(path: Path, index: int) -> list[str]:
    """What stands side by side on a page with a text layer, line for line: columns are joined from left to right."""
    document = pypdfium2.PdfDocument(path)
    page = document[index].get_textpage()
    parts: list[tuple[float, float, float, str]] = []
    at = 0
    for line in page.get_text_range().split("\r\n"):
        boxes = [page.get_charbox(at + i) for i, c in enumerate(line) if not c.isspace()]
        at += len(line) + 2
        if boxes:
            _, bottom, _, top = (sorted(side)[len(side) // 2] for side in zip(*boxes, strict=True))
            parts.append((bottom, top, min(box[0] for box in boxes), " ".join(line.split())))
    document.close()
    rows: list[list[tuple[float, float, float, str]]] = []
    for part in sorted(parts, key=lambda part: -part[0]):
        if rows and abs(rows[-1][0][0] - part[0]) < SAME_ROW * (part[1] - part[0]):
            rows[-1].append(part)
        else:
            rows.append([part])
    return [" ".join(text for _, _, _, text in sorted(row, key=lambda part: part[2])) for row in rows]


def pdf_length(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    length = len(document)
    document.close()
    return length


def find_font(name: str) -> Path:
    for root in FONT_ROOTS:
        for path in sorted(root.rglob(name)):
            return path
    raise FileNotFoundError(
        f"font {name} is not installed: apt-get install fonts-croscore fonts-freefont-ttf fonts-texgyre"
    )


def text_page(paragraphs: Sequence[str], dpi: int, rng: np.random.Generator) -> tuple[Image.Image, list[str]]:
    """Set paragraphs on an A4 page in a random Times-like face until it is full: grey image and the lines set.

    Each paragraph is regular (most), bold, italic, or capitals; sizes from 11 to 14.5 points as Decree 30/2020/NĐ-CP
    has them.
    """
    weights = np.array([weight for _, weight, _ in FONTS], dtype=float)
    _, _, files = FONTS[rng.choice(len(FONTS), p=weights / weights.sum())]
    width, height = (int(inches * dpi) for inches in A4_INCHES)
    size = rng.uniform(11, 14.5) * dpi / 72
    margin, top = int(rng.uniform(0.8, 1.2) * dpi), int(rng.uniform(0.7, 1.0) * dpi)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    faces = [ImageFont.truetype(str(find_font(name)), size) for name in files]
    lines: list[str] = []
    y, step = float(top), size * rng.uniform(1.15, 1.5)
    for paragraph in paragraphs:
        face = faces[rng.choice(4, p=[0.62, 0.16, 0.16, 0.06])]
        words = (paragraph.upper() if rng.random() < 0.08 else paragraph).split()
        x = margin + int(0.4 * dpi)
        while words and y + size < height - top:
            count = _fitting(words, face, width - margin - x)
            line = " ".join(words[:count])
            draw.text((x, y), line, fill=0, font=face)
            lines.append(line)
            words, x, y = words[count:], margin, y + step
        if y + size >= height - top:
            break
        y += step * 0.4
    return image, lines


def _fitting(words: Sequence[str], face: ImageFont.FreeTypeFont, room: float) -> int:
    """How many of the first words fit into `room` pixels; at least one."""
    count = 1
    while count < len(words) and face.getlength(" ".join(words[: count + 1])) <= room:
        count += 1
    return count
