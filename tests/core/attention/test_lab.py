"""The attention lab: its numbers, what it says, what a touch does, and what it refuses."""

import io
import json
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from zoetrope.core.attention import catalogue, from_json, pattern
from zoetrope.core.attention.lab import LAB
from zoetrope.core.attention.lab_build import build
from zoetrope.core.attention.lab_choices import CONTROLS, READS
from zoetrope.core.attention.lab_exports import latex_row
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_patterns import arguments_of
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.device import Context
from zoetrope.core.items import HeatMap
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.parameters import ParameterError


def frame_of(**values: Any) -> Frame:
    return final_frame(LAB, AttentionParameters().change(**values), Context())


def readout(frame: Frame, key: str) -> Any:
    return next(r.value for r in frame.readouts if r.key == key)


def words(frame: Frame) -> str:
    return " ".join(notice.text for notice in frame.notices)


def heat(frame: Frame) -> HeatMap:
    found = [i for i in frame.figure.panel("matrix").items if i.key == "mask"]
    assert isinstance(found[0], HeatMap)
    return found[0]


def test_every_argument_of_every_pattern_has_a_control() -> None:
    declared = AttentionParameters.declarations()
    for name, entry in catalogue().items():
        # a tree's prefix fills what its nodes leave
        assert set(CONTROLS[name]) == set(entry.parameters) - (
            {"prefix"} if name == "tree" else set()
        )
        assert set(CONTROLS[name].values()) <= set(declared)


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_pattern_draws_with_the_usual_controls(name: str) -> None:
    frame = frame_of(pattern=name)
    assert readout(frame, "nnz") > 0
    assert heat(frame).z.size


def test_the_numbers_are_the_catalogues() -> None:
    """The counts of the design page's table, n = 64."""
    for values, nnz in (
        ({"pattern": "strided", "stride": 8}, 708),
        ({"pattern": "sliding", "window": 8}, 484),
        ({"pattern": "local", "window": 4}, 556),
        ({"pattern": "fixed", "stride": 8}, 512),
        ({"pattern": "sinks", "sinks": 4, "window": 8}, 702),
        ({"pattern": "longformer", "window": 4}, 674),
        ({"pattern": "natten2d", "height": 8, "width": 8, "kernel_height": 3,
          "kernel_width": 3}, 576),
        ({"pattern": "axial", "height": 8, "width": 8}, 960),
        ({"pattern": "typed", "stride": 8}, 708),
    ):  # fmt: skip
        assert readout(frame_of(n=64, **values), "nnz") == nnz, values


def test_a_visible_pixel_is_the_share_of_its_pairs() -> None:
    """Shown is log2 of the mean of the dense mask, for any part of it."""
    values = {"pattern": "sparse", "stride": 8, "n": 256, "pixels": 64}
    mask = pattern("sparse", 256, rate=8).dense()
    whole = heat(frame_of(**values))
    assert whole.extent == (0, 256, 0, 256)
    means = mask.reshape(64, 4, 64, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(np.exp2(whole.z[means > 0]), means[means > 0])
    assert (whole.z[means == 0] == -24).all()
    part = heat(frame_of(row_low=0.25, row_high=0.5, column_low=0.5, column_high=0.75, **values))
    assert part.extent == (128, 192, 64, 128)
    assert ((part.z == 0) == mask[64:128, 128:192]).all()


def test_a_million_tokens_are_counted_exactly() -> None:
    assert readout(frame_of(n=1 << 20, stride=1024), "nnz") == 1_609_564_672


def test_the_row_is_told_in_words_and_by_distance() -> None:
    frame = frame_of(query=700, stride=32, n=1024)
    keys = np.flatnonzero(pattern("strided", 1024, stride=32).mask(700, np.arange(1024)))
    assert readout(frame, "row_keys") == "28, 60 … 668; 669–700"
    curve = next(i for i in frame.figure.panel("row").items if i.key == "back")
    expected = [np.sum(700 - keys < distance) for distance in curve.x]
    assert curve.y.tolist() == expected


@pytest.mark.parametrize(
    ("written_as", "number", "own"),
    [("own", 8, 8), ("flash", 7, 8), ("zoetrope", 8, 8)],
)
def test_a_window_is_read_as_it_is_written(written_as: str, number: int, own: int) -> None:
    frame = frame_of(pattern="sliding", n=64, window=number, written_as=written_as)
    assert readout(frame, "nnz") == pattern("sliding", 64, window=own).nnz()
    assert "0 ≤ q − k ≤ 7" in readout(frame, "window")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pattern": "local"}, "−8 ≤ q − k ≤ 8: 17 keys"),
        ({"pattern": "local", "causal": True}, "0 ≤ q − k ≤ 8: 9 keys"),
        ({"pattern": "local", "dilation": 3}, "−8 ≤ (q − k) / 3 ≤ 8: 17 keys"),
        ({"pattern": "natten1d"}, "−3 ≤ q − k ≤ 4: 8 keys"),
        ({"pattern": "natten1d", "causal": True}, "0 ≤ q − k ≤ 7: 8 keys"),
        ({"pattern": "local", "causal": True, "written_as": "zoetrope"}, "0 ≤ q − k ≤ 7: 8 keys"),
        ({"pattern": "sliding", "causal": True}, "0 ≤ q − k ≤ 7: 8 keys"),
    ],
)
def test_the_distances_told_are_those_of_an_inner_query(values: dict[str, Any], said: str) -> None:
    frame = frame_of(n=128, window=8, query=64, **values)
    assert readout(frame, "window") == said
    keys = np.flatnonzero(frame_mask(n=128, window=8, **values)[64])
    step = values.get("dilation", 1)
    low, high = (64 - keys.max()) // step, (64 - keys.min()) // step
    assert said == f"{low} ≤".replace("-", "−") + said[said.index(" ≤") + 2 :]
    assert f"≤ {high}: {len(keys)} keys" in said


def frame_mask(**values: Any) -> np.ndarray:
    made, _ = build(AttentionParameters().change(**values))
    return made.dense()


def test_a_grid_can_be_reordered_whatever_n_says() -> None:
    frame = frame_of(pattern="axial", n=1 << 20, order="tile", height=16, width=16)
    assert readout(frame, "nnz") == 256 * 31


def test_a_small_share_is_written_as_latex_writes_it() -> None:
    parameters = AttentionParameters().change(pattern="sliding", window=64, n=1 << 24)
    row = latex_row(Study(parameters), parameters)
    assert row == ""  # not counted yet
    study = Study(parameters)
    study.count().run()
    row = latex_row(study, parameters)
    assert r"$3.81\times10^{-4}$ \%" in row  # 64 of 2^24
    assert row.isascii()


def test_a_convention_that_cannot_say_it_is_refused_at_its_control() -> None:
    with pytest.raises(ParameterError, match="means the distances") as caught:
        frame_of(pattern="sliding", window=8, written_as="each_side")
    assert caught.value.parameter == "written_as"
    assert set(READS) <= set(CONTROLS)


@pytest.mark.parametrize(
    ("values", "control", "sentence"),
    [
        ({"pattern": "longformer", "globals": "0, 5000"}, "globals", "5000 is not"),
        ({"pattern": "longformer", "globals": "0, 5000, 9-3"}, "globals", "5000, 9-3 are not"),
        ({"pattern": "typed", "rule": "x < 3"}, "rule", "it may use stride, window, block"),
        ({"pattern": "longformer", "globals": "0, x"}, "globals", "'x' is no token"),
        ({"pattern": "document", "lengths": "5, 0, 7"}, "lengths", "Document 2 has 0 tokens"),
        ({"pattern": "document", "lengths": "5, a"}, "lengths", "Entry 2 of document lengths"),
        ({"pattern": "typed", "rule": "q + k"}, "rule", "Column"),
        ({"pattern": "typed", "rule": "__import__('os')"}, "rule", "Column"),
        ({"pattern": "natten1d", "window": 512, "dilation": 4}, None, "."),
        ({"pattern": "file", "mask_file": "/no/such.npy"}, "mask_file", "no file"),
        ({"pattern": "composed", "formula": "A | B"}, "formula", "Nothing is saved as A"),
        ({"pattern": "composed", "formula": "print(1)"}, "formula", "no functions"),
        ({"against": "A"}, "against", "Nothing is saved as A"),
        ({"saved": "{"  , "against": "A"}, "saved", "cannot be read"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_at_its_control(
    values: dict[str, Any], control: str | None, sentence: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        frame_of(**values)
    assert sentence in str(caught.value)
    if control:
        assert caught.value.parameter == control


def test_what_does_not_fit_is_made_to_fit_and_said() -> None:
    assert "cannot exceed the tokens" in words(frame_of(n=16, stride=64))
    assert "last block has 24 tokens" in words(frame_of(pattern="block", block=100))
    assert "last block" not in words(frame_of(pattern="block", block=64))
    assert "Tokens count as 1,024 here: height times width." in words(
        frame_of(n=64, pattern="axial")
    )
    parameters = AttentionParameters().change(pattern="fixed", stride=8, summary=20)
    assert arguments_of(parameters).arguments == {"stride": 8, "c": 8}


@pytest.mark.parametrize("name", list(catalogue()))
def test_a_control_without_effect_says_so_and_changes_nothing(name: str) -> None:
    parameters = AttentionParameters().change(pattern=name, n=64, height=8, width=8)
    frame = next(LAB.run(parameters, Context()))
    assert frame.unfolded[0] == "pattern"
    assert not set(frame.unfolded) & set(frame.idle)
    values = {control: getattr(parameters, control) for control in frame.idle}
    changed = {control: value + 1 for control, value in values.items() if type(value) is int}
    assert changed  # no pattern has all controls
    assert build(parameters)[0].spec == build(parameters.change(**changed))[0].spec


def test_the_stride_of_least_work_is_marked() -> None:
    """√(n/2), the minimum of the pairs of strided (design page: 12.5 % at n = 512)."""
    frame = next(LAB.run(AttentionParameters().change(n=512), Context()))
    (mark,) = frame.marks["stride"]
    counts = {stride: pattern("strided", 512, stride=stride).nnz() for stride in range(8, 33)}
    assert counts[int(mark.value)] <= 1.001 * min(counts.values())


def test_queries_that_see_nothing_are_counted() -> None:
    frame = frame_of(pattern="dilated_blocks", n=64, block=16, stride=4)
    assert "48 queries see no key" in words(frame)


def test_a_saved_pattern_can_be_compared_and_combined() -> None:
    first = frame_of(n=64, pattern="sliding", window=8)
    saved = next(a for a in first.actions if a.key == "save")
    assert saved.label == "Save as A"
    both = {"n": 64, "stride": 8, **saved.change}
    second = frame_of(**both)
    saved = next(a for a in second.actions if a.key == "save")
    assert saved.label == "Save as B"
    text = saved.change["saved"]
    union = frame_of(n=64, pattern="composed", formula="A | B", saved=text)
    assert readout(union, "nnz") == 708  # the window is a part of strided
    rest = frame_of(n=64, pattern="composed", formula="B & ~A", saved=text)
    assert readout(rest, "nnz") == 708 - 484
    difference = heat(frame_of(**both, against="A"))
    only = pattern("strided", 64, stride=8).dense() & ~pattern("sliding", 64, window=8).dense()
    assert ((difference.z == 1) == only).all()


@pytest.mark.parametrize("name", ["strided", "sinks", "longformer", "natten2d", "document"])
def test_long_patterns_are_written_as_stretches(name: str) -> None:
    changes = {"height": 73, "width": 73} if name == "natten2d" else {"n": 5000}
    changes |= {"lengths": "3000, 2000"} if name == "document" else {}
    frame = frame_of(pattern=name, query=4100, **changes)
    table = frame.tables
    if name == "longformer":  # its rows overlap: no plain stretches
        assert table["keys_of_query"].sum() == readout(frame, "nnz")
        return
    assert table["query"].dtype == np.int32
    assert (np.diff(table["query"]) >= 0).all()
    lengths = -(-(table["stop"] - table["start"]) // table["step"])
    assert lengths.sum() == readout(frame, "nnz")
    mine = table["query"] == 4100
    keys = np.concatenate([
        np.arange(*ends)
        for ends in zip(table["start"][mine], table["stop"][mine], table["step"][mine], strict=True)
    ])  # fmt: skip
    said = next(r.value for r in frame.readouts if r.key == "pair")
    assert len(np.unique(keys)) == len(keys) == int(lengths[mine].sum())
    assert (400 in keys) == (said == "seen")


def test_what_is_copied_out_reads_back() -> None:
    frame = frame_of(n=64, stride=8, hardware_block="16")
    copies = {action.key: action.copy for action in frame.actions if action.copy}
    assert "def mask_mod" in copies["flex"]
    compile(copies["flex"], "flex.py", "exec")
    dense = pattern("strided", 64, stride=8).dense()
    tables = frame.tables
    csr = np.zeros((64, 64), dtype=bool)
    for q in range(64):
        csr[q, tables["key"][tables["indptr"][q] : tables["indptr"][q + 1]]] = True
    assert (csr == dense).all()
    assert tables["block_layout"].tolist() == [[[1]]]
    files = {ending: file.content for ending, file in frame.files.items()}
    assert files["py"] == copies["flex"]
    assert (from_json(files["pattern.json"]).dense() == dense).all()
    drawn = np.loadtxt(io.StringIO(files["blocks.csv"]), delimiter=",", dtype=int)
    assert (drawn == pattern("strided", 64, stride=8).block_layout(16)).all()
    assert files["tex"].startswith("Strided (stride 8) & 64 & 708 & ")
    arrays = files["csr.npz"]
    parts = (arrays["data"], arrays["indices"], arrays["indptr"])
    assert (scipy.sparse.csr_array(parts, shape=arrays["shape"]).toarray() == dense).all()
    spec = json.loads(
        from_json(json.dumps(from_json(pattern("strided", 64, stride=8).to_json()).spec)).to_json()
    )
    assert spec["name"] == "strided"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (1.0, "100 %"), (1.108, "111 %"), (0.99999, "almost 100 %"), (0.5, "50 %"),
     (0.0457, "4.6 %"), (1e-9, "1×10⁻⁷ %")],
)  # fmt: skip
def test_shares_in_words(share: float, words: str) -> None:
    assert share_words(share) == words
