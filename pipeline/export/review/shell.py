"""A template and its values in; a whole page of HTML out, with style and scripts in it and a policy against others."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.export.review.payload import as_script

_FOLDER = Path(__file__).parent / "templates"
_SCRIPTS = {
    "page.html": ("common.js", "document.js", "log.js", "draw.js", "detail.js", "page.js"),
    "index.html": ("common.js",),
}
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src 'self' data: file:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)


def render(template: str, **values: Any) -> bytes:
    """Values are escaped; those that are HTML already come as Markup."""
    style, script = _read("page.css"), "\n".join(map(_read, _SCRIPTS[template]))
    policy = _POLICY.format(script=_digest(script), style=_digest(style))
    page = _environment().get_template(template)
    code = {"style": Markup(style), "script": Markup(script), "words_json": Markup(as_script(words()))}
    return page.render(policy=policy, words=words(), **code, **values).encode()


@cache
def words() -> dict[str, list[str]]:
    """What the interface says, in Vietnamese and in English, by a name."""
    return dict(json.loads(_read("words.json")))


@cache
def look() -> str:
    """A digest of all templates: pages made of others are out of date."""
    files = sorted(_FOLDER.iterdir())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = _say
    return environment


def _say(name: str) -> Markup:
    """A text of the interface, which the script turns into the other language."""
    return Markup('<span data-say="{}">{}</span>').format(name, words()[name][0])


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
