"""The exported FlexAttention files: they run by themselves, and their mask_mod is ours."""

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.core.attention.cases import NAMES, numbers
from zoetrope.core.attention import (
    Heads,
    PatternError,
    alibi_code,
    alibi_slopes,
    expr,
    imported,
    layout,
    pattern,
    reordered,
    soft_cap_code,
)
from zoetrope.core.attention.patterns import Pattern

N = 256

RULES = [
    ("q >= k and (q-k < 8 or (q-k) % 8 == 0)", {}), ("b <= d < b*2 or d == 0", {"b": 5}),
    ("k <= q and d < h", {"h": 9}), ("True", {}), ("3 < n", {}), ("False", {}),
    ("k % 2 == q % 2", {}), ("(q ^ k) % 5 == 0", {}), ("ispow2(d) or d == 0", {}),
    ("rand(q//8, k//8, 3) % 4 == 0", {}), ("rand(q, k, -7) < 1000000000", {}),
    ("abs(q//16 - k//16) <= 1", {}), ("min(q, k) < 4 or max(q, k) > 250", {}),
    ("-d % 7 == 3", {}), ("d // -3 == 2", {}), ("(k < 10 if q > 20 else k >= 10)", {}),
    ("(5 if q > 9 else k) > d % 6", {}), ("not q == k", {}), ("~(q < k) & (k > 3)", {}),
    ("where(q < 100, q, k) % 3 == 1", {}), ("q < k < q + stride", {"stride": 17}),
    ("rand(1, 2, 3) < 5 or d >= 0", {}), ("ispow2(n) and d >= 0", {}),
    ("min(3, 4) < d < max(n, 5)", {}), ("abs(-3) < abs(d)", {}), ("q*k % 7 < 3", {}),
    ("h % 2 == 0 and d >= 0 or h % 2 == 1 and d <= 0", {}), ("(q-k)*(q-k) < 400", {}),
    ("q//w == k//w and d % 3 == 0", {"w": 50}), ("(2 if 3 < 4 else 5) <= d", {}),
    ("(k < q if n > 3 else k > q) or k == P_q", {"P_q": 7}), ("where(q < k, False, k > 9)", {}),
]  # fmt: skip


def at_256(name: str) -> Pattern:
    """Return a pattern of that name over 256 tokens."""
    given = {
        "document": {"lengths": [100, 56, 60, 40]},
        "shared_prefix": {"lengths": [100, 56, 60, 40], "prefix_of": [-1, 0, 0, 2]},
        "tree": {"parents": [-1, *np.random.default_rng(3).integers(-1, range(1, 200)).tolist()],
                 "prefix": 56},
        "natten2d": {"height": 8, "width": 32, "kh": 3, "kw": 6, "dilation": 2, "stride": 2},
        "sta2d": {"height": 8, "width": 32, "kh": 4, "kw": 6, "tile_h": 2, "tile_w": 2},
        "swin": {"height": 8, "width": 32, "m": 4, "shift": 2},
        "axial": {"height": 8, "width": 32},
    }.get(name)  # fmt: skip
    if given is not None:
        return pattern(name, N, **given)
    for seed in range(1000):
        drawn = numbers(name, np.random.default_rng(seed), 2 * N)
        drawn.pop("n")
        try:
            return pattern(name, N, **drawn)
        except PatternError:
            continue
    raise AssertionError(name)


def others() -> list[Pattern]:
    generator = np.random.default_rng(0)
    strided, fixed = pattern("strided", N, stride=8), pattern("fixed", N, stride=16, c=2)
    return [
        strided & ~pattern("strided", N, stride=9), strided | fixed.T,
        reordered(fixed, "residue", 16),
        layout(generator.random((16, 16)) < 0.3, 16), imported(generator.random((N, N)) < 0.3),
        at_256("bigbird") & at_256("document"), ~at_256("bigbird") | at_256("bigbird").T,
    ]  # fmt: skip


PATTERNS = [*(at_256(name) for name in NAMES), *others(), *(expr(t, N, **p) for t, p in RULES)]


@pytest.mark.parametrize("p", PATTERNS, ids=lambda p: p.title[:60])
def test_the_exported_mask_and_block_mask_are_ours(p, tmp_path):
    from torch.nn.attention.flex_attention import create_block_mask, create_mask

    file = tmp_path / "exported.py"
    file.write_text(p.to_flex(), encoding="utf-8")
    mask_mod = runpy.run_path(str(file))["mask_mod"]
    heads = 2 if p.rule.uses_head else 1
    masks = create_mask(mask_mod, 1, heads, N, N, device="cpu")[0].numpy()
    for head in range(heads):
        assert np.array_equal(masks[head], p.head(head).dense())
    blocks = create_block_mask(mask_mod, 1, 1, N, N, device="cpu", BLOCK_SIZE=32)
    partial, full = blocks.kv_num_blocks.sum(), blocks.full_kv_num_blocks.sum()
    assert (int(partial), int(full)) == p.blocks(32)


def test_every_exported_file_runs_by_itself_and_counts_right(tmp_path):
    for number, p in enumerate(PATTERNS):
        (tmp_path / f"pattern_{number}.py").write_text(p.to_flex(), encoding="utf-8")
    runner = tmp_path / "run_all.py"
    runner.write_text(
        "import runpy, sys\n"
        f"for number in range({len(PATTERNS)}):\n"
        "    runpy.run_path(f'pattern_{number}.py', run_name='__main__')\n"
        "assert not any(name.startswith('zoetrope') for name in sys.modules)\n",
        encoding="utf-8",
    )
    shown = subprocess.run(
        [sys.executable, runner.name], cwd=tmp_path, capture_output=True, text=True, timeout=110
    )
    assert shown.returncode == 0, shown.stderr[-2000:]
    lines = shown.stdout.splitlines()
    assert len(lines) == len(PATTERNS)
    for line, p in zip(lines, PATTERNS, strict=True):
        assert line.startswith(f"256 tokens, nnz = {p.dense().sum()} ")


def test_every_head_of_a_layer_has_its_own_pattern(tmp_path):
    from torch.nn.attention.flex_attention import create_mask

    heads = [at_256(name) for name in ("strided", "fixed", "document", "bigbird", "atrous")]
    file = tmp_path / "exported.py"
    file.write_text(Heads(tuple(heads)).to_flex(), encoding="utf-8")
    mask_mod = runpy.run_path(str(file), run_name="__main__")["mask_mod"]
    masks = create_mask(mask_mod, 1, 6, N, N, device="cpu")[0].numpy()
    for head, p in enumerate(heads):
        assert np.array_equal(masks[head], p.dense())
    assert not masks[5].any()


def test_a_score_modification_comes_with_the_mask(tmp_path):
    import torch

    p = pattern("causal", N)
    file = tmp_path / "exported.py"
    file.write_text(p.to_flex(score=alibi_code(8)), encoding="utf-8")
    score_mod = runpy.run_path(str(file))["score_mod"]
    at = [torch.tensor(number) for number in (0, 3, 100, 90)]
    assert score_mod(torch.tensor(1.0), *at).item() == pytest.approx(1 - 10 * alibi_slopes(8)[3])
    file.write_text(p.to_flex(score=soft_cap_code(20)), encoding="utf-8")
    score_mod = runpy.run_path(str(file))["score_mod"]
    assert score_mod(torch.tensor(1000.0), *at).item() == pytest.approx(20)


def test_a_long_table_is_stored_compressed_and_read_back(tmp_path):
    from torch.nn.attention.flex_attention import create_mask

    lengths = [3] * 400
    p = pattern("document", 1200, lengths=lengths)
    text = p.to_flex("packed_mask")
    assert "_unpacked" in text
    assert len(text) < 6000
    path = Path(tmp_path) / "exported.py"
    path.write_text(text, encoding="utf-8")
    mask = create_mask(runpy.run_path(str(path))["packed_mask"], 1, 1, 1200, 1200, device="cpu")
    assert np.array_equal(mask[0, 0].numpy(), p.dense())
