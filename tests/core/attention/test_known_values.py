"""Values computed elsewhere: hashes, counts, depths and caches of the design, and of the papers."""

import hashlib

import numpy as np
import pytest

from zoetrope.core import attention
from zoetrope.core.attention import pattern

MILLION = 1 << 20

# name, parameters, nnz, sha256 of the packed mask, depth, keys kept at step 40; all at n = 64
AT_64 = [
    ("causal", {}, 2080, "f1b4b36790fc1a2d", 1, 41),
    ("local", {"w": 4}, 556, "a87c5510cc50090d", 16, None),
    ("sliding", {"window": 8}, 484, "9905172fbaa0d0f0", 9, 8),
    ("atrous", {"rate": 8}, 512, "d4d8f8710719dd7c", None, None),
    ("strided", {"stride": 8}, 708, "7ead2272789b6956", 2, 41),
    ("fixed", {"stride": 8, "c": 1}, 512, "8e0b4aedcd27cd68", 2, 6),
    ("sinks", {"sinks": 4, "window": 8}, 702, "14d51008ba267299", None, 12),
    ("block", {"size": 8}, 512, "b4c984b60487d083", None, None),
    ("longformer", {"w": 4, "globals": [0]}, 674, "d31149bbb3e13c01", 2, None),
    ("natten2d", {"height": 8, "width": 8, "kh": 3, "kw": 3}, 576, "f2af3c811fe55ca8", 6, None),
    ("axial", {"height": 8, "width": 8}, 960, "7adc331877e42db0", 2, None),
]


@pytest.mark.parametrize(("name", "parameters", "nnz", "sha", "depth", "cache"), AT_64)
def test_the_mask_its_count_depth_and_cache_at_64(name, parameters, nnz, sha, depth, cache):
    p = pattern(name, 64, **parameters)
    packed = np.packbits(p.dense(), axis=None)
    assert hashlib.sha256(packed).hexdigest()[:16] == sha
    assert p.nnz() == nnz
    assert int(p.row_counts().sum()) == nnz
    if name != "sinks":  # the design says "as sliding's", checked below
        assert p.depth() == depth
    if cache is not None:
        assert p.kv_cache(40) == cache


def test_causal_sparse_is_strided():
    sparse = pattern("sparse", 64, rate=8, causal=True).dense()
    assert np.array_equal(sparse, pattern("strided", 64, stride=8).dense())


def test_depths_of_the_other_patterns():
    assert pattern("natten1d", 64, window=9).depth() == 15
    assert pattern("local", 64, w=4, dilation=2).depth() is None
    assert (
        pattern("sinks", 64, sinks=4, window=8).depth() == pattern("sliding", 64, window=8).depth()
    )
    for n, depth in ((64, 6), (256, 8), (1024, 10)):
        assert pattern("logsparse", n).depth() == depth
    assert pattern("logsparse", 64).kv_cache(40) == 33


def test_depths_of_schedules():
    local, summary = pattern("fixed_local", 64, stride=8), pattern("fixed_summary", 64, stride=8)
    assert attention.depth([local, summary]) == 2
    assert attention.depth([summary, local]) == 3
    window, column = pattern("strided_local", 64, stride=8), pattern("strided_col", 64, stride=8)
    assert (window.nnz(), column.nnz()) == (484, 288)
    assert attention.depth([window, column]) == 2
    for side, depth in ((8, 3), (16, 7)):
        shifted = [
            pattern("swin", side * side, height=side, width=side, m=4, shift=s) for s in (0, 2)
        ]
        assert attention.depth(shifted) == depth
        assert shifted[0].depth() is None
    butterflies = [pattern("butterfly", 64, level=level) for level in range(6)]
    assert attention.depth(butterflies) == 6
    dilated = [pattern("local", 64, w=2, dilation=r) for r in (1, 2, 4, 8)]
    assert attention.depth(dilated) == 10
    assert pattern("local", 64, w=2).depth() == 32


@pytest.mark.parametrize(
    ("name", "parameters", "nnz"),
    [
        ("strided", {"stride": 1024}, 1_609_564_672),
        ("sliding", {"window": 4096}, 4_286_580_736),
        ("fixed", {"stride": 1024, "c": 32}, 17_700_487_168),
        ("natten2d", {"height": 1024, "width": 1024, "kh": 7, "kw": 7}, 51_380_224),
    ],
)
def test_the_exact_tile_of_a_million_tokens_adds_up(name, parameters, nnz):
    p = pattern(name, MILLION, **parameters)
    tile = p.tile(0, MILLION, 0, MILLION, 1024, 1024, exact=True)
    assert tile.exact
    assert tile.density.sum(dtype=np.float64) * MILLION == nnz == p.nnz()


def test_reach_at_a_million_tokens():
    last = MILLION - 1
    assert pattern("sliding", MILLION, window=4096).reach(last, 3) == [4096, 8191, 12286]
    assert pattern("fixed", MILLION, stride=1024, c=32).reach(last, 2) == [33_760, MILLION]
    grid = pattern("natten2d", MILLION, height=1024, width=1024)
    assert grid.reach(last, 4) == [49, 100, 169, 256]
    assert grid.reach(512 * 1024 + 512, 4) == [49, 169, 361, 625]


def test_influence_of_a_deep_window_fades_as_the_design_measured():
    p = pattern("sliding", MILLION, window=1024)
    for alpha, within in ((0.0, 20_243), (0.5, 12_732)):
        shares = p.influence(MILLION - 1, 32, alpha)
        assert shares.sum() == pytest.approx(1, abs=1e-9)
        assert attention.band(shares, MILLION - 1, 0.99) == pytest.approx(within, rel=2e-3)


def test_the_horizon_of_stacked_windows_moves_with_depth():
    n = 8192
    p = pattern("sliding", n, window=256)
    for layers, beyond in ((8, 0.009), (32, 0.16), (100, 0.77)):
        shares = p.influence(n - 1, layers, 0.95)
        far = shares[: n - 1 - 384].sum()
        assert far == pytest.approx(beyond, abs=0.012)
