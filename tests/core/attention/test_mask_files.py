"""Masks from files: arrays, pictures, patterns as JSON, and MInference's heads."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from zoetrope.core.attention import PatternError, from_json, pattern
from zoetrope.core.attention.lab import LAB
from zoetrope.core.attention.lab_build import build
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.minference import read_configuration
from zoetrope.core.attention.vertical_slash import vertical_slash
from zoetrope.core.device import Context
from zoetrope.core.lab import final_frame
from zoetrope.core.parameters import ParameterError

MASK = np.random.default_rng(0).random((40, 40)) < 0.3
HEADS = [
    {"0": ["vertical_and_slash", 40, 120, 0.98], "1": ["stream_llm", 8, 16, 1]},
    {"0": ["block_sparse", 100, 100, 1], "1": ["vertical_and_slash", 1, 1, 0.5]},
    {},
]


def built(path: Path, **values: Any) -> Any:
    parameters = AttentionParameters().change(mask_file=str(path), **values)
    assert parameters.pattern == "file"
    return build(parameters)


def saved(path: Path, picture: Any, mode: str | None = None) -> Path:
    made = Image.fromarray(picture)
    (made.convert(mode) if mode else made).save(path)
    return path


@pytest.mark.parametrize("kind", ["npy", "npz", "grey", "one bit", "16 bits", "colours", "clear"])
def test_every_kind_of_file_holds_the_same_mask(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    grey = np.where(MASK, 100, 160).astype(np.uint8)
    if kind == "npy":
        path = tmp_path / "mask.npy"
        np.save(path, MASK.astype(np.int32))
    elif kind == "npz":
        path = tmp_path / "mask.npz"
        np.savez(path, other=np.zeros(3), mask=MASK)
    elif kind == "grey":
        saved(path, grey)
    elif kind == "one bit":
        saved(path, np.where(MASK, 0, 255).astype(np.uint8), "1")
    elif kind == "16 bits":
        saved(path, np.where(MASK, 32_767, 32_768).astype(np.uint16))
    elif kind == "colours":
        blue = np.where(MASK[..., None], (0, 0, 200), (255, 240, 200))
        saved(path, blue.astype(np.uint8))
    else:  # black everywhere, and seen only where it is not clear
        alpha = np.where(MASK, 255, 0)
        saved(path, np.stack([alpha * 0] * 3 + [alpha], axis=2).astype(np.uint8))
    found, said = built(path)
    assert (found.dense() == MASK).all()
    assert len(said) == (path.suffix == ".png")


def test_an_exported_pattern_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "strided.pattern.json"
    path.write_text(pattern("strided", 64, stride=8).to_json())
    found, said = built(path)
    assert (found.dense() == pattern("strided", 64, stride=8).dense()).all()
    assert said == []


def test_the_heads_of_minference(tmp_path: Path) -> None:
    """A-shape as its kernel has it; columns and diagonals as many as the file says, some forced."""
    path = tmp_path / "heads.json"
    path.write_text(json.dumps(HEADS))
    found, (said,) = built(path, n=256, file_head=1)
    q, k = np.arange(256)[:, None], np.arange(256)
    assert (found.dense() == ((q >= k) & ((k < 8) | (q - k <= 16)))).all()
    found, (said,) = built(path, n=256, seed=3)
    assert "40 columns and 120 diagonals" in said.text
    dense = found.dense()
    last = dense[-1]
    assert dense[:, :30][q[:, 0] >= 30].all()
    assert dense[(q >= k) & (q - k < 100)].all()
    assert found.count == dense.sum()
    assert not dense[q < k].any()
    assert last.sum() <= 160
    assert (from_json(found.to_json()).dense() == dense).all()
    least, _ = built(path, n=256, file_layer=1, file_head=1)
    q_k = (q >= k) & ((k < 30) | (q - k < 50))
    assert (least.dense() == q_k).all()


@pytest.mark.parametrize(("vertical", "slash", "n"), [(0, 0, 4), (30, 50, 509), (500, 9000, 1000)])
def test_columns_and_diagonals_are_counted(vertical: int, slash: int, n: int) -> None:
    found = vertical_slash(n, vertical, slash, seed=5)
    dense = found.dense()
    assert found.count == dense.sum()
    diagonals = [bool(np.diagonal(dense, -d).all()) for d in range(n)]
    columns = [bool(dense[k:, k].all()) for k in range(n)]
    assert sum(diagonals) >= min(max(slash, 50), n)
    assert sum(columns) >= min(max(vertical, 30), n)


@pytest.mark.parametrize(
    ("values", "control", "sentence"),
    [
        ({"file_layer": 3}, "file_layer", "layers 0 to 2"),
        ({"file_layer": 2}, "file_head", "has no heads"),
        ({"file_head": 2}, "file_head", "heads 0 to 1"),
        ({"file_layer": 1}, "mask_file", "chooses its blocks"),
        ({"n": 1 << 24}, "n", "choose a smaller n"),
    ],
)
def test_heads_that_are_not_there(
    values: dict[str, Any], control: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "heads.json"
    path.write_text(json.dumps(HEADS))
    with pytest.raises(ParameterError, match=sentence) as caught:
        built(path, **values)
    assert caught.value.parameter == control


@pytest.mark.parametrize(
    "text", ["[]", "[1]", '[{"a": ["stream_llm", 1, 2]}]', '[{"0": ["other", 1, 2]}]', "[[]]",
             '[{"0": ["stream_llm", -1, 2]}]', '[{"0": ["stream_llm", 1.5, 2]}]', "[" * 10**5,
             '[{"0": ["stream_llm"]}]', '[{"0": [[], 1, 2]}]', "nothing"],
)  # fmt: skip
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(PatternError, match="no configuration of MInference"):
        read_configuration(text)


@pytest.mark.parametrize("kind", ["text", "cut", "wide", "large", "rows", "numbers", "pickle"])
def test_what_cannot_be_read_gets_one_sentence(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    saved(path, np.where(MASK, 0, 255).astype(np.uint8))
    if kind == "text":
        path.write_text("not a picture")
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:60])
    elif kind == "wide":
        saved(path, np.zeros((40, 50), dtype=np.uint8))
    elif kind == "large":
        Image.new("1", (20_000, 20_000)).save(path)
    else:
        path = tmp_path / "mask.npy"
        arrays = {"rows": np.zeros(5), "numbers": np.full((5, 5), 0.5), "pickle": np.array([{}])}
        np.save(path, arrays[kind], allow_pickle=True)
    with pytest.raises(ParameterError) as caught:
        built(path)
    assert caught.value.parameter == "mask_file"
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_picture_of_the_largest_size_is_drawn(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = saved(tmp_path / "mask.png", (255 * (rng.random((1024, 1024)) < 0.5)).astype(np.uint8))
    parameters = AttentionParameters().change(mask_file=str(path))
    frame = final_frame(LAB, parameters, Context())
    assert next(r.value for r in frame.readouts if r.key == "nnz") == build(parameters)[0].count
