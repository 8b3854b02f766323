"""Which element of a web page holds the article, and what in it and around it is furniture of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from index.readers.web_tables import is_layout, read_cells

_NEVER = ("script", "style", "noscript", "template", "iframe", "svg", "nav", "aside", "footer", "dialog")
# Parts of class names and ids that sites give to what is no article, and to what is.
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|mainmenu|submenu|topbar|breadcrumbs?|duong-?dan|sidebar|side|cot-?(?:trai|phai)|widget|related|lienquan|lien-quan"
    r"|tin-?(?:khac|moi|lien-?quan|cung-?chuyen-?muc)|other-?news|more-?news|latest|comments?|respond|binh-?luan|phan-?hoi|y-?kien|feedback|share|sharing|social|addthis|fb-like"
    r"|cookies?|consent|gdpr|banner|advert(?:isement)?|ads|quang-?cao|footer|foot|pager|pagination|paging|tags?|tag-?list|rating|danh-?gia|vote|toolbar|tools|print|search|login"
    r"|popup|modal|marquee|ticker|weblinks?|lien-?ket|counter|thong-?ke|luot-?truy-?cap|post-?meta|article-?meta|meta|author-?box|skip-?link|back-?to-?top)"
    r"(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:^|[-_\s])(?:article-?(?:body|content|detail)|(?:news|detail|post|entry|page|main|journal)-?content(?:-?article)?|content-?(?:detail|body|news)|news-?(?:body|detail)"
    r"|noi-?dung|chi-?tiet|bai-?viet|detail-?(?:body|news)|rte|rtestate-field|bodytext|body-?text|wordsection\d+|section1)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Lines that sites put above and below an article, in boxes of no particular name.
_SITE_LINE = re.compile(
    r"(?:ngày đăng|đăng (?:ngày|lúc)|ngày (?:cập nhật|xuất bản)|cập nhật(?: lúc| ngày)?|(?:số )?lượt (?:xem|đọc|truy cập)|đã xem|người đăng|cỡ chữ|font size|xem với cỡ chữ"
    r"|in (?:trang|bài)|gửi (?:email|bài|cho bạn)|chia sẻ|trang chủ|bạn đang ở|quay lại|về trang trước|lên đầu trang|(?:các )?(?:tin|bài)(?: viết| đã đưa)? (?:khác|liên quan|mới|cũ hơn|cùng chuyên mục)"
    r"|ý kiến bạn đọc|bình luận|tin cùng|thứ (?:hai|ba|tư|năm|sáu|bảy)\s*,|chủ nhật\s*,|\(?\d{1,2}[/-]\d{1,2}[/-]\d{4}[\s,|\d:-]*(?:am|pm|\(gmt[^)]*\))?\)?$|A[-+]?(?: A[-+]?)+$)",
    re.IGNORECASE,
)
_SITE_LINE_LENGTH = 90
_NEAR_EDGE = 6
# What most of the page's words stand in is no furniture, however it is called.
_MOST = 0.4
_LISTED_LINKS = 3
_LISTS = ("ul", "ol", "div", "table", "td", "section", "dl", "p")
_TEXT_BLOCKS = ("p", "ul", "ol", "dl", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class _Words:
    """Of an element: characters that are no link to another page, those that are, such links, and links of notes."""

    own: int = 0
    linked: int = 0
    links: int = 0
    notes: int = 0


def find_article(page: _Element) -> _Element:
    """Take the furniture out of a parsed page and return the element that holds the article."""
    body = page.find("body")
    body = page if body is None else body
    for tag in _NEVER:
        for element in list(body.iter(tag)):
            _drop(element)
    words = _count(body)
    limit = _MOST * words[body].own
    for element in list(body.iter(etree.Element)):
        counted = words[element]
        if element is not body and not counted.notes and counted.own < limit and (_is_furniture(element) or _is_link_list(element, counted)):
            _drop(element)
    weights = {element: counted.own for element, counted in _count(body).items()}
    marked = _marked(body, weights)
    return _densest(body, weights) if marked is None else marked


def find_headline(page: _Element) -> str:
    """Return the headline of the page: its only h1, or ""."""
    headlines = [" ".join("".join(element.itertext()).split()) for element in page.iter("h1")]
    return headlines[0] if len(headlines) == 1 else ""


def drop_site_lines(lines: list[str]) -> list[str]:
    """Leave out the site's own lines around an article: date of entry, size of letters, "other news"."""
    edge = {*range(_NEAR_EDGE), *range(len(lines) - _NEAR_EDGE, len(lines))}
    return [line for k, line in enumerate(lines) if not (k in edge and len(line) < _SITE_LINE_LENGTH and _SITE_LINE.match(line.lstrip("# -|")))]


def _drop(element: _Element) -> None:
    """Remove an element and keep the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _count(body: _Element) -> dict[_Element, _Words]:
    """Count the words of every element, from the innermost out."""
    counts: dict[_Element, _Words] = {}
    for element in reversed(list(body.iter(etree.Element))):
        words = _Words(own=len((element.text or "").strip()))
        for child in element:
            inner = counts.get(child)
            words.own += len((child.tail or "").strip())
            if inner:
                words.own += inner.own
                words.linked += inner.linked
                words.links += inner.links
                words.notes += inner.notes
        if element.tag == "a":
            words.notes += element.get("href", "").startswith("#_ftnref")
            if _leads_away(element):
                words = _Words(0, words.own + words.linked, 1, words.notes)
        counts[element] = words
    return counts


def _leads_away(element: _Element) -> bool:
    return element.tag == "a" and bool(element.get("href")) and "#" not in element.get("href", "")


def _names(element: _Element) -> str:
    return _CAMEL.sub("-", f"{element.get('id') or ''} {element.get('class') or ''}")


def _is_furniture(element: _Element) -> bool:
    # Page headers and footers, as LibreOffice exports them.
    if element.tag == "div" and element.get("title") in ("header", "footer"):
        return True
    if element.get("role") in ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"):
        return True
    names = _names(element)
    return bool(_FURNITURE.search(names)) and not _ARTICLE.search(names)


def _is_link_list(element: _Element, words: _Words) -> bool:
    """Tell a list of headlines: several links to other pages that are most of its text."""
    if element.tag not in _LISTS or words.links < _LISTED_LINKS or words.linked <= 0.6 * (words.own + words.linked):
        return False
    return element.tag != "table" or is_layout(element, read_cells(element))


def _marked(body: _Element, weights: dict[_Element, int]) -> _Element | None:
    """Return the element that the page itself marks as the article, when it holds most of the words."""
    candidates = [
        element for element in body.iter(etree.Element)
        if (
            element.tag in ("article", "main") or element.get("itemprop") == "articleBody" or element.get("role") == "main"
            or (element.tag in ("div", "td", "section") and _ARTICLE.search(_names(element)))
        )
    ]
    heaviest = max((weights[element] for element in candidates), default=0)
    if not candidates or heaviest < 0.5 * weights[body]:
        return None
    # The innermost one that loses next to nothing.
    return [element for element in candidates if weights[element] >= 0.97 * heaviest][-1]


def _densest(body: _Element, weights: dict[_Element, int]) -> _Element:
    """Go down from the body as long as one box has nearly all the words and no paragraph stands beside it."""
    element = body
    while True:
        heaviest = max((child for child in element if isinstance(child.tag, str)), key=lambda child: weights[child], default=None)
        if heaviest is None or heaviest.tag in _TEXT_BLOCKS or weights[heaviest] < 0.9 * weights[element]:
            return element
        beside = any(child.tag in _TEXT_BLOCKS and weights[child] for child in element)
        if beside or (heaviest.tag == "table" and not is_layout(heaviest, read_cells(heaviest))):
            return element
        element = heaviest
