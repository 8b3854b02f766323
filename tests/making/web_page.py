"""Make pages in the manner of department portals out of plain-text reports: seven layouts, with all that stands around."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from itertools import groupby

_HEADING = re.compile(r"^\d+(?:\.\d+)*\.\s")
_NOTE = re.compile(r"^\[(\d+)\]\s+")
_MARK = re.compile(r"\[(\d+)\]")

# Sentences of the site that are no part of the report; none may come through.
MENU = ("Trang chủ", "Giới thiệu chung", "Cơ cấu tổ chức", "Bộ thủ tục hành chính công bố", "Văn bản chỉ đạo điều hành", "Hỏi đáp trực tuyến")
RELATED = (
    "Hội nghị trực tuyến sơ kết công tác cải cách hành chính quý II (15/07/2024)",
    "Đoàn công tác liên ngành kiểm tra việc chấp hành pháp luật tại 27 doanh nghiệp (12/07/2024)",
    "Ra quân tháng cao điểm làm sạch dữ liệu dân cư toàn tỉnh (09/07/2024)",
    "Khai mạc lớp tập huấn nghiệp vụ cho 150 cán bộ cấp xã (02/07/2024)",
)
COMMENTS = (
    "Tôi đọc thấy báo cáo năm nay đầy đủ hơn mọi năm, mong cơ quan công khai thêm số liệu của từng huyện, riêng xã tôi có tới 999 trường hợp chưa được xét duyệt.",
    "Đề nghị quản trị trang xem lại phông chữ trên điện thoại, rất khó đọc. Cảm ơn và chúc ban biên tập nhiều sức khỏe, công tác tốt trong năm mới!",
)
COOKIES = "Cổng thông tin sử dụng cookie để cải thiện trải nghiệm của người dùng. Tiếp tục sử dụng nghĩa là quý vị đồng ý với chính sách này."
FOOT = "Bản quyền thuộc về cổng thông tin. Địa chỉ: số 68 đường Trung Tâm. Điện thoại: 0999.888.777. Giấy phép số 55/GP-TTĐT."
COUNTER = "Đang truy cập: 87. Tổng lượt truy cập: 12.345.678"
TOOLS = "Cỡ chữ: A- A A+"
FURNITURE = (*MENU, *RELATED, *COMMENTS, COOKIES, FOOT, COUNTER, TOOLS)


def make_html(text: str, layout: str = "portal") -> bytes:
    """Return a page whose article is this report; the layouts are the keys of `LAYOUTS`."""
    return LAYOUTS[layout](text).encode()


def make_mht(page: bytes) -> bytes:
    """Return a page as a browser saves it in one file, with a picture beside it."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "Báo cáo"
    message["MIME-Version"] = "1.0"
    message.set_content(page.decode(), subtype="html", charset="utf-8", cte="quoted-printable")
    message.add_related(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    return message.as_bytes()


def _kind(line: str) -> str:
    if _NOTE.match(line):
        return "note"
    if _HEADING.match(line) and len(line) < 120:
        return "heading"
    if "\t" in line:
        return "row"
    return "bullet" if line.startswith("- ") else "line"


def _groups(text: str) -> list[tuple[str, list[str]]]:
    """Return the lines by what they are, runs of bullets and rows together; notes are left out."""
    lines = [line for line in text.split("\n") if line.strip() and _kind(line) != "note"]
    return [(kind, list(run)) for kind, run in groupby(lines, key=_kind)]


def _notes(text: str) -> list[tuple[str, str]]:
    return [(m[1], html.escape(line[m.end():])) for line in text.split("\n") if (m := _NOTE.match(line))]


def _linked(line: str) -> str:
    """Write the marks as links to the bodies, as Word exports them."""
    return _MARK.sub(r'<a href="#_ftn\1" name="_ftnref\1" title=""><sup>[\1]</sup></a>', html.escape(line))


def _table(rows: list[str], cell: Callable[[str], str]) -> str:
    return "<table border=1>" + "".join(f"<tr>{''.join(f'<td>{cell(c)}</td>' for c in row.split(chr(9)))}</tr>" for row in rows) + "</table>"


def _semantic(text: str) -> str:
    """The report with h2, h3, ul, table and linked notes."""
    parts = []
    for kind, lines in _groups(text):
        if kind == "heading":
            parts += [f"<h{1 + line.split()[0].count('.')}>{_linked(line)}</h{1 + line.split()[0].count('.')}>".replace("h1>", "h2>") for line in lines]
        elif kind == "bullet":
            parts.append("<ul>" + "\n".join(f"<li>{_linked(line[2:])}</li>" for line in lines) + "</ul>")
        elif kind == "row":
            parts.append(_table(lines, _linked))
        else:
            parts += [f"<p style='text-align:justify'>{_linked(line)}</p>" for line in lines]
    bodies = "".join(f'<div id="ftn{n}"><p><a href="#_ftnref{n}" name="_ftn{n}" title=""><sup>[{n}]</sup></a>&nbsp;{body}</p></div>' for n, body in _notes(text))
    return "\n".join(parts) + ("<hr align=left size=1 width='33%'>" + bodies if bodies else "")


def _broken(text: str) -> str:
    """The report with <br> behind every line, as old editors wrote it; marks and bodies are plain text."""
    lines = []
    for kind, group in _groups(text):
        lines += [_table(group, html.escape)] if kind == "row" else [html.escape(line) + "<br>\n" for line in group]
    body = _MARK.sub(r"<sup>[\1]</sup>", "".join(lines))
    return body + "<br>".join(f"[{n}] {body}" for n, body in _notes(text))


def _divided(text: str) -> str:
    """The report with a div for every paragraph and raised numbers for notes."""
    mark = r'<span style="font-size:9px"><sup>\1</sup></span>'
    parts = []
    for kind, lines in _groups(text):
        if kind == "row":
            parts.append(_table(lines, lambda cell: _MARK.sub(mark, html.escape(cell))))
        else:
            parts += [f"<div><strong>{html.escape(line)}</strong></div>" if kind == "heading" else f"<div>{_MARK.sub(mark, html.escape(line))}</div>" for line in lines]
    return "".join(parts) + "".join(f"<div><sup>{n}</sup> {body}</div>" for n, body in _notes(text))


def _word(text: str) -> str:
    """The report as Word saves it: paragraphs of classes, bullets as text, conditional comments, a list of footnotes."""
    parts = []
    for kind, lines in _groups(text):
        if kind == "bullet":
            parts += [
                "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>"
                f"·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{_linked(line[2:])}<o:p></o:p></p>" for line in lines
            ]
        elif kind == "row":
            parts.append(_table(lines, lambda cell: f"<p class=MsoNormal>{_linked(cell)}<o:p></o:p></p>"))
        else:
            bold = ("<b>", "</b>") if kind == "heading" else ("", "")
            # Word breaks the lines of its source anywhere.
            parts += [f"<p class=MsoNormal>{bold[0]}<span lang=VI>{_linked(line).replace(' ', chr(10), 3)}</span>{bold[1]}<o:p></o:p></p>" for line in lines]
    notes = "".join(
        f"<div style='mso-element:footnote' id=ftn{n}><p class=MsoFootnoteText><a style='mso-footnote-id:ftn{n}' href=\"#_ftnref{n}\" name=\"_ftn{n}\" title=\"\">"
        f"<span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[{n}]<![endif]></span></span></a> {body}<o:p></o:p></p></div>"
        for n, body in _notes(text)
    )
    return f"<div class=WordSection1>{''.join(parts)}</div><div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr><![endif]>{notes}</div>"


def _links(words: tuple[str, ...], tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/tin/{k}.html">{word}</a></{tag}>' for k, word in enumerate(words))


def _title(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    return html.escape(next((line for line in lines[1:12] if len(line) > 60), lines[0]))


def _portal(text: str) -> str:
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{_title(text)}</title><script>var x = "<p>mã</p>";</script></head><body>
<header class="site-header"><nav class="navbar"><ul>{_links(MENU)}</ul></nav></header><div class="cookie-consent">{COOKIES} <button>Đồng ý</button></div>
<main><div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/bc">Báo cáo</a></div><article><h1>{_title(text)}</h1><div class="article-meta">17/09/2024 08:30 | {TOOLS}</div>
<div class="article-body" itemprop="articleBody">{_semantic(text)}</div><div class="share-buttons"><a href="https://fb">Facebook</a> <a href="https://zalo">Zalo</a></div>
<section class="related-news"><h3>Tin liên quan</h3><ul>{_links(RELATED)}</ul></section><section id="comments"><h3>Ý kiến bạn đọc (2)</h3>{''.join(f'<p>{c}</p>' for c in COMMENTS)}</section>
</article></main><aside class="sidebar"><h4>Tin mới</h4><ul>{_links(RELATED)}</ul></aside><footer>{FOOT}<p>{COUNTER}</p></footer></body></html>"""


def _tables(text: str) -> str:
    """Three columns made with a table, one form around the page, nothing named."""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><form id="aspnetForm" method="post"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUK">
<table width="1000" cellpadding=0><tr><td colspan=3><img src="banner.jpg" alt="Cổng thông tin"></td></tr><tr><td colspan=3><table><tr>{_links(MENU, 'td')}</tr></table></td></tr>
<tr valign=top><td width=180><table>{''.join(f'<tr><td>{_links((m,), "span")}</td></tr>' for m in MENU)}</table><div>{_links(RELATED[:3], 'p')}</div></td>
<td width=640><table><tr><td>{_semantic(text)}</td></tr></table><table><tr><td><b>Các tin khác</b></td></tr><tr><td><ul>{_links(RELATED)}</ul></td></tr></table></td>
<td width=180><div>{_links(RELATED[1:], 'div')}</div><select><option>{COUNTER}</option></select></td></tr><tr><td colspan=3><div id="footer">{FOOT}<br>{COUNTER}</div></td></tr></table></form></body></html>"""


def _blog(text: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"></head><body class="single has-sidebar"><div id="page"><div id="masthead"><div class="main-navigation"><div class="menu-main-container"><ul class="menu">{_links(MENU)}</ul></div></div></div>
<div id="content"><div id="primary"><div class="post hentry"><h1 class="entry-title">{_title(text)}</h1><div class="entry-meta">Đăng ngày 17/09/2024 bởi quản trị</div><div class="entry-content">{_divided(text)}
<div class="sharedaddy share">{TOOLS}</div></div><div class="post-tags tags"><a href="/t">báo cáo</a></div></div><div class="comments-area" id="comments"><ol class="comment-list">{''.join(f'<li class="comment"><p>{c}</p></li>' for c in COMMENTS * 3)}</ol></div></div>
<div id="secondary" class="widget-area"><div class="widget"><ul>{_links(RELATED)}</ul></div></div></div><div id="colophon" class="site-footer">{FOOT} {COUNTER}</div></div><div class="cookie-notice">{COOKIES}</div></body></html>"""


def _old(text: str) -> str:
    """Of twenty years ago: fonts, breaks, no classes, a frame of tables."""
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8"></HEAD><BODY><TABLE WIDTH=780><TR><TD><FONT SIZE=2>{' | '.join(f'<A HREF="m{k}.htm">{m}</A>' for k, m in enumerate(MENU))}</FONT></TD></TR>
<TR><TD><FONT FACE="Times New Roman" SIZE=3>{_broken(text)}</FONT><BR></TD></TR><TR><TD><B>Tin mới nhất</B><BR>{''.join(f'<A HREF="t{k}.htm">{r}</A><BR>' for k, r in enumerate(RELATED))}</TD></TR>
<TR><TD><DIV CLASS=footer>{FOOT}<BR>{COUNTER}</DIV></TD></TR></TABLE></BODY></HTML>"""


def _share_point(text: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><form id="aspnetForm"><div id="s4-workspace"><div id="sideNavBox"><ul>{_links(MENU)}</ul></div><div class="ms-webpart-zone"><div class="title-news">{_title(text)}</div>
<div class="ms-rtestate-field">{_divided(text)}</div><div class="tin-lien-quan"><div>Tin cùng chuyên mục</div>{_links(RELATED, 'div')}</div><div class="binh-luan">{''.join(f'<div>{c}</div>' for c in COMMENTS)}</div></div>
<div id="DeltaPlaceHolderFooter" class="footer-portal"><p>{FOOT}</p><p>{COUNTER}</p></div></div></form><div id="cookieBar" class="cookie">{COOKIES}</div></body></html>"""


def _portlets(text: str) -> str:
    """Nested boxes whose names say nothing; the related news have dates and stand in the same box as the article."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div class="wrapper"><div class="row"><div class="c12"><ul>{_links(MENU)}</ul></div></div><div class="row"><div class="c8"><div class="box"><div class="box-in">
<h1>{_title(text)}</h1><p><i>{TOOLS}</i></p>{_semantic(text)}<p><b>Các tin khác</b></p><ul>{_links(RELATED)}</ul></div></div></div><div class="c4"><div class="box"><ul>{_links(RELATED)}</ul></div><p class="counter">{COUNTER}</p></div></div>
<div class="row"><footer>{FOOT}</footer></div></div></body></html>"""


def _exported(text: str) -> str:
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal, li.MsoNormal {{font-family:"Times New Roman",serif;}} @page WordSection1 {{size:21cm 29cm;}} --></style></head><body lang=VI>{_word(text)}</body></html>"""


LAYOUTS: dict[str, Callable[[str], str]] = {
    "portal": _portal, "tables": _tables, "blog": _blog, "old": _old, "sharepoint": _share_point, "portlets": _portlets, "word": _exported,
}
