"""The layers page: heads with patterns of their own, layers that take turns."""

import io
from typing import Any

import numpy as np
import pytest

from zoetrope.core.attention import pattern
from zoetrope.core.attention.lab import LAB
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_schedule import names_of
from zoetrope.core.device import Context
from zoetrope.core.items import HeatMap
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.parameters import ParameterError

SAVED = (
    '{"A":{"pattern":"strided_local","stride":8},"B":{"pattern":"strided_col","stride":8},'
    '"C":{"pattern":"sliding","window":4}}'
)
A, B = pattern("strided_local", 64, stride=8), pattern("strided_col", 64, stride=8)
C = pattern("sliding", 64, window=4)


def frame_of(**values: Any) -> Frame:
    given = {"page": "layers", "n": 64, "stride": 8, "saved": SAVED, **values}
    return final_frame(LAB, AttentionParameters().change(**given), Context())


def readout(frame: Frame, key: str) -> Any:
    return next(r.value for r in frame.readouts if r.key == key)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("A", [("A",)]),
        (" A,B ; C,", [("A",), ("B",), ("C",)]),
        ("A + B, C", [("A", "B"), ("C",)]),
        ("A+A + B", [("A", "A", "B")]),
        ("A B", [("A", "B")]),
    ],
)
def test_a_list_of_heads_and_layers(text: str, names: list[tuple[str, ...]]) -> None:
    assert names_of(text) == names


@pytest.mark.parametrize("text", ["A, +", "A" + ", A" * 128, " + ".join("A" * 17)])
def test_a_list_that_is_none_is_refused_at_its_control(text: str) -> None:
    with pytest.raises(ParameterError, match="Write up to 128 layers") as caught:
        frame_of(cycle=text)
    assert caught.value.parameter == "cycle"


def test_the_heads_of_a_layer_are_counted_and_drawn() -> None:
    """Strided's two heads: 484 and 288 pairs, together 708 (design page)."""
    frame = frame_of(cycle="A + B")
    assert readout(frame, "pairs") == 484 + 288
    assert readout(frame, "union") == 708
    assert readout(frame, "times") == pytest.approx(772 / 708)
    drawn = frame.figure.panel("union").items[0]
    assert isinstance(drawn, HeatMap)
    assert (drawn.z == A.dense().astype(int) + B.dense()).all()
    assert frame.tables["share_of_full"].tolist() == [484 / 64**2, 288 / 64**2]
    layout = frame.files["blocks.npz"].content
    assert not isinstance(layout, (str, bytes))
    assert layout["layout"].tolist() == [[[1]], [[1]]]


def test_a_head_that_is_there_twice_counts_twice() -> None:
    frame = frame_of(cycle="A + A + C")
    assert readout(frame, "pairs") == 2 * A.nnz() + C.nnz()
    assert readout(frame, "union") == A.nnz()


def test_layers_take_turns() -> None:
    frames = [frame_of(cycle="A + B, C", layer=layer) for layer in (1, 2, 3)]
    assert [readout(frame, "union") for frame in frames] == [708, C.nnz(), 708]
    listed = frames[0].figure.panel("list")
    assert listed.pick_x is not None
    assert listed.pick_x.value(1.0) == 2  # a click on the second column
    pictures = listed.items[0]
    assert isinstance(pictures, HeatMap)
    side = pictures.z.shape[0] // 2
    assert np.isfinite(pictures.z[:side, :side]).any()  # head 0 of the first layer
    assert np.isfinite(pictures.z[side:, :side]).any()
    assert not np.isfinite(pictures.z[side:, side:]).any()  # the second layer has one head
    reach = frame_of(cycle="A + B, C", page="reach", layers=2, query=63)
    both = (A | B).dense() | np.eye(64, dtype=bool)  # the layer at the input comes first
    seen = (C.dense()[63] | (np.arange(64) == 63)) @ both
    assert readout(reach, "reached") == int((seen > 0).sum())


def test_the_exported_module_gives_each_head_its_pattern() -> None:
    import torch

    frame = frame_of(cycle="A + B + C")
    code = frame.files["py"].content
    assert isinstance(code, str)
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "heads.py", "exec"), names)
    q, k = torch.arange(64)[:, None], torch.arange(64)
    for head, one in enumerate((A, B, C)):
        found = names["mask_mod"](torch.tensor(0), torch.tensor(head), q, k)
        assert (found.expand(64, 64).numpy() == one.dense()).all()


def test_without_a_list_every_layer_is_this_pattern() -> None:
    frame = frame_of(cycle="")
    assert readout(frame, "union") == 708
    assert any("A + B" in notice.text for notice in frame.notices)
    table = io.StringIO()
    np.savetxt(table, frame.tables["share_of_full"])
    assert float(table.getvalue()) == 708 / 64**2


@pytest.mark.parametrize("cycle", ["A + B", "A, B, C"])
def test_the_mean_of_a_ragged_picture_is_exact(cycle: str) -> None:
    """300 tokens in 256 pixels: pixels of one and of two tokens."""
    frame = frame_of(cycle=cycle, n=300)
    a, b = pattern("strided_local", 300, stride=8), pattern("strided_col", 300, stride=8)
    wanted = (a | b).nnz() if "+" in cycle else a.nnz()
    assert readout(frame, "union") == wanted


@pytest.mark.parametrize("page", ["reach", "graph", "layers"])
def test_the_list_of_layers_stands_in_the_form(page: str) -> None:
    assert "cycle" in frame_of(page=page).unfolded
