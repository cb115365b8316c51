"""The drawing a picture was painted from, as an SVG file to be kept by its owner: `python -m generation.engines.atelier.vector`.

It reads a picture's facts (JSON) from standard input and writes the file to standard output, or nothing where there is no
scene in them. Whatever the facts say, the file has shapes, gradients and filters and nothing else: what it may hold is a
list, and what is not on it is refused.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

from generation.engines.atelier.caption import alt_text
from generation.engines.atelier.memory import recalled
from generation.engines.tether import die_with_parent

NAMESPACE = "http://www.w3.org/2000/svg"
MEMORY_BYTES = 1 << 30  # of address space
CPU_SECONDS = 10
ELEMENTS = re.compile(
    "svg|defs|title|g|use|path|rect|circle|ellipse|line|polygon|polyline|linearGradient|radialGradient|stop|filter|clipPath|mask"
    "|fe(GaussianBlur|DiffuseLighting|DistantLight|Composite|Flood|Merge|MergeNode)"
)
ATTRIBUTES = re.compile(
    "viewBox|width|height|id|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|fx|fy|d|points|transform|gradientUnits|gradientTransform"
    "|spreadMethod|offset|stop-(color|opacity)|fill|fill-(opacity|rule)|clip-rule|clip-path|mask|opacity|filter"
    "|stroke|stroke-(opacity|width|linecap|linejoin|miterlimit|dasharray)|stdDeviation|in|in2|result|operator|k[1-4]"
    "|flood-(color|opacity)|surfaceScale|diffuseConstant|lighting-color|azimuth|elevation|color-interpolation-filters"
    "|filterUnits|primitiveUnits"
)
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_VALUE = re.compile(r"[\w\s.,#%()+*/-]*")  # no colon, no quote, no ampersand: nothing outside can be named
_OWN = re.compile(r"#[\w-]{1,64}")
_REFERENCE = re.compile(r"url\(#[\w-]{1,64}\)")


class Unsafe(ValueError):
    """The document holds what no drawing of ours does."""


def checked(document: str) -> bytes:
    """The document, if it draws and does nothing else. Raises Unsafe for elements, attributes and references not on the list."""
    parser = expat.ParserCreate()

    def refuse(*told: object) -> None:
        raise Unsafe("it declares something")

    for handler in ("StartDoctypeDeclHandler", "EntityDeclHandler", "ProcessingInstructionHandler", "CommentHandler"):
        setattr(parser, handler, refuse)
    try:
        parser.Parse(document.encode(), True)
        root = ElementTree.fromstring(document)  # noqa: S314  (what it could declare was refused before)
    except (expat.ExpatError, ElementTree.ParseError, UnicodeError) as error:
        raise Unsafe("it is not well formed") from error
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise Unsafe("it is no SVG")
    for element in root.iter():
        space, _, name = str(element.tag).partition("}")
        if space != f"{{{NAMESPACE}" or not ELEMENTS.fullmatch(name):
            raise Unsafe(f"element {name}")
        if name != "title" and (element.text or "").strip():
            raise Unsafe(f"words in {name}")
        if (element.tail or "").strip():
            raise Unsafe(f"words after {name}")
        for attribute, value in element.attrib.items():
            if attribute in HREFS and _OWN.fullmatch(value):
                continue
            if not ATTRIBUTES.fullmatch(attribute):
                raise Unsafe(f"attribute {attribute}")
            if not _VALUE.fullmatch(value) or "url" in _REFERENCE.sub("", value).lower():
                raise Unsafe(f"{attribute} of {name}")
    return document.encode()


def drawn(facts: Mapping[str, object]) -> bytes | None:
    """The file for a picture with these facts, None when they hold no scene that can be drawn. Raises Unsafe."""
    scene = recalled(facts)
    if scene is None:
        return None
    document = scene.svg()
    head, tag, rest = document.partition(">")
    return checked(f"{head}{tag}<title>{escape(alt_text(scene))}</title>{rest}")


def main() -> None:
    """Draw one and end."""
    die_with_parent()
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        resource.setrlimit(what, (most, most))
    facts = json.load(sys.stdin)
    found = drawn(facts) if isinstance(facts, dict) else None
    sys.stdout.buffer.write(found or b"")


if __name__ == "__main__":
    main()
