"""Every Vietnamese sentence that assistant/ shows to a user."""

from __future__ import annotations

# --- answers ----------------------------------------------------------------------------------

DIFFERENT_FIGURES = "Báo cáo có các số liệu khác nhau, mỗi số tính theo một phạm vi:"
EMPTY_QUESTION = "Chưa có câu hỏi. Hãy nhập điều cần hỏi, ví dụ: 9 tháng có bao nhiêu vụ tai nạn lao động?"
NO_WORDS = "Câu hỏi không có chữ nào để tìm. Hãy hỏi bằng một câu tiếng Việt, ví dụ: có bao nhiêu người được giải quyết việc làm?"
NOT_VIETNAMESE = "Câu hỏi không phải tiếng Việt nên chưa tìm được. Hãy hỏi bằng một câu tiếng Việt, ví dụ: có bao nhiêu người được giải quyết việc làm?"
EMPTY_LIBRARY = "Kho chưa có báo cáo nào để hỏi. Hãy thêm báo cáo: python -m index add ĐƯỜNG_DẪN"
PERIOD_ASKED = "của kỳ được hỏi"
NOT_SAID = "Báo cáo không nêu nội dung này."
NOT_SAID_ALL = "Các báo cáo trong kho không nêu nội dung này."
ASK_ANOTHER_WAY = "Có thể hỏi lại bằng từ ngữ khác hoặc nêu rõ kỳ báo cáo."


def too_long(limit: int, length: int) -> str:
    """Say that a question is longer than can be understood."""
    typed, most = (f"{number:,}".replace(",", ".") for number in (length, limit))
    return f"Câu hỏi dài {typed} ký tự, quá mức {most} ký tự. Hãy rút gọn và hỏi từng ý một."


def not_this_period(asked: str) -> str:
    """Say that no report speaks of the period asked for."""
    return f"Kho không có số liệu {asked} cho nội dung này; các báo cáo đang có thuộc kỳ khác."


def available_periods(periods: list[str]) -> str:
    """Name the periods that the reports of the library speak of."""
    return f"Các kỳ có trong kho: {'; '.join(periods)}."


def nearest(place: str, about: str) -> str:
    """Point to what stands nearest to an unanswered question."""
    return f"Gần nhất là {place}: “{about}…”." if about else f"Gần nhất là {place}."


def no_such_number(number: str) -> str:
    """Say that a number asked about stands in no report."""
    return f"Không thấy số {number} trong các báo cáo của kho. Hãy kiểm tra lại cách viết số."


def no_such_document(number: str) -> str:
    """Say that a document number asked about stands in no report."""
    return f"Không thấy văn bản số {number} trong các báo cáo của kho."


def footnote_says(mark: str) -> str:
    """Introduce the body of a footnote."""
    return f"Chú thích {mark}:"


def place(number: str, footnote: str | None) -> str:
    """Name a place of a report for the running text: "mục 2.1, chú thích 3"; "" when it has no number."""
    parts = [section_place(number, "")] if number else []
    if footnote:
        parts.append(f"chú thích {footnote}")
    return ", ".join(parts)


def from_report(title: str) -> str:
    """Say which report a figure is from."""
    return f"(Theo {title}.)"


def difference(higher: bool | None, amount: str, percent: str, unit: str) -> str:
    """Say how a figure differs from an earlier one; `higher` None when they are equal."""
    if higher is None:
        return "Hai kỳ bằng nhau."
    word = "tăng" if higher else "giảm"
    share = f" ({percent}%)" if percent else ""
    return f"{word.capitalize()} **{amount}{' ' + unit if unit else ''}**{share}."


def gap(more: bool | None, amount: str, percent: str, unit: str) -> str:
    """Say how far the first of two figures is from the other; `more` None when they are equal."""
    if more is None:
        return "Hai số bằng nhau."
    share = f" ({percent}% của số sau)" if percent else ""
    return f"Chênh lệch **{amount}{' ' + unit if unit else ''}**{share}: số đầu {'nhiều' if more else 'ít'} hơn."


SERIES_HEAD = "| Kỳ | Số liệu | So với kỳ trước trong bảng | Nguồn |\n|---|---|---|---|"
SERIES_NONE = "không thấy"
SERIES_SAME = "không đổi"
UNLIKE_PERIODS = "Lưu ý: các kỳ dài ngắn khác nhau nên mức tăng giảm chỉ để tham khảo."


def series_row(period: str, figure: str, change: str, mark: str) -> str:
    """Return one row of an indicator over several periods."""
    return f"| {period} | {figure} | {change} | {mark} |"


def series_change(higher: bool, amount: str, percent: str, unit: str) -> str:
    """Say how a figure differs from the one before it."""
    share = f" ({percent}%)" if percent else ""
    return f"{'tăng' if higher else 'giảm'} {amount}{' ' + unit if unit else ''}{share}"


# --- drafts -----------------------------------------------------------------------------------

CHECK_TITLE = "Kiểm tra số liệu dự thảo"
DRAFT_WITHOUT_FIGURES = "Dự thảo không có số liệu nào để kiểm tra."
ROUNDED = "làm tròn"


def check_counts(*, confirmed: int, different: int, missing: int) -> str:
    """Say how many figures of a draft were found so, otherwise, or not at all."""
    return f"Khớp {confirmed}, khác {different}, không thấy {missing}."


def check_line(literal: str, verdict: str, said: str) -> str:
    """Say what a figure of a sentence was found to be; `said` is what the report has."""
    return f"- **{literal}**: {verdict}" + (f" – báo cáo ghi {said}" if said else "")


def source_says(report: str, place: str, literal: str, quote: str) -> str:
    """Say what the library has for a figure of a draft."""
    return f"{report}, {place}: {literal} – “{quote}”"


def unreadable_draft(path: object, reason: str) -> str:
    """Say that a draft cannot be read, and why."""
    return f"Không đọc được dự thảo {path}: {reason.rstrip('.')}."


def not_written(path: object) -> str:
    """Say that a file cannot be written."""
    return f"Không ghi được tệp {path}. Hãy chọn tên tệp hoặc thư mục khác."


def check_written(path: object) -> str:
    """Say where the page of a checked draft is."""
    return f"Đã ghi trang kiểm tra vào {path}"


# --- command line -----------------------------------------------------------------------------

ASK_DESCRIPTION = "Hỏi các báo cáo trong kho bằng tiếng Việt."
COMPARE_DESCRIPTION = "So một chỉ tiêu qua các kỳ báo cáo: số liệu từng kỳ, mức tăng giảm và nguồn."
COMPARE_INDICATOR_HELP = "chỉ tiêu cần so, đặt trong dấu nháy, ví dụ: số lao động có việc làm"
COMPARE_REPORTS_HELP = "các báo cáo cần so (mã hoặc tên tệp); không ghi thì so mọi kỳ của cơ quan có chỉ tiêu đó"
CHECK_DESCRIPTION = "Kiểm tra từng số liệu của một dự thảo với các báo cáo trong kho: khớp, khác hay không thấy."
CHECK_DRAFT_HELP = "tệp dự thảo (.txt, .md, .docx)"
CHECK_HTML_HELP = "ghi thêm trang HTML tô màu từng số liệu"
ASK_QUESTION_HELP = "câu hỏi, đặt trong dấu nháy"
ASK_LIBRARY_HELP = "thư mục kho báo cáo (mặc định: biến HOI_BAO_CAO_LIBRARY, hoặc kho)"
ASK_REPORT_HELP = "chỉ hỏi trong báo cáo này (mã hoặc tên tệp; dùng nhiều lần được)"
ASK_HISTORY_HELP = "câu hỏi trước của cùng cuộc hỏi (dùng nhiều lần được, cũ trước)"
ASK_JSON_HELP = "in câu trả lời dạng JSON"
ASK_VERBOSE_HELP = "in cả vết lỗi của chương trình"
SOURCES = "Nguồn:"
ASK_FAILED = "Chương trình gặp lỗi khi trả lời. Hãy thử lại với --verbose để xem vết lỗi, và báo người quản trị."


# --- web page ---------------------------------------------------------------------------------

PAGE_TITLE = "Hỏi Báo Cáo"
PAGE_SUBTITLE = "Hỏi số liệu trong báo cáo; mỗi câu trả lời kèm mục, chú thích và câu gốc."
WELCOME = "Đặt câu hỏi về các báo cáo trong kho. Báo cáo không có số liệu thì trợ lý sẽ nói rõ là không có."
CHAT_LABEL = "Hỏi và đáp"
QUESTION_LABEL = "Câu hỏi"
QUESTION_PLACEHOLDER = "Nhập câu hỏi, ví dụ: 9 tháng có bao nhiêu vụ tai nạn lao động?"
SEND = "Gửi"
START_AGAIN = "Cuộc hỏi mới"
SCOPE_LABEL = "Hỏi trong"
SOURCES_TITLE = "Nguồn"
PATH_SEPARATOR = " › "
QUESTION_FAILED = (
    "Không trả lời được câu hỏi này vì chương trình gặp lỗi. Hãy hỏi lại; nếu vẫn lỗi, báo người quản trị "
    "xem nhật ký của chương trình."
)
PAGE_DESCRIPTION = "Mở trang hỏi đáp báo cáo trên máy này."
PAGE_LIBRARY_HELP = "thư mục kho báo cáo (mặc định: biến HOI_BAO_CAO_LIBRARY, hoặc kho)"
PAGE_PORT_HELP = "cổng của trang (mặc định: 7860)"


def all_reports(count: int) -> str:
    """Name the choice of every report in the library."""
    return f"Tất cả báo cáo trong kho ({count})"


def section_place(number: str, title: str) -> str:
    """Name a section: "mục 2.1", "Điều 8", or the heading itself where it has no number."""
    if not number:
        return f"mục “{title}”" if title else "phần đầu báo cáo"
    return number if number[:1].isupper() and " " in number else f"mục {number}"


def footnote_place(place: str, mark: str) -> str:
    """Add a footnote to the name of a section: "mục 2.1, chú thích 3"."""
    return f"{place}, chú thích {mark.strip('[]')}"


def cited_place(number: str, title: str, footnote: str | None, page: int | None = None, *, table: str = "", row: str = "") -> str:
    """Name the section that something stands in, with its footnote, table, row and page where it has them: "mục 2.1, chú thích 3, trang 5"."""
    place = section_place(number, title)
    place = footnote_place(place, footnote) if footnote else place
    place += f", bảng “{table}”" if table else ""
    place += f", dòng “{row}”" if row else ""
    return f"{place}, trang {page}" if page else place


def page_ready(url: str) -> str:
    """Say where the page is."""
    return f"Trang hỏi đáp đã sẵn sàng: {url} (nhấn Ctrl+C để dừng)"


def port_taken(port: int) -> str:
    """Say that the page could not take its port."""
    return f"Cổng {port} đang được chương trình khác dùng. Chọn cổng khác: python app.py --port {port + 1}"
