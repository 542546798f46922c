"""The catalogue's rules against definitions written out here, from the papers and their code."""

import numpy as np
import pytest

from zoetrope.core.attention import PatternError, catalogue, imported, layout, pattern

N = 48
Q, K = np.mgrid[:N, :N]
D = Q - K


def natten(length, window, stride, causal):
    """Return NATTEN's window per position, as its reference/mask.hpp computes it."""
    left, right = window // 2, window // 2 + (window % 2 - 1)
    ends = []
    for i in range(length):
        if causal:
            leader = min(i // stride * stride + stride - 1, length - 1)
            ends.append((max(leader - left - right, 0), min(i + 1, length)))
            continue
        leader = min(i // stride * stride + stride // 2, length - 1)
        start = max(leader - left, 0)
        if leader + right >= length:
            start += length - right - leader - 1
        ends.append((start, start + window))
    return ends


def natten_mask(length, window, dilation, stride, causal):
    mask = np.zeros((length, length), dtype=bool)
    for kind in range(dilation):
        tokens = np.arange(kind, length, dilation)
        for i, (start, stop) in enumerate(natten(len(tokens), window, stride, causal)):
            mask[tokens[i], tokens[start:stop]] = True
    return mask


@pytest.mark.parametrize(
    ("name", "parameters", "mask"),
    [
        ("full", {}, D == D),
        ("causal", {}, K <= Q),
        ("local", {"w": 3, "dilation": 4}, (abs(D) <= 12) & (D % 4 == 0)),
        ("sliding", {"window": 5}, (K <= Q) & (K > Q - 5)),
        ("atrous", {"rate": 7}, Q % 7 == K % 7),
        ("sparse", {"rate": 6}, (abs(D) <= 6) | (Q % 6 == K % 6)),
        ("strided", {"stride": 6}, (K <= Q) & ((K > Q - 6) | (Q % 6 == K % 6))),
        ("fixed", {"stride": 9, "c": 2}, (K <= Q) & ((Q // 9 == K // 9) | (K % 9 >= 7))),
        ("sinks", {"sinks": 3, "window": 7}, (K <= Q) & ((K < 3) | (D < 7))),
        ("a_shape", {"initial": 3, "slash": 7}, (K <= Q) & ((K < 3) | (D <= 7))),
        ("tri_shape", {"initial": 3, "slash": 7, "last": 5},
         (K <= Q) & ((K < 3) | (D <= 7) | (Q >= N - 5))),
        ("initial_dilated", {"initial": 4, "dense": 6, "reach": 20},
         (K <= Q) & ((K < 4) | (D < 6) | ((D % 2 == 1) & (D <= 20)))),
        ("prefix", {"prefix": 11}, (K < 11) | (K <= Q)),
        ("longformer", {"w": 3, "globals": [0, 17]},
         (abs(D) <= 3) | np.isin(Q, [0, 17]) | np.isin(K, [0, 17])),
        ("logsparse", {}, np.isin(D, [0, 1, 2, 4, 8, 16, 32])),
        ("butterfly", {"level": 3}, (Q == K) | ((Q ^ K) == 8)),
        ("dilated_blocks", {"w": 10, "r": 3, "offset": 1},
         (Q // 10 == K // 10) & (Q % 3 == 1) & (K % 3 == 1)),
        ("axial", {"height": 6, "width": 8}, (Q // 8 == K // 8) | (Q % 8 == K % 8)),
        ("swin", {"height": 6, "width": 8, "m": 4, "shift": 2},
         ((Q // 8 - 2) // 4 == (K // 8 - 2) // 4) & ((Q % 8 - 2) // 4 == (K % 8 - 2) // 4)),
        ("natten1d", {"window": 6, "stride": 3}, natten_mask(N, 6, 1, 3, False)),
        ("natten1d", {"window": 7, "dilation": 5}, natten_mask(N, 7, 5, 1, False)),
        ("natten1d", {"window": 7, "dilation": 5, "stride": 2, "causal": True},
         natten_mask(N, 7, 5, 2, True)),
        ("natten2d", {"height": 6, "width": 8, "kh": 3, "kw": 4, "stride": 2, "dilation": 2},
         natten_mask(6, 3, 2, 2, False)[Q // 8, K // 8]
         & natten_mask(8, 4, 2, 2, False)[Q % 8, K % 8]),
    ],
)  # fmt: skip
def test_a_rule_is_its_definition(name, parameters, mask):
    assert np.array_equal(pattern(name, N, **parameters).dense(), mask)


def test_natten_on_grids_that_are_not_square_has_full_windows():
    # the widely used port counts 528 and 972 here
    assert pattern("natten2d", 64, height=4, width=16, kh=3, kw=3).nnz() == 576
    assert pattern("natten2d", 72, height=6, width=12, kh=3, kw=5).row_counts().sum() == 1080


def test_sliding_tiles_follow_attention_gyms_rule():
    height, width, kh, kw, th, tw = 12, 8, 6, 4, 3, 2
    down, across, kd, ka = height // th, width // tw, kh // th, kw // tw

    def centre(at, length, kernel):
        return np.clip(at, kernel // 2, length - 1 - (kernel // 2 + kernel % 2 - 1))

    q, k = np.mgrid[: height * width, : height * width] // (th * tw)
    y, x = centre(q // across, down, kd), centre(q % across, across, ka)
    rows = (k // across >= y - kd // 2) & (k // across <= y + kd // 2 + kd % 2 - 1)
    cols = (k % across >= x - ka // 2) & (k % across <= x + ka // 2 + ka % 2 - 1)
    made = pattern("sta2d", 96, height=height, width=width, kh=kh, kw=kw, tile_h=th, tile_w=tw)
    assert np.array_equal(made.dense(), rows & cols)


def test_documents_shared_prefixes_and_diffusion_follow_attention_gyms_rules():
    lengths, above = [3, 2, 2, 5, 4], [0, 0, 0, -1, 3]
    of = np.repeat(np.arange(5), lengths)
    q, k = np.mgrid[:16, :16]
    same = of[q] == of[k]
    assert np.array_equal(pattern("document", 16, lengths=lengths).dense(), same & (k <= q))
    assert np.array_equal(pattern("document", 16, lengths=lengths, inner="full").dense(), same)
    shared = pattern("shared_prefix", 16, lengths=lengths, prefix_of=above).dense()
    continued = (np.array(above)[of[q]] == of[k]) & ~same
    assert np.array_equal(shared, same & (k <= q) | continued)
    half, b = 8, 3
    qb, kb = q % half // b, k % half // b
    noised_q, noised_k = q < half, k < half
    rule = (qb == kb) & (noised_q == noised_k)
    rule |= (qb > kb) & noised_q & ~noised_k | (qb >= kb) & ~noised_q & ~noised_k
    assert np.array_equal(pattern("block_diffusion", 16, block=b).dense(), rule)


def test_a_tree_shows_every_node_its_ancestors():
    parents, prefix = [-1, 0, 1, 1, 3, 3, 0, -1], 5
    n = prefix + len(parents)
    wanted = np.tri(n, dtype=bool)
    wanted[prefix:, prefix:] = False
    for node, above in enumerate(parents):
        wanted[prefix + node, prefix + node] = True
        while above >= 0:
            wanted[prefix + node, prefix + above] = True
            above = parents[above]
    assert np.array_equal(pattern("tree", n, parents=parents, prefix=prefix).dense(), wanted)


@pytest.mark.parametrize("ends", ["first", "both"])
def test_bigbird_has_its_window_its_globals_and_exactly_r_random_blocks(ends):
    block, r = 4, 3
    p = pattern("bigbird", 96, block=block, window=3, globals=1, random=r, seed=7, ends=ends)
    blocks = p.dense()[::block, ::block]
    assert np.array_equal(p.dense(), np.kron(blocks, np.ones((block, block))).astype(bool))
    at = np.arange(24)
    every = (at == 0) | ((at == 23) & (ends == "both"))
    known = (abs(at[:, None] - at) <= 1) | every[:, None] | every
    assert np.all(blocks[known])
    assert np.all((blocks & ~known).sum(axis=1) == np.where(every, 0, r))
    other = pattern("bigbird", 96, block=block, random=r, seed=8, ends=ends).dense()
    assert not np.array_equal(other, p.dense())


def test_bigbird_with_too_few_legal_blocks_takes_those_there_are():
    p = pattern("bigbird", 20, block=4, window=3, globals=1, random=9, seed=1)
    assert p.dense().all()


def test_a_random_pattern_has_about_its_share_and_is_constant_on_blocks():
    p = pattern("random", 2048, p=0.3, block=8, seed=5)
    blocks = p.dense()[::8, ::8]
    assert np.array_equal(p.dense(), np.kron(blocks, np.ones((8, 8))).astype(bool))
    assert blocks.mean() == pytest.approx(0.3, abs=4 * (0.21 / blocks.size) ** 0.5)
    lines = blocks.mean(axis=0)
    assert lines.std() == pytest.approx((0.21 / 256) ** 0.5, rel=0.2)
    assert not pattern("random", 64, p=0).dense().any()
    assert pattern("random", 64, p=1).dense().all()


def test_the_seed_articles_floor_of_density():
    # about 2 r + n / r keys in an interior row: least at the square root of n / 2
    n = 512
    counts = {r: pattern("sparse", n, rate=r).row_counts()[n // 2] for r in range(2, 64)}
    assert min(counts, key=counts.__getitem__) in range(14, 19)
    assert min(counts.values()) / n == pytest.approx(0.125, abs=0.005)


def test_drawn_blocks_and_imported_masks():
    drawn = np.random.default_rng(0).random((6, 6)) < 0.4
    p = layout(drawn, 8, n=43)
    assert np.array_equal(p.dense(), np.kron(drawn, np.ones((8, 8)))[:43, :43].astype(bool))
    assert np.array_equal(p.block_layout(8) > 0, drawn)
    mask = np.random.default_rng(1).random((77, 77)) < 0.3
    assert np.array_equal(imported(mask).dense(), mask)
    assert imported(mask.astype(float)).nnz() == mask.sum()
    for bad in (np.ones((3, 4)), np.full((8, 8), 0.5), np.ones(9)):
        with pytest.raises(PatternError):
            imported(bad)
        with pytest.raises(PatternError):
            layout(bad, 4)


@pytest.mark.parametrize(
    ("name", "n", "parameters", "field"),
    [
        ("stridden", 64, {}, "name"), ("causal", 3, {}, "n"), ("causal", 2**24 + 1, {}, "n"),
        ("causal", 6.5, {}, "n"), ("strided", 64, {}, "stride"), ("causal", 64, {"w": 3}, "w"),
        ("strided", 64, {"stride": 0}, "stride"), ("sliding", 64, {"window": 65}, "window"),
        ("sliding", 64, {"window": True}, "window"), ("fixed", 64, {"stride": 8, "c": 9}, "c"),
        ("natten1d", 64, {"window": 9, "dilation": 8}, "window"),
        ("natten2d", 64, {"height": 7, "width": 9}, "height"),
        ("axial", 64, {"height": -8, "width": -8}, "height"),
        ("axial", 64, {"height": 8, "width": 8.0}, "width"),
        ("longformer", 64, {"globals": [1, 64, -3]}, "globals"),
        ("document", 64, {"lengths": [30, 0, 34]}, "lengths"),
        ("document", 64, {"lengths": [30, 30]}, "lengths"),
        ("document", 64, {"lengths": "30, 34"}, "lengths"),
        ("document", 64, {"lengths": [64], "inner": "both"}, "inner"),
        ("shared_prefix", 64, {"lengths": [30, 34], "prefix_of": [1, 1]}, "prefix_of"),
        ("tree", 5, {"parents": [-1, 0, 2], "prefix": 2}, "parents"),
        ("random", 64, {"p": 1.5}, "p"), ("random", 64, {"p": "half"}, "p"),
        ("block_diffusion", 65, {}, "n"), ("bigbird", 64, {"ends": "last"}, "ends"),
        ("swin", 64, {"height": 8, "width": 8, "m": 4, "shift": 4}, "shift"),
        ("sta2d", 64, {"height": 8, "width": 8, "kh": 3, "kw": 4, "tile_h": 2}, "kh"),
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused_by_its_field(name, n, parameters, field):
    with pytest.raises(PatternError) as caught:
        pattern(name, n, **parameters)
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


def test_a_default_above_n_counts_as_n():
    assert np.array_equal(pattern("sliding", 10).dense(), pattern("causal", 10).dense())


def test_offenders_are_named():
    with pytest.raises(PatternError, match="64, -3"):
        pattern("longformer", 64, globals=[1, 64, -3])


def test_every_entry_says_what_it_is_and_where_it_is_from():
    entries = catalogue()
    assert len(entries) >= 30
    for name, entry in entries.items():
        assert entry.name == name
        assert entry.title
        assert entry.about.endswith(".")
        assert entry.source
