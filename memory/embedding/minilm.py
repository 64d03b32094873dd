"""all-MiniLM-L6-v2 by onnxruntime: the semantic default. English; it reads few words of other languages.

onnxruntime was chosen over numpy by the speeds known when it was written (7.7 against 17 ms for a sentence), and it
comes with chromadb anyway. The graph is written once from the package's weights (`minilm_graph`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from memory.embedding.embedder import EmbedderKind, Vectors
from memory.errors import EmbedderNotSetUp, ExtraMissing, WeightsRefused

DIM = 384
MAX_PIECES = 256  # the package's sentence_bert_config.json; its tokenizer.json says 128, which is wrong
READ_CHARS = 4_000
"""256 word pieces are at most about this many letters of running text; the rest would be cut off anyway."""
BATCH = 32
PIECES_IN_A_BATCH = 2_048  # bounds the memory of one run: about 30 MB of intermediate results
THREADS = 2


class MiniLmEmbedder:
    """The encoder in one onnxruntime session. About 90 MB with its weights; loading takes half a second."""

    kind: EmbedderKind = "semantic"
    dim = DIM

    def __init__(self, graph: Path, tokenizer: Path, *, name: str) -> None:
        """Loads both files.

        Raises:
            EmbedderNotSetUp: a file is missing.
            WeightsRefused: a file is not readable as what it should be.
            ExtraMissing: onnxruntime or tokenizers are not installed.
        """
        for file in (graph, tokenizer):
            if not file.is_file():
                raise EmbedderNotSetUp(f"the semantic encoder's file {file} is missing")
        self._name = name
        self._tokens = _tokenizer(tokenizer)
        self._session = _session(graph)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), DIM), np.float32)
        readable = [_readable(text) for text in texts]
        pieces = [encoded.ids for encoded in self._tokens.encode_batch(readable)] if readable else []
        order = sorted((at for at, text in enumerate(readable) if text), key=lambda at: len(pieces[at]))
        for batch in _batches(order, pieces):
            width = max(len(pieces[at]) for at in batch)
            ids = np.zeros((len(batch), width), np.int32)
            mask = np.zeros((len(batch), width), np.int32)
            for row, at in enumerate(batch):
                ids[row, : len(pieces[at])] = pieces[at]
                mask[row, : len(pieces[at])] = 1
            with self._lock:
                rows[batch] = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return rows


def _readable(text: str) -> str:
    """The head of a text without what the tokenizer cannot take (lone surrogates)."""
    return text[:READ_CHARS].encode("utf-8", "ignore").decode("utf-8").strip()


def _batches(order: list[int], pieces: list[list[int]]) -> list[list[int]]:
    batches: list[list[int]] = []
    for at in order:  # by length, shortest first: the newest is the widest
        if batches and len(batches[-1]) < BATCH and (len(batches[-1]) + 1) * len(pieces[at]) <= PIECES_IN_A_BATCH:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches


def _tokenizer(file: Path) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ExtraMissing("tokenizers", "memory") from error
    try:
        read = Tokenizer.from_file(str(file))
    except Exception as error:
        raise WeightsRefused(f"{file} is no tokenizer ({error})") from error
    read.no_padding()
    read.enable_truncation(MAX_PIECES)
    return read


def _session(graph: Path) -> Any:
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise ExtraMissing("onnxruntime", "memory") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads use no processor
    try:
        return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise WeightsRefused(f"{graph} is no graph onnxruntime can run ({error})") from error
