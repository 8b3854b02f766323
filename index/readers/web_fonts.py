"""Which old Vietnamese font a piece of a web page is set in, by its markup and the page's style sheet."""

from __future__ import annotations

import re

from lxml.etree import _Element

from index.readers.legacy import scheme_of_font

_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,4000})\}")
_FAMILY = re.compile(r"font(?:-family)?\s*:\s*([^;]+)", re.IGNORECASE)
_NAMES = re.compile(r"\"([^\"]+)\"|'([^']+)'|([^,\"']+)")
_SIMPLE = re.compile(r"^([a-z][a-z0-9]*)?(?:\.([\w-]+))?$", re.IGNORECASE)
_UNICODE = "unicode"


class Fonts:
    """The fonts that a page's style sheet gives to tags and classes, and the schemes that were found in its text."""

    def __init__(self, sheet: str) -> None:
        self.repaired: set[str] = set()
        self._rules: dict[tuple[str, str], str] = {}
        for selectors, body in _RULE.findall(re.sub(r"<!--|-->|/\*.*?\*/", "", sheet, flags=re.DOTALL)):
            scheme = _scheme_of_style(body)
            for selector in selectors.split(",") if scheme else ():
                if match := _SIMPLE.match(selector.strip()):
                    self._rules[((match[1] or "").lower(), match[2] or "")] = scheme

    def scheme(self, element: _Element, inherited: str | None) -> str | None:
        """Return the scheme of the text in an element whose parent has the inherited one."""
        found = None
        if element.tag == "font" and element.get("face"):
            found = _scheme_of_names(element.get("face", ""))
        if element.get("style"):
            found = _scheme_of_style(element.get("style", "")) or found
        if found is None and self._rules:
            classes = (element.get("class") or "").split()
            keys = [(tag, name) for name in classes for tag in (element.tag, "")] + [(element.tag, "")]
            found = next((self._rules[key] for key in keys if key in self._rules), None)
        if found is None:
            return inherited
        return None if found == _UNICODE else found


def _scheme_of_style(style: str) -> str | None:
    families = _FAMILY.findall(style)
    return _scheme_of_names(families[-1]) if families else None


def _scheme_of_names(names: str) -> str | None:
    """Return the scheme of the first font named, "unicode" for an ordinary one."""
    first = next((next(filter(None, groups)).strip() for groups in _NAMES.findall(names) if "".join(groups).strip()), "")
    # "font: bold 12pt .VnTime" has size and weight in front of the name.
    first = re.sub(r"^(?:[\w.%/-]*\d(?:pt|px|em|%)\S*|bold|italic|normal)\s+", "", first)
    return (scheme_of_font(first) or _UNICODE) if first and first != "inherit" else None
