"""Every Vietnamese sentence that the evaluation commands can show."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def missing_file(path: Path) -> str:
    return f"Không tìm thấy tệp «{path}». Hãy kiểm tra lại đường dẫn."


def cannot_read(path: Path, detail: str) -> str:
    return f"Không đọc được tệp «{path}» ({detail}). Hãy kiểm tra đó là một tệp và quyền đọc tệp."


def missing_folder(path: Path) -> str:
    return f"Không tìm thấy thư mục «{path}». Hãy kiểm tra lại đường dẫn."


def no_reports(path: Path) -> str:
    return f"Thư mục «{path}» không có báo cáo nào đọc được. Hãy chỉ thư mục khác bằng --reports."


def not_utf8(path: Path) -> str:
    return f"Tệp «{path}» không phải văn bản UTF-8. Hãy lưu lại tệp theo mã UTF-8."


def not_an_object(path: Path, line: int, detail: str) -> str:
    return (
        f"«{path}», dòng {line}: không phải một đối tượng JSON ({detail}). "
        "Mỗi dòng phải là một đối tượng JSON."
    )


def bad_fields(path: Path, line: int, problems: Iterable[str]) -> str:
    return f"«{path}», dòng {line}: {'; '.join(problems)}. Hãy sửa dòng này theo eval/FORMAT.md."


def unknown_field(field: str) -> str:
    return f"trường «{field}» không có trong định dạng"


def missing_field(field: str) -> str:
    return f"thiếu trường «{field}»"


def wrong_value(field: str, detail: str) -> str:
    return f"trường «{field}» có giá trị không hợp lệ ({detail})"


def repeated_id(path: Path, line: int) -> str:
    return f"«{path}», dòng {line}: mã «id» đã có ở một dòng trước. Mỗi mã chỉ được dùng một lần."


def no_questions(path: Path, part: str) -> str:
    return f"«{path}» không có câu hỏi nào trong phần «{part}». Hãy chọn bộ câu hỏi hoặc phần khác."


def unknown_report(path: Path, names: Iterable[str], folder: Path) -> str:
    listed = ", ".join(f"«{name}»" for name in names)
    return (
        f"Bộ câu hỏi «{path}» nhắc tới báo cáo {listed} nhưng thư mục «{folder}» không có. "
        "Hãy chỉ đúng thư mục bằng --reports."
    )


def cannot_write(path: Path, detail: str) -> str:
    return f"Không ghi được tệp «{path}» ({detail}). Hãy kiểm tra quyền ghi và dung lượng đĩa."


def bad_qrels(path: Path, line: int) -> str:
    return (
        f"«{path}», dòng {line}: cần ba cột query-id, corpus-id, score cách nhau bằng dấu tab. "
        "Hãy sửa dòng này."
    )


def no_judged_queries(folder: Path) -> str:
    return f"«{folder}» không có câu hỏi nào được đánh dấu trong qrels/test.tsv. Hãy kiểm tra bộ dữ liệu."


def failed_child(command: str, detail: str) -> str:
    return f"Lệnh đo «{command}» bị lỗi: {detail}. Hãy chạy riêng lệnh đó để xem nguyên nhân."
