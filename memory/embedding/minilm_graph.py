"""Writes the MiniLM encoder as an ONNX graph, from the weights of the pinned package. Needs no torch.

Six BERT layers, mean over the tokens that are not padding, length 1: what sentence-transformers runs for
all-MiniLM-L6-v2. Attention, skip-and-normalise and bias-and-GELU are onnxruntime's own fused operators
(com.microsoft), which is what its optimiser makes of the plain graph of another exporter. The weights lie beside the
graph in their own file, so that onnxruntime maps them instead of copying: the 47 MB word table stays on the disk but
for the rows in use.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory.errors import ExtraMissing, WeightsRefused

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12  # config.json: layer_norm_eps
OPSET, CONTRIB_OPSET, IR_VERSION = 17, 1, 8
MASKED = -10_000.0  # as BERT's own code: added to the scores of padding before the softmax
_DTYPES = {"F32": np.float32, "I64": np.int64}
_HEADER_LIMIT_BYTES = 1 << 20


def read_safetensors(file: Path) -> dict[str, NDArray[Any]]:
    """All tensors of a safetensors file: 8 bytes of header length, a JSON header, the raw data.

    Raises:
        WeightsRefused: it is not such a file.

    Source: the format's description in huggingface/safetensors' README.
    """
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            if length > _HEADER_LIMIT_BYTES:
                raise ValueError(f"a header of {length} bytes")
            header = json.loads(opened.read(length))
            data = np.frombuffer(opened.read(), np.uint8)
        header.pop("__metadata__", None)
        return {
            name: data[slice(*entry["data_offsets"])].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsRefused(f"{file} is no safetensors file ({error})") from error


def write_graph(weights: dict[str, NDArray[Any]], file: Path) -> None:
    """Writes `file` and `file` + `.weights` beside it.

    Inputs `ids` and `mask`, int32 [n, tokens]; output `vectors`, float32 [n, 384], each row of length 1.

    Raises:
        ExtraMissing: the `onnx` package is not there.
        WeightsRefused: a tensor is missing.
    """
    try:
        import onnx
    except ImportError as error:
        raise ExtraMissing("onnx", "memory") from error
    graph = _Graph()
    try:
        _encoder(graph, weights)
    except KeyError as error:
        raise WeightsRefused(f"the weights lack {error}") from error
    helper, kinds = onnx.helper, onnx.TensorProto
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "minilm",
            [helper.make_tensor_value_info(name, kinds.INT32, ["n", "tokens"]) for name in ("ids", "mask")],
            [helper.make_tensor_value_info("vectors", kinds.FLOAT, ["n", WIDTH])],
            [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", CONTRIB_OPSET)],
        ir_version=IR_VERSION,
    )
    beside = file.name + ".weights"
    file.with_name(beside).unlink(missing_ok=True)  # the writer appends
    onnx.save_model(model, str(file), save_as_external_data=True, location=beside, size_threshold=1024)


class _Graph:
    """Nodes and constants as they are added; `put` returns the name of the node's first output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, NDArray[Any]] = {}

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self.constants[name] = np.ascontiguousarray(array)
        return name

    def put(self, kind: str, inputs: list[str], *, name: str = "", domain: str = "", **attributes: Any) -> str:
        import onnx

        output = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output


def _encoder(graph: _Graph, weights: dict[str, NDArray[Any]]) -> None:
    state = _embeddings(graph, weights)
    padding = _padding(graph)
    for layer in range(LAYERS):
        state = _layer(graph, weights, layer, state, padding)
    _mean_of_unit_length(graph, state)


def _embeddings(graph: _Graph, weights: dict[str, NDArray[Any]]) -> str:
    table = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    # every text is one sentence, so the first row of the token types is added to each place
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    words = graph.put("Gather", [table, "ids"])
    tokens = graph.put("Slice", [
        graph.put("Shape", ["ids"]), graph.constant("one", np.array([1], np.int64)),
        graph.constant("two", np.array([2], np.int64)),
    ])  # fmt: skip
    used = graph.put(
        "Slice", [graph.constant("places", places), graph.constant("zero", np.array([0], np.int64)), tokens, "zero"]
    )
    return _normalise(graph, weights, "embeddings.LayerNorm", graph.put("Add", [words, used]))


def _normalise(graph: _Graph, weights: dict[str, NDArray[Any]], prefix: str, state: str) -> str:
    scale = graph.constant(f"{prefix}.scale", weights[f"{prefix}.weight"])
    shift = graph.constant(f"{prefix}.shift", weights[f"{prefix}.bias"])
    return graph.put("LayerNormalization", [state, scale, shift], axis=-1, epsilon=EPSILON)


def _padding(graph: _Graph) -> str:
    """0 where a token stands, MASKED where there is padding: float32 [n, 1, 1, tokens]."""
    mask = graph.put("Cast", ["mask"], name="mask_f", to=1)
    absent = graph.put("Sub", [graph.constant("one_f", np.array(1.0, np.float32)), mask])
    scaled = graph.put("Mul", [absent, graph.constant("masked", np.array(MASKED, np.float32))])
    return graph.put("Unsqueeze", [scaled, graph.constant("axes", np.array([1, 2], np.int64))])


def _layer(graph: _Graph, weights: dict[str, NDArray[Any]], layer: int, state: str, padding: str) -> str:
    base = f"encoder.layer.{layer}"
    parts = [f"{base}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = graph.constant(f"{base}.qkv", np.concatenate([weights[f"{part}.weight"] for part in parts]).T)
    biases = graph.constant(f"{base}.qkv_bias", np.concatenate([weights[f"{part}.bias"] for part in parts]))
    split = graph.constant("heads", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
    product = graph.put("Add", [graph.put("MatMul", [state, joined]), biases])
    turned = []
    for index in range(3):
        part = graph.put("Slice", [
            product,
            graph.constant(f"from{index}", np.array([index * WIDTH], np.int64)),
            graph.constant(f"to{index}", np.array([(index + 1) * WIDTH], np.int64)),
            graph.constant("last", np.array([2], np.int64)),
        ])  # fmt: skip
        order = [0, 2, 3, 1] if index == 1 else [0, 2, 1, 3]
        turned.append(graph.put("Transpose", [graph.put("Reshape", [part, split])], perm=order))
    query, key, value = turned
    scale = graph.constant("scale", np.array(1 / math.sqrt(WIDTH // HEADS), np.float32))
    scores = graph.put("Add", [graph.put("Mul", [graph.put("MatMul", [query, key]), scale]), padding])
    mixed = graph.put("MatMul", [graph.put("Softmax", [scores], axis=-1), value])
    whole = graph.constant("whole", np.array([0, 0, WIDTH], np.int64))
    heads = graph.put("Reshape", [graph.put("Transpose", [mixed], perm=[0, 2, 1, 3]), whole])
    attended = _dense(graph, weights, f"{base}.attention.output.dense", heads)
    state = _normalise(graph, weights, f"{base}.attention.output.LayerNorm", graph.put("Add", [attended, state]))
    inner = graph.constant(f"{base}.inner", weights[f"{base}.intermediate.dense.weight"].T)
    bias = graph.constant(f"{base}.inner_bias", weights[f"{base}.intermediate.dense.bias"])
    raised = graph.put("BiasGelu", [graph.put("MatMul", [state, inner]), bias], domain="com.microsoft")
    lowered = _dense(graph, weights, f"{base}.output.dense", raised)
    return _normalise(graph, weights, f"{base}.output.LayerNorm", graph.put("Add", [lowered, state]))


def _dense(graph: _Graph, weights: dict[str, NDArray[Any]], prefix: str, state: str) -> str:
    matrix = graph.constant(f"{prefix}.matrix", weights[f"{prefix}.weight"].T)
    bias = graph.constant(f"{prefix}.offset", weights[f"{prefix}.bias"])
    return graph.put("Add", [graph.put("MatMul", [state, matrix]), bias])


def _mean_of_unit_length(graph: _Graph, state: str) -> None:
    weight = graph.put("Unsqueeze", ["mask_f", graph.constant("axis2", np.array([2], np.int64))])
    along = graph.constant("axis1", np.array([1], np.int64))
    total = graph.put("ReduceSum", [graph.put("Mul", [state, weight]), along], keepdims=0)
    # the mean's divisor cancels out when the row is brought to length 1
    graph.put("LpNormalization", [total], name="vectors", axis=1, p=2)
