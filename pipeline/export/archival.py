"""A PDF of page images in, the same marked as PDF/A-2u (ISO 19005-2) out, where nothing in it stands against that.

Pages that hold pictures alone need little for it: an output intent that says what their colours mean, and metadata that
says what the file is. Fonts, annotations, forms, signatures, scripts and attachments would have to be converted, and a
file that has any is left as it is. No validator is part of this; veraPDF is the usual one.
"""

import struct
from functools import cache

import pikepdf
from PIL import ImageCms

PART, CONFORMANCE = "2", "U"
_ROOT_MUST_LACK = ("/AcroForm", "/OpenAction", "/AA", "/Names", "/Collection", "/OCProperties", "/Requirements")
_PAGE_MUST_LACK = ("/Annots", "/AA", "/PresSteps")
_OPERATORS = frozenset(("q", "Q", "cm", "Do", "re", "W", "W*", "n", "f", "g", "G", "rg", "RG"))
"""Of content streams: to place pictures, to clip and to fill in gray and RGB (ISO 32000-1, annex A)."""
_COLOURS = frozenset({"/DeviceGray", "/DeviceRGB"})
"""Colours that an sRGB output intent gives a meaning to."""
_FILTERS = frozenset({"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/RunLengthDecode"})
_DATE, _VERSION = slice(24, 36), slice(8, 12)
"""Where an ICC profile says when it was made, and of which version of the format it is (ISO 15076-1, 7.2)."""


def mark_archival(document: pikepdf.Pdf) -> bool:
    """Say that the document is PDF/A-2u; False, and nothing changed, where it holds more than pages of pictures.

    Text that is added afterwards must be in fonts of its own that say what their codes mean.
    """
    if not _is_plain(document):
        return False
    profile = document.make_stream(_srgb(), N=3)
    document.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=profile,
            )
        ]
    )
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(document.docinfo)
        metadata["pdfaid:part"] = PART
        metadata["pdfaid:conformance"] = CONFORMANCE
    return True


def _is_plain(document: pikepdf.Pdf) -> bool:
    if document.is_encrypted or any(key in document.Root for key in _ROOT_MUST_LACK):
        return False
    return all(_is_plain_page(page) for page in document.pages)


def _is_plain_page(page: pikepdf.Page) -> bool:
    """Does the page show pictures in plain colours, and nothing else?"""
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    if any(key in page.obj for key in _PAGE_MUST_LACK) or len(resources.get("/Font", pikepdf.Dictionary())):
        return False
    pictures = resources.get("/XObject", pikepdf.Dictionary()).as_dict().values()
    operators = {str(step.operator) for step in pikepdf.parse_content_stream(page)}
    return operators <= _OPERATORS and all(map(_is_plain_picture, pictures))


def _is_plain_picture(picture: pikepdf.Object) -> bool:
    if picture.get("/Subtype") != "/Image" or "/SMask" in picture or picture.get("/Interpolate", False):
        return False
    filters = picture.get("/Filter", pikepdf.Array())
    names = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(name) for name in filters}
    is_mask = bool(picture.get("/ImageMask", False))
    return names <= _FILTERS and (is_mask or _is_plain_colour(picture.get("/ColorSpace")))


def _is_plain_colour(colour: pikepdf.Object | None) -> bool:
    """Gray or RGB, of the device or by a profile of its own, or a palette of such."""
    if isinstance(colour, pikepdf.Name):
        return str(colour) in _COLOURS
    if not isinstance(colour, pikepdf.Array) or not len(colour):
        return False
    kind, *details = colour.as_list()
    return str(kind) in ("/CalGray", "/CalRGB", "/ICCBased") or (kind == "/Indexed" and _is_plain_colour(details[0]))


@cache
def _srgb() -> bytes:
    """An ICC profile of sRGB, the same bytes whenever it is made."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    profile[_VERSION] = bytes((4, 0x20, 0, 0))
    return bytes(profile)
