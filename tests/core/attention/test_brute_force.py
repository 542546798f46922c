"""Everything a pattern answers, against the whole mask written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.attention.cases import NAMES, block_means, drawn
from zoetrope.core.attention import PatternError, pattern, reordered
from zoetrope.core.attention.patterns import Pattern

seeds = st.integers(0, 2**32 - 1)


def agrees(p: Pattern, generator: np.random.Generator) -> None:
    mask = p.dense()
    assert p.nnz() == mask.sum()
    assert np.array_equal(p.row_counts(), mask.sum(axis=1))
    assert np.array_equal(p.column_counts(), mask.sum(axis=0))
    assert p.dead_rows() == np.sum(~mask.any(axis=1))
    assert p.density() == pytest.approx(mask.mean())
    if p.symmetric:
        assert np.array_equal(mask, mask.T)
    rows_agree(p, mask, generator)
    tiles_agree(p, mask, generator)
    blocks_agree(p, mask, int(generator.integers(1, p.n + 1)))
    layers_agree(p, mask, int(generator.integers(p.n)))
    t = int(generator.integers(p.n))
    assert p.kv_cache(t) == mask[t:, : t + 1].any(axis=0).sum()


def rows_agree(p, mask, generator):
    for q in generator.integers(0, p.n, 3).tolist():
        keys = np.zeros(p.n, dtype=int)
        for start, stop, step in p.row(q):
            assert start < stop
            assert (stop - 1 - start) % step == 0
            keys[start:stop:step] += 1
        assert np.array_equal(keys, mask[q].astype(int))


def edges(start, stop, pixels):
    length, cells = stop - start, min(pixels, stop - start)
    return start + np.arange(cells + 1) * length // cells


def shown(start, stop, pixels):
    length = stop - start
    if pixels <= length:
        return np.arange(pixels)
    return (2 * np.arange(pixels) + 1) * length // (2 * pixels)


def tiles_agree(p, mask, generator):
    for _ in range(2):
        q0, q1 = np.sort(generator.choice(p.n + 1, 2, False)).tolist()
        k0, k1 = np.sort(generator.choice(p.n + 1, 2, False)).tolist()
        rows, cols = generator.integers(1, 30, 2).tolist()
        means = block_means(mask, edges(q0, q1, rows), edges(k0, k1, cols))
        means = means[shown(q0, q1, rows)][:, shown(k0, k1, cols)]
        tile = p.tile(q0, q1, k0, k1, rows, cols)
        assert tile.exact
        assert np.allclose(tile.density, means, rtol=0, atol=1e-14)
        # what is empty or full is exactly so
        assert np.array_equal(tile.density == 0, means == 0)
        assert np.array_equal(tile.density == 1, means == 1)


def blocks_agree(p, mask, size):
    m = -(-p.n // size)
    padded = np.zeros((m * size, m * size), dtype=bool)
    padded[: p.n, : p.n] = mask
    count = padded.reshape(m, size, m, size).sum(axis=(1, 3))
    ends = np.minimum(size, p.n - np.arange(m) * size)
    layout = (count > 0).astype(int) + (count == np.multiply.outer(ends, ends))
    assert np.array_equal(p.block_layout(size), layout)
    assert p.blocks(size) == (np.sum(layout == 1), np.sum(layout == 2))


def layers_agree(p, mask, q):
    reached = np.arange(p.n) == q
    sizes = []
    for _ in range(3):
        reached = reached | mask[reached].any(axis=0)
        sizes.append(int(reached.sum()))
    assert p.reach(q, 3) == sizes
    counts = mask.sum(axis=1)
    uniform = mask / np.maximum(counts, 1)[:, None]
    shares = (np.arange(p.n) == q).astype(float)
    for _ in range(3):
        shares = np.where(counts > 0, 0.3, 1.0) * shares + 0.7 * shares @ uniform
    assert np.allclose(p.influence(q, 3, 0.3), shares, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(seed=seeds)
def test_a_pattern_agrees_with_its_mask(name, seed):
    agrees(drawn(name, seed), np.random.default_rng(seed))


def composed(generator: np.random.Generator, n: int, deep: int) -> Pattern:
    if deep == 0:
        while True:
            seed = int(generator.integers(2**31))
            p = drawn(NAMES[int(generator.integers(len(NAMES)))], seed, most=n)
            if p.n == n:
                return p
            try:
                parameters = p.spec["parameters"]
                return pattern(p.spec["name"], n, **parameters)
            except PatternError:
                continue
    first = composed(generator, n, deep - 1)
    choice = int(generator.integers(4))
    if choice < 2:
        second = composed(generator, n, deep - 1)
        return first & second if choice == 0 else first | second
    return ~first if choice == 2 else first.T


@settings(max_examples=40, deadline=None)
@given(seed=seeds, n=st.sampled_from((16, 36, 47, 60)))
def test_compositions_agree_with_their_masks(seed, n):
    generator = np.random.default_rng(seed)
    agrees(composed(generator, n, int(generator.integers(1, 3))), generator)


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(NAMES), seed=seeds)
def test_the_algebra_is_that_of_masks(name, seed):
    p = drawn(name, seed, most=60)
    q = pattern("strided", p.n, stride=min(5, p.n))
    a, b = p.dense(), q.dense()
    assert np.array_equal((p & q).dense(), a & b)
    assert np.array_equal((p | q).dense(), a | b)
    assert np.array_equal((p & ~q).dense(), a & ~b)
    assert np.array_equal(p.T.dense(), a.T)
    assert ((p | q).nnz(), (~p).nnz()) == ((a | b).sum(), (~a).sum())


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(NAMES), seed=seeds)
def test_depth_agrees_with_powers_of_the_mask(name, seed):
    p = drawn(name, seed, most=40)
    mask = p.dense()
    causal = not np.triu(mask, 1).any()
    wanted = np.tri(p.n, dtype=bool) if causal else np.ones((p.n, p.n), dtype=bool)
    reached, found = np.eye(p.n, dtype=bool), None
    for layer in range(1, p.n + 1):
        reached = reached | (reached.astype(int) @ mask > 0)
        if np.all(reached >= wanted):
            found = layer
            break
    assert p.depth(p.n) == found


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(NAMES), seed=seeds, order=st.sampled_from(("residue", "tile", "morton"))
)
def test_a_reordered_pattern_is_the_mask_permuted(name, seed, order):
    from zoetrope.core.attention import order_of

    p = drawn(name, seed, most=50)
    size = max(1, p.n // 5)
    at = order_of(p.n, order, size)
    assert sorted(at.tolist()) == list(range(p.n))
    again = reordered(p, order, size)
    assert np.array_equal(again.dense(), p.dense()[at][:, at])
    assert again.nnz() == p.nnz() == again.row_counts().sum()


def test_the_rest_of_a_transpose_does_not_take_rows_for_keys() -> None:
    """Queries 0 to 4 share a window here, keys 0 to 4 do not."""
    p = pattern("natten1d", 16, window=7, stride=5)
    assert np.array_equal((~p.T).row_counts(), (~p.dense().T).sum(axis=1))
