"""Which element of a web page holds the article, and what in it and around it is furniture of the site."""

from __future__ import annotations

import re

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
    r"|ý kiến bạn đọc|bình luận|tin cùng|thứ (?:hai|ba|tư|năm|sáu|bảy)\s*,|chủ nhật\s*,|\(?\d{1,2}[/-]\d{1,2}[/-]\d{4}\)?(?:\s|,|-|\||$)[\d:\s]*(?:am|pm|\(gmt.*)?$|A[-+]?(?: A[-+]?)+$)",
    re.IGNORECASE,
)
_SITE_LINE_LENGTH = 90
_NEAR_EDGE = 6
# What most of the page's words stand in is no furniture, however it is called.
_MOST = 0.4
_LISTED_LINKS = 3
_TEXT_BLOCKS = ("p", "ul", "ol", "dl", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


def find_article(page: _Element) -> _Element:
    """Take the furniture out of a parsed page and return the element that holds the article."""
    body = page.find("body")
    body = page if body is None else body
    for tag in _NEVER:
        for element in list(body.iter(tag)):
            _drop(element)
    weights = _weigh(body)
    for element in list(body.iter()):
        if element is body or not isinstance(element.tag, str) or _is_note(element):
            continue
        if weights.get(element, 0) < _MOST * weights[body] and (_is_furniture(element) or _is_link_list(element)):
            _drop(element)
    weights = _weigh(body)
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


def _weigh(body: _Element) -> dict[_Element, int]:
    """Return for each element how many characters of it are no link text."""
    weights: dict[_Element, int] = {}
    for element in reversed(list(body.iter())):
        own = 0
        if isinstance(element.tag, str) and not _leads_away(element):
            own = len((element.text or "").strip()) + sum(weights.get(c, 0) + len((c.tail or "").strip()) for c in element)
        weights[element] = own
    return weights


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


def _is_link_list(element: _Element) -> bool:
    """Tell a list of headlines: several links to other pages that are most of its text."""
    if element.tag not in ("ul", "ol", "div", "table", "td", "section", "dl", "p"):
        return False
    links = [link for link in element.iter("a") if _leads_away(link)]
    linked = sum(len("".join(link.itertext()).strip()) for link in links)
    return len(links) >= _LISTED_LINKS and linked > 0.6 * len("".join(element.itertext()).strip())


def _is_note(element: _Element) -> bool:
    return any(link.get("href", "").startswith("#_ftnref") for link in element.iter("a"))


def _marked(body: _Element, weights: dict[_Element, int]) -> _Element | None:
    """Return the element that the page itself marks as the article, when it holds most of the words."""
    candidates = [
        element for element in body.iter()
        if isinstance(element.tag, str) and (
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
