"""Exact sparse attention against dense masked softmax in float64, for every pattern."""

import math

import numpy as np
import pytest
import torch

from tests.core.attention.cases import NAMES, drawn
from zoetrope.core.attention import imported, pattern
from zoetrope.core.attention.heads.band_pass import ROWS, SCORES
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.sparse_attention import attend, attend_steps

AT_LENGTH = (
    ("causal", {}), ("full", {}), ("local", {"w": 30, "dilation": 3}), ("sliding", {"window": 64}),
    ("strided", {"stride": 22}), ("atrous", {"rate": 7}), ("sparse", {"rate": 16}),
    ("fixed", {"stride": 22, "c": 2}), ("sinks", {"sinks": 4, "window": 40}),
    ("longformer", {"w": 20, "globals": [0, 77]}), ("bigbird", {"block": 16}), ("logsparse", {}),
    ("natten1d", {"window": 31, "dilation": 2}), ("block", {"size": 50}), ("tri_shape", {}),
    ("dilated_blocks", {"w": 64, "r": 4, "offset": 1}), ("random", {"p": 0.02}),
)  # fmt: skip


def qkv(n, dtype=torch.float64, heads=2, d=64, e=64, seed=0):
    made = torch.Generator().manual_seed(seed)
    shapes = ((heads, n, d), (heads, n, d), (heads, n, e))
    return tuple(torch.randn(s, generator=made, dtype=torch.float64).to(dtype) for s in shapes)


def dense(q, k, v, mask, scale=None):
    """Softmax over the allowed keys in float64; 0 and -inf where there are none."""
    q, k, v = q.double(), k.double(), v.double()
    scores = (q @ k.mT) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    scores = scores.masked_fill(~torch.tensor(mask), -math.inf)
    return torch.nan_to_num(scores.softmax(-1), nan=0.0) @ v, torch.logsumexp(scores, -1)


def assert_exact(made, dtype, bound):
    q, k, v = qkv(made.n, dtype)
    out, lse = attend(q, k, v, made, return_lse=True)
    wanted, sums = dense(q, k, v, made.dense())
    assert out.dtype == dtype
    assert float((out.double() - wanted).abs().max()) <= bound
    dead = ~torch.tensor(made.dense()).any(-1)
    assert bool((lse[:, dead] == -math.inf).all())
    assert bool((out[:, dead] == 0).all())
    alive = lse[:, ~dead]
    assert bool(torch.isfinite(alive).all())
    torch.testing.assert_close(alive.double(), sums[:, ~dead], rtol=0, atol=bound)
    return int(dead.sum())


@pytest.mark.parametrize("n", [512, 509])
@pytest.mark.parametrize(("name", "parameters"), AT_LENGTH, ids=[name for name, _ in AT_LENGTH])
def test_it_is_dense_masked_attention(name, parameters, n):
    made = pattern(name, n, **parameters)
    assert_exact(made, torch.float32, 2e-6)
    assert_exact(made, torch.float64, 1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_of_random_numbers(name):
    for seed in range(3):
        assert_exact(drawn(name, seed, 160), torch.float64, 1e-12)


def test_rows_without_keys_give_nothing():
    made = pattern("dilated_blocks", 64, w=16, r=4)
    assert assert_exact(made, torch.float64, 1e-12) == 48
    mask = np.zeros((37, 37), dtype=bool)
    mask[3, 5] = mask[20, :] = True
    assert assert_exact(imported(mask), torch.float64, 1e-12) == 35


def test_joined_negated_and_mirrored_patterns():
    strided, sinks = pattern("strided", 131, stride=9), pattern("sinks", 131, sinks=3, window=20)
    for made in (strided | sinks, strided & sinks, ~sinks, sinks.T, ~(strided | sinks)):
        assert_exact(made, torch.float64, 1e-12)


def test_windows_longer_than_a_block_of_keys():
    """Many blocks in one step, and many steps for one block, are the same sum."""
    assert SCORES // (ROWS * (ROWS + 40)) > 1
    made = pattern("sliding", 20 * ROWS, window=40)
    q, k, v = qkv(made.n, heads=1, d=4, e=3)
    wanted = dense(q, k, v, made.dense())[0]
    assert float((attend(q, k, v, made) - wanted).abs().max()) < 1e-12
    long = pattern("causal", 4300)
    q, k, v = qkv(long.n, torch.float32, heads=1, d=4, e=3)
    wanted = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert float((attend(q, k, v, long) - wanted).abs().max()) < 3e-6


def test_scale_shape_and_halves():
    made = pattern("local", 40, w=5)
    q, k, v = qkv(40, heads=6, d=8, e=5)
    q, k, v = (part.unflatten(0, (2, 3)) for part in (q, k, v))
    out, lse = attend(q, k, v, made, scale=0.7, return_lse=True)
    wanted, sums = dense(q, k, v, made.dense(), scale=0.7)
    assert out.shape == (2, 3, 40, 5)
    torch.testing.assert_close(out, wanted, rtol=0, atol=1e-12)
    torch.testing.assert_close(lse, sums, rtol=0, atol=1e-12)
    turned = [part.movedim(-2, 0).contiguous().movedim(0, -2) for part in (q, k, v)]
    torch.testing.assert_close(attend(*turned, made, scale=0.7), wanted, rtol=0, atol=1e-12)
    half = attend(q.half(), k.half(), v.half(), made, scale=0.7)
    assert half.dtype == torch.float16
    assert float((half.double() - wanted).abs().max()) < 5e-3


def test_large_scores_stay_finite():
    made = pattern("strided", 64, stride=8)
    q, k, v = qkv(64, heads=1)
    out = attend(1e3 * q, k, v, made)
    assert bool(torch.isfinite(out).all())
    torch.testing.assert_close(out, dense(1e3 * q, k, v, made.dense())[0], rtol=0, atol=1e-9)


def test_it_never_holds_a_square_array():
    """Steps hold blocks: at 65,536 tokens a square of bytes alone would be 4 GB."""
    made = pattern("sinks", 65_536, sinks=4, window=64)
    q, k, v = qkv(made.n, torch.float32, heads=1, d=4, e=4)
    steps = attend_steps(q, k, v, made)
    first = next(steps)
    assert first.out.shape == (1, 65_536, 4)
    assert len([next(steps) for _ in range(4)]) == 4


def test_what_does_not_fit_is_said():
    made = pattern("causal", 16)
    q, k, v = qkv(16)
    with pytest.raises(HeadsError, match="must be"):
        attend(q, k[..., :5], v, made)
    with pytest.raises(HeadsError, match="has 16 tokens and q 12") as caught:
        attend(q[:, :12], k[:, :12], v[:, :12], made)
    assert caught.value.field == "pattern"
    with pytest.raises(HeadsError, match="one floating dtype"):
        attend(q, k, v.float(), made)
