"""Writes the bundled model's weights in the forms that other engines load: an ONNX graph, and an
ordinary sentence-transformers folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from index.model_files import BYTE_BLOCK, CACHE_FORMAT, ModelFile, cached_folder

GRAPH = "encoder.onnx"
_CONTRIB = "com.microsoft"

log = logging.getLogger(__name__)


def find_graph(model: ModelFile, name: str) -> Path | bytes:
    """Return the encoder's ONNX graph: a file in the cache under `name`, or the bytes when the cache cannot be written."""
    try:
        return cached_folder(f"{name}-{model.fingerprint}-graph-v{CACHE_FORMAT}", partial(_write_graph, model)) / GRAPH
    except OSError as error:
        log.warning("the graph is made anew each time: %s", error)
        return make_graph(model)


def _write_graph(model: ModelFile, folder: Path) -> None:
    (folder / GRAPH).write_bytes(make_graph(model))


def make_graph(model: ModelFile) -> bytes:
    """Return the encoder as an ONNX graph: word vectors in, token vectors out.

    It takes texts of one length and no padding. The word table stays out of it: looking words up in
    the mapped file takes 48 MB less memory.
    """
    import onnx

    graph = _Graph(model)
    hidden = graph.normalise("embeddings", "emb.ln")
    for layer in range(model.layers):
        hidden = _add_layer(graph, hidden, f"l{layer}")
    helper, kinds = onnx.helper, onnx.TensorProto
    made = helper.make_model(
        helper.make_graph(
            graph.nodes, "multilingual-e5-small",
            [helper.make_tensor_value_info("embeddings", kinds.FLOAT, ["texts", "tokens", model.width])],
            [helper.make_tensor_value_info(hidden, kinds.FLOAT, ["texts", "tokens", model.width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)], ir_version=10,
    )
    return made.SerializeToString()


def write_transformer(model: ModelFile, folder: Path) -> None:
    """Write a folder that `SentenceTransformer(folder)` loads: weights, tokenizer, mean pooling."""
    from safetensors.numpy import save_file

    save_file(_transformer_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(model, folder)
    files = {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
            "hidden_size": model.width, "num_hidden_layers": model.layers, "num_attention_heads": model.heads,
            "intermediate_size": model.inner_width, "vocab_size": model.words, "pad_token_id": model.pad,
            "max_position_embeddings": model.max_tokens, "type_vocab_size": model.token_types,
            "layer_norm_eps": model.epsilon, "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": model.max_tokens,
            "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
            "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": model.max_tokens, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": model.width, "pooling_mode_mean_tokens": True},
    }
    (folder / "2_Normalize").mkdir()
    (folder / "1_Pooling").mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")


class _Graph:
    """The nodes and constants of an ONNX graph; each method adds a step and returns its output."""

    def __init__(self, model: ModelFile) -> None:
        from onnx import helper, numpy_helper

        self.model, self._make, self._array = model, helper.make_node, numpy_helper.from_array
        self.nodes: list[object] = []
        self.constants: list[object] = []

    def step(self, operation: str, inputs: Sequence[str], outputs: Sequence[str], **options: object) -> str:
        self.nodes.append(self._make(operation, list(inputs), list(outputs), **options))
        return outputs[0]

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(self._array(np.ascontiguousarray(value), name))
        return name

    def dense(self, hidden: str, names: Sequence[str], width: int) -> str:
        """Multiply by the matrices `names`, side by side, and add their biases."""
        weights, scales = _eight_bits(np.concatenate([self.model.matrix(f"{name}.w", width) for name in names]))
        bias = np.concatenate([self.model.floats(f"{name}.b") for name in names])
        output = "+".join(names)
        inputs = [hidden, self.constant(f"{output}.weights", weights), self.constant(f"{output}.scales", scales),
                  "", "", self.constant(f"{output}.bias", bias)]
        # accuracy_level 4: activations as 8-bit integers, as the C engine does.
        return self.step("MatMulNBits", inputs, [output], domain=_CONTRIB, K=width, N=len(bias), bits=8,
                         block_size=BYTE_BLOCK, accuracy_level=4)

    def normalise(self, hidden: str, name: str) -> str:
        weights = [self.constant(f"{name}.{part}", self.model.floats(f"{name}.{part}")) for part in "wb"]
        return self.step("LayerNormalization", [hidden, *weights], [f"{name}.out"],
                         epsilon=self.model.epsilon, axis=-1)

    def attend(self, joined: str, layer: str) -> str:
        parts = [f"{layer}.{part}" for part in ("query", "key", "value")]
        self.step("Split", [joined], parts, axis=-1, num_outputs=3)
        return self.step("MultiHeadAttention", parts, [f"{layer}.context"], domain=_CONTRIB,
                         num_heads=self.model.heads)


def _add_layer(graph: _Graph, hidden: str, layer: str) -> str:
    """Add one BERT layer: attention, then two dense steps, each with its residual and norm."""
    width, inner = graph.model.width, graph.model.inner_width
    context = graph.attend(graph.dense(hidden, [f"{layer}.{part}" for part in "qkv"], width), layer)
    attended = graph.dense(context, [f"{layer}.ao"], width)
    attended = graph.normalise(graph.step("Add", [hidden, attended], [f"{layer}.residual"]), f"{layer}.aln")
    widened = graph.dense(attended, [f"{layer}.fi"], width)
    widened = graph.step("Gelu", [widened], [f"{layer}.gelu"], domain=_CONTRIB)
    narrowed = graph.dense(widened, [f"{layer}.fo"], inner)
    return graph.normalise(graph.step("Add", [attended, narrowed], [f"{layer}.sum"]), f"{layer}.oln")


def _eight_bits(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a matrix as bytes around 128 (rows, blocks, BYTE_BLOCK) and its scales, flat."""
    blocks = matrix.reshape(len(matrix), -1, BYTE_BLOCK)
    scales = np.abs(blocks).max(axis=-1, keepdims=True) / 127
    safe = np.where(scales > 0, scales, 1)
    return (np.rint(blocks / safe) + 128).astype(np.uint8), scales.astype(np.float32).reshape(-1)


def _transformer_tensors(model: ModelFile) -> dict[str, np.ndarray]:
    """Return the weights under BERT's names; matrices in float16, enough for weights of 4 or 8 bits."""
    width, inner = model.width, model.inner_width
    tensors = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", width).astype(np.float16),
        "embeddings.position_embeddings.weight": model.floats("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": model.floats("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": model.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.floats("emb.ln.b"),
        # BERT's pooler is not used, and missed when absent.
        "pooler.dense.weight": np.zeros((width, width), np.float16),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    dense = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
             "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in dense.items():
            columns = inner if short == "fo" else width
            tensors[f"{prefix}{name}.weight"] = model.matrix(f"l{layer}.{short}.w", columns).astype(np.float16)
            tensors[f"{prefix}{name}.bias"] = model.floats(f"l{layer}.{short}.b")
        for short, name in norms.items():
            tensors[f"{prefix}{name}.weight"] = model.floats(f"l{layer}.{short}.w")
            tensors[f"{prefix}{name}.bias"] = model.floats(f"l{layer}.{short}.b")
    # Some tensors look into the mapped file; the writer wants whole arrays.
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def _write_tokenizer(model: ModelFile, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces = [piece.decode("utf-8") for piece in model.pieces]
    vocabulary = list(zip(pieces, model.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=model.unknown, byte_fallback=False))
    # What the model's own character map does to ordinary text; our texts have been through the map.
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(r"[\t\n\r\f\v]"), " "), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", model.bos), ("</s>", model.eos)],
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
