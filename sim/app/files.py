"""Reads the page's own files into memory once, so that nothing a visitor sends ever reaches the disk."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class File(NamedTuple):
    content: bytes
    media_type: str


@cache
def files() -> dict[str, File]:
    """Returns every file by the path under which it is served; the page itself is /."""
    found = {
        f"/{path.name}": File(path.read_bytes(), TYPES[path.suffix])
        for path in sorted(HERE.iterdir())
        if path.suffix in TYPES
    }
    return {"/" if name == "/index.html" else name: file for name, file in found.items()}
