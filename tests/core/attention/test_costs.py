"""Costs, wasted blocks, caches, score modifications, window conventions and stored patterns."""

import itertools

import numpy as np
import pytest

from tests.core.attention.cases import NAMES, drawn
from zoetrope.core.attention import (
    CONVENTIONS,
    FORMULAS,
    Heads,
    PatternError,
    alibi,
    alibi_slopes,
    band,
    block_cost,
    cost,
    curve,
    depth,
    distances,
    effective_window,
    explained,
    expr,
    from_json,
    imported,
    keys_seen,
    layers,
    layout,
    path,
    pattern,
    reach,
    reordered,
    soft_cap,
    translate,
)


def test_the_formulas_of_the_cost():
    p = pattern("sliding", 1024, window=128)
    nnz = 1024 * 128 - 128 * 127 // 2
    found = cost(p, d_head=32, heads=4, batch=2, dtype="fp16")
    assert found.nnz == nnz
    assert found.matmul_flops == 4 * nnz * 32 * 4 * 2
    assert found.softmax_flops == 5 * nnz * 8
    assert found.backward_flops == 2.5 * found.matmul_flops
    assert found.share_of_full == nnz / 1024**2
    assert found.share_of_causal == nnz / (1024 * 1025 / 2)
    assert found.score_bytes == 1024**2 * 2 * 8
    assert found.csr_bytes == 1025 * 8 + nnz * 4
    assert cost(pattern("causal", 1 << 20)).block_mask_bytes == 4 * 268_435_456
    named = {*vars(found)} - {"nnz", "full_flops", "causal_flops"}
    assert named | {"waste"} == set(FORMULAS)
    for bad in ({"dtype": "int8"}, {"heads": 0}, {"d_head": 0}, {"batch": -1}):
        with pytest.raises(PatternError):
            cost(p, **bad)


def test_the_waste_of_blocks_depends_on_the_order_of_tokens():
    p = pattern("atrous", 1024, rate=32)
    assert block_cost(p, 64).waste == 32
    assert block_cost(reordered(p, "residue", 32), 64).waste == 2
    merged = pattern("strided", 1024, stride=32)
    assert block_cost(merged, 64).waste == pytest.approx(11.6, abs=0.05)
    assert block_cost(reordered(merged, "residue", 32), 64).waste == pytest.approx(21.8, abs=0.05)
    ragged = block_cost(pattern("causal", 100), 32)
    assert (ragged.partial, ragged.full, ragged.total) == (4, 6, 16)
    assert ragged.computed == 10 * 32 * 32


def test_the_cache_over_all_steps_is_what_brute_force_keeps():
    for name in ("sliding", "strided", "fixed", "longformer", "logsparse", "document"):
        for seed in range(3):
            p = drawn(name, seed, most=60)
            for one in (p, p.T, p & pattern("causal", p.n)):
                mask = one.dense()
                kept = [int(mask[t:, : t + 1].any(axis=0).sum()) for t in range(p.n)]
                assert curve(one, range(p.n)) == kept
    assert curve(pattern("strided", 64, stride=8), [40, 3, 40]) == [41, 4, 41]
    with pytest.raises(PatternError):
        curve(pattern("causal", 64), [64])


def test_slopes_and_windows_of_alibi():
    # the two values printed in the ALiBi paper's text for 8 and 16 heads
    assert alibi_slopes(8)[[0, 7]].tolist() == [0.5, 2**-8]
    assert alibi_slopes(16)[0] == pytest.approx(2**-0.5)
    # twelve heads: those of eight, then every second one of sixteen (the authors' code)
    wanted = [2.0**-i for i in range(1, 9)] + [2.0 ** -(i + 0.5) for i in range(4)]
    assert alibi_slopes(12) == pytest.approx(wanted)
    windows = [effective_window(slope, 1e-3) for slope in alibi_slopes(8)]
    assert (round(windows[0], 1), round(windows[-1])) == (13.8, 1768)
    scores, distances = np.zeros(2000), np.arange(2000.0)
    weights = np.exp(alibi(scores, distances, 0.25))
    assert int(np.argmax(weights < 1e-3)) == int(np.ceil(effective_window(0.25)))
    assert soft_cap(np.array([0.1, 1e9, -1e9]), 30) == pytest.approx([0.1, 30, -30], abs=1e-5)
    for bad in (
        lambda: soft_cap(scores, 0),
        lambda: effective_window(0, 0.5),
        lambda: alibi_slopes(0),
    ):
        with pytest.raises(PatternError):
            bad()


@pytest.mark.parametrize(
    ("convention", "number", "keys"),
    [("zoetrope", 128, 128), ("flash", 128, 129), ("each_side", 128, 257),
     ("hf_longformer", 128, 129), ("total", 127, 127), ("blocks_both", 3, 3),
     ("blocks_back", 3, 2)],
)  # fmt: skip
def test_the_keys_that_a_window_means(convention, number, keys):
    assert keys_seen(convention, number) == keys
    assert f"{keys} keys" in explained(convention, number)
    assert translate(number, convention, convention) == number


def test_windows_translate_where_they_can():
    assert translate(4096, "zoetrope", "flash") == 4095
    assert translate(256, "each_side", "hf_longformer") == 512
    assert translate(256, "each_side", "total") == 513
    assert translate(3, "blocks_both", "each_side", block=16) == 16
    for target in ("each_side", "total", "blocks_both"):
        with pytest.raises(PatternError):
            translate(100, "zoetrope", target)
    for name in ("nobody", ""):
        with pytest.raises(PatternError):
            keys_seen(name, 3)
    assert len(CONVENTIONS) == 7


@pytest.mark.parametrize("window", [1, 6, 7])
def test_a_window_in_all_is_natten_s_where_it_is_even_too(window):
    # reference/mask.hpp: w // 2 keys before, w // 2 + w % 2 - 1 after
    before, after = window // 2, window // 2 + window % 2 - 1
    assert distances("total", window) == (-after, before)
    if window > 1:
        seen = 20 - np.flatnonzero(pattern("natten1d", 40, window=window).dense()[20])
        assert (seen.min(), seen.max()) == (-after, before)
    with pytest.raises(PatternError):
        distances("total", 0)


def test_a_window_of_blocks_counts_what_deepspeed_computes():
    # 64 tokens in blocks of 4: 46 blocks both ways, 31 backwards
    at = np.arange(16)
    both = layout(abs(at[:, None] - at) <= keys_seen("blocks_both", 3) // 2, 4)
    back = (at[:, None] >= at) & (at[:, None] - at < keys_seen("blocks_back", 3))
    assert (both.block_layout(4) > 0).sum() == 46
    assert back.sum() == 31


def test_heads_and_layers():
    heads = Heads((pattern("strided_local", 64, stride=8), pattern("strided_col", 64, stride=8)))
    assert heads.nnz() == 484 + 288
    assert np.array_equal(heads.merged().dense(), pattern("strided", 64, stride=8).dense())
    made = heads.block_layout(16)
    assert made.shape == (2, 4, 4)
    assert made.dtype == np.int64
    assert made[0].tolist() == (np.eye(4) + np.eye(4, k=-1)).tolist()
    assert depth(layers([heads])) == 2
    with pytest.raises(PatternError):
        Heads(())
    with pytest.raises(PatternError):
        Heads((pattern("causal", 64), pattern("causal", 65)))


@pytest.mark.parametrize("seed", range(6))
def test_a_path_is_a_shortest_chain_of_attended_tokens(seed):
    names = ("sliding", "strided", "longformer", "natten1d", "butterfly", "swin")
    p = drawn(names[seed], seed, most=60)
    mask = p.dense()
    q = p.n - 1
    for k in range(p.n):
        chain = path([p], q, k, 20)
        level = next((i for i in range(21) if k in reached(mask, q, i)), None)
        assert (chain is None) == (level is None)
        if chain is not None:
            assert (chain[0], chain[-1], len(chain) - 1) == (q, k, level)
            assert all(mask[a, b] or a == b for a, b in itertools.pairwise(chain))


def reached(mask, q, layers_):
    found = {q}
    for _ in range(layers_):
        found |= {int(k) for one in found for k in np.flatnonzero(mask[one])}
    return found


def test_reach_follows_the_schedule_from_the_output_down():
    local, summary = pattern("fixed_local", 64, stride=8), pattern("fixed_summary", 64, stride=8)
    masks = [local.dense(), summary.dense()]
    for count in (1, 2, 3, 4):
        here, sizes = {63}, []
        for layer in range(count - 1, -1, -1):
            here |= {int(k) for one in here for k in np.flatnonzero(masks[layer % 2][one])}
            sizes.append(len(here))
        assert reach([local, summary], 63, count) == sizes
    shares = pattern("sliding", 64, window=4).influence(63, 3, 0.5)
    assert shares[band(shares, 63, 1.0 - 1e-12) * -1 - 1 :].sum() == pytest.approx(1)
    for bad in ({"q": 64}, {"layers": 0}, {"layers": 129}):
        with pytest.raises(PatternError):
            reach([local], **{"q": 3, "layers": 2, **bad})
    with pytest.raises(PatternError):
        reach([], 0, 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_survives_json(name):
    p = drawn(name, 11, most=60)
    for one in (p, ~p, p.T, p & pattern("causal", p.n), p | expr("q == k + x", p.n, x=2)):
        again = from_json(one.to_json())
        assert again.to_json() == one.to_json()
        assert again.title == one.title
        assert np.array_equal(again.dense(), one.dense())


def test_drawn_imported_and_reordered_patterns_survive_json():
    generator = np.random.default_rng(2)
    for one in (
        layout(generator.random((7, 7)) < 0.5, 6, n=40), imported(generator.random((33, 33)) < 0.2),
        reordered(pattern("fixed", 48, stride=8), "morton", 8), expr("d < 3 + h", 16, head=2),
    ):  # fmt: skip
        assert np.array_equal(from_json(one.to_json()).dense(), one.dense())


@pytest.mark.parametrize(
    "text",
    ["", "[1, 2]", "{}", '{"kind": "named"}', '{"kind": "odd", "n": 8}', '{"kind": "not", "of": 3}',
     '{"kind":"imported","n":8,"bits":"AAAA"}', '{"kind":"imported","n":1e9,"bits":""}',
     '{"kind":"named","name":"causal","n":8,"parameters":{"self":1}}',
     '{"kind":"rule","text":"q >","n":8,"parameters":{}}', "[" * 100_000, "null", "3",
     '{"kind": "and", "of": []}', '{"kind": "or", "of": [{}, {}, {}]}'],
)  # fmt: skip
def test_json_that_is_no_pattern_is_refused(text):
    with pytest.raises(PatternError):
        from_json(text)
