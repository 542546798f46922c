"""How sparse heads are and what they tolerate: the tables of the design page, to their digits."""

import csv

import numpy as np
import pytest
import torch

from tests.core.attention.heads.real import DATA, TEXT, captured, needs_minilm
from zoetrope.core.attention import pattern
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.budgets import (
    at_budget_steps,
    heaviest_anywhere,
    mask_of,
    pairs_of,
    share_of_each,
)
from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.concentration import SHARES, TOPS, head_stats_steps
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.layer_product import rollout_steps
from zoetrope.core.attention.heads.models import load
from zoetrope.core.attention.heads.restricted_head import tolerance_steps
from zoetrope.core.attention.heads.whole_model import (
    embedding_effect_steps,
    loss_effect_steps,
    windows_of,
)

STATIC = {
    "glass-128": {"sliding W": "window", "sinks 4+W": "first", "strided l": "strided",
                  "atrous causal": "atrous", "fixed c=l/8": "fixed", "block causal": "block"},
    "MiniLM-512": {"atrous r": "atrous", "block-local": "block", "natten1d": "natten1d"},
}  # fmt: skip
ARTICLE = {0.0625: 16, 0.125: 22, 0.25: 61}  # the rates of the article's sparse attention
DYNAMIC = {"vertical-slash(dyn)": "vertical_slash", "block-topk(dyn)": "block_topk",
           "top-k oracle": "oracle"}  # fmt: skip


def rows_of(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def assert_stats(capture, table):
    for row in rows_of(table):
        found = final(head_stats_steps(capture.head(int(row["layer"]), int(row["head"]))))
        wanted = {name: float(value) for name, value in row.items()}
        assert found.support == pytest.approx(wanted["eff"], rel=1e-4)
        assert found.support_median == pytest.approx(wanted["effmed"], rel=1e-4)
        for share, keys in zip(SHARES, found.keys, strict=True):
            assert keys == pytest.approx(wanted[f"k{100 * share:.0f}"], abs=0.02)
        for top, mass in zip(TOPS, found.top, strict=True):
            assert mass == pytest.approx(wanted[f"top{top}"], abs=2e-5)
        assert found.distance == pytest.approx(wanted["dist"], rel=1e-4)
        for name, value in (("first", found.first), ("last", found.last), ("diag", found.own)):
            assert value == pytest.approx(wanted[name], abs=2e-5)
        assert found.entropy <= np.log(found.support) + 1e-9  # Jensen


def test_how_sparse_glassllm_is():
    assert_stats(captured(), "headstats_glass-128.csv")


@needs_minilm
@pytest.mark.parametrize("n", [256, 512])
def test_how_sparse_minilm_is(n):
    assert_stats(captured("minilm", n), f"headstats_MiniLM-{n}.csv")


def test_some_queries_alone():
    head = captured().head(1, 2)
    weights = head.weights().double()
    found = final(head_stats_steps(head, queries=[3, 100]))
    assert found.first == pytest.approx(float(weights[[3, 100], 0].mean()))


def all_tolerances(capture, share, names):
    budget = final(at_budget_steps(capture.n, capture.causal, share))
    heads = [capture.head(i, j) for i in range(capture.layers) for j in range(capture.heads)]
    found = [
        final(tolerance_steps(head, {name: budget.mask(head, name) for name in names}))
        for head in heads
    ]
    return {name: [one[name] for one in found] for name in names}


def assert_row(row, found, n, causal):
    errors = torch.tensor([one.error for one in found])
    mass = [one.mass for one in found]
    assert np.mean([one.pairs for one in found]) / pairs_of(n, causal) == pytest.approx(
        float(row["density"]), abs=6e-5
    )
    assert np.mean(mass) == pytest.approx(float(row["mass_mean"]), abs=6e-5)
    assert min(mass) == pytest.approx(float(row["mass_min"]), abs=6e-5)
    assert float(errors.mean()) == pytest.approx(float(row["err_mean"]), abs=6e-5)
    assert float(errors.median()) == pytest.approx(float(row["err_median"]), abs=6e-5)
    assert int((errors < 0.1).sum()) == int(row["heads_err_lt10"])
    assert int((errors < 0.25).sum()) == int(row["heads_err_lt25"])


@pytest.mark.parametrize("share", [0.125, 0.25, 0.5])
def test_what_glassllm_tolerates(share):
    table = {row["pattern"]: row for row in rows_of("patterns_glass-128.csv")
             if float(row["frac"]) == share}  # fmt: skip
    known = {**STATIC["glass-128"], **DYNAMIC}
    found = all_tolerances(captured(), share, known.values())
    for words, name in known.items():
        assert_row(table[words], found[name], 128, True)


def of_mask(capture, mask):
    """What a mask leaves of every head."""
    heads = [capture.head(i, j) for i in range(capture.layers) for j in range(capture.heads)]
    return [final(tolerance_steps(head, {"one": mask}))["one"] for head in heads]


def table_row(table, share, name):
    return next(row for row in rows_of(table)
                if float(row["frac"]) == share and row["pattern"] == name)  # fmt: skip


def at_table_sizes(share):
    """The patterns of MiniLM's table whose sizes there are not those nearest to the budget."""
    w = {0.0625: 15, 0.125: 31, 0.25: 63}[share]
    every_64 = list(range(0, 512, 64))
    return {
        "local |d|<=w": pattern("local", 512, w=w),
        "longformer w+CLS": pattern("longformer", 512, w=w - 1, globals=[0]),
        "longformer w+8 glob": pattern("longformer", 512, w=w - 8, globals=every_64),
        f"bojone-sparse r={ARTICLE[share]}": pattern("sparse", 512, rate=ARTICLE[share]),
    }


@needs_minilm
@pytest.mark.parametrize("share", [0.0625, 0.125, 0.25])
def test_what_minilm_tolerates(share):
    table, capture = "patterns_MiniLM-512.csv", captured("minilm", 512)
    known = {**STATIC["MiniLM-512"], **DYNAMIC}
    found = all_tolerances(capture, share, known.values())
    for words, name in known.items():
        assert_row(table_row(table, share, words), found[name], 512, False)
    for words, made in at_table_sizes(share).items():
        assert_row(table_row(table, share, words), of_mask(capture, mask_of(made)), 512, False)


@needs_minilm
@pytest.mark.parametrize(("share", "picks"), [(0.0625, 0), (0.125, 4), (0.25, 12)])
def test_bigbird_lies_within_the_spread_of_its_seeds(share, picks):
    """The table's seed is not known: its row without random blocks is exact, the others within."""
    row, capture = table_row("patterns_MiniLM-512.csv", share, "bigbird"), captured("minilm", 512)
    seeds = [of_mask(capture, mask_of(pattern("bigbird", 512, block=8, random=picks, seed=seed)))
             for seed in range(4 if picks else 1)]  # fmt: skip
    if not picks:
        assert_row(row, seeds[0], 512, False)
        return
    assert seeds[0][0].pairs / 512**2 == pytest.approx(float(row["density"]), abs=6e-5)
    assert_within_spread(row, seeds)


def assert_within_spread(row, seeds):
    """Mean mass and mean error of the table lie within three standard deviations over seeds."""
    for column, measure in (("mass_mean", "mass"), ("err_mean", "error")):
        means = np.array([np.mean([getattr(one, measure) for one in found]) for found in seeds])
        assert abs(float(row[column]) - means.mean()) < 3 * means.std(ddof=1), (column, means)


@pytest.mark.parametrize("share", [0.125, 0.25, 0.5])
def test_random_keys_lie_within_the_spread_of_their_seeds(share):
    """The table's rows are random pairs of this density and the query itself, of unknown seed."""
    own = torch.eye(128, dtype=torch.bool)
    seeds = []
    for seed in range(8):
        drawn = mask_of(pattern("random", 128, p=share, seed=seed))
        mask = (drawn(slice(0, 128)) | own).tril()
        seeds.append(of_mask(captured(), lambda rows, mask=mask: mask[rows]))
    row = table_row("patterns_glass-128.csv", share, "random")
    assert_within_spread(row, seeds)
    densities = np.array([found[0].pairs / pairs_of(128, True) for found in seeds])
    assert abs(float(row["density"]) - densities.mean()) < 3 * densities.std(ddof=1)


def test_steps_of_powers_of_two_on_glassllm():
    row = table_row("patterns_glass-128.csv", 0.125, "logsparse")
    assert_row(row, of_mask(captured(), mask_of(pattern("logsparse", 128))), 128, True)


def test_the_oracles_keep_what_the_budget_allows():
    """Of as many pairs one threshold keeps the most mass there is; top-p gives each query alike."""
    head = captured().head(1, 3)
    masks = final(at_budget_steps(128, True, 0.25)).masks(head)
    found = final(tolerance_steps(head, masks))
    budget = round(0.25 * pairs_of(128, True))
    weights = np.sort(head.weights().numpy().reshape(-1))[::-1]
    assert found["threshold"].pairs == budget
    assert found["threshold"].mass == pytest.approx(weights[:budget].sum() / 128, rel=1e-5)
    assert all(one.mass <= found["threshold"].mass + 1e-6 for one in found.values()
               if one.pairs <= budget)  # fmt: skip
    assert budget - 128 <= found["topp"].pairs <= budget
    assert float(found["topp"].kept.min()) == pytest.approx(float(found["topp"].kept[-1]), abs=0.3)
    for name in ("nsa", "routing", "lsh"):
        assert 0.2 * budget < found[name].pairs < 2 * budget, name
        assert found[name].efficiency > 0, name


def test_long_heads_have_no_orders_of_all_weights():
    q, k, v = torch.randn((3, 1025, 4), generator=torch.Generator().manual_seed(0))
    for choose in (heaviest_anywhere, share_of_each):
        with pytest.raises(HeadsError, match="up to 1,024 tokens"):
            choose(Head(1025, False, q, k, v), 0.1)


def tolerance_of(head, made):
    return final(tolerance_steps(head, {"one": mask_of(made)}))["one"]


def test_a_window_of_16_on_glassllm():
    """Mass .66512 and error .39440, means over all heads (design page)."""
    capture = captured()
    made = pattern("sliding", 128, window=16)
    found = [tolerance_of(capture.head(i, j), made) for i in range(4) for j in range(4)]
    assert np.mean([one.mass for one in found]) == pytest.approx(0.66512, abs=5e-6)
    assert np.mean([one.error for one in found]) == pytest.approx(0.39440, abs=5e-6)


def test_the_measures_of_one_head_by_their_definitions():
    head = captured().head(2, 1)
    mask = pattern("strided", 128, stride=9).dense()
    found = tolerance_of(head, pattern("strided", 128, stride=9))
    weights, v = head.weights().double().numpy(), head.v.double().numpy()
    kept = (weights * mask).sum(axis=1)
    sparse = weights * mask / kept[:, None]
    whole = weights @ v
    assert found.pairs == mask.sum()
    np.testing.assert_allclose(found.kept.numpy(), kept, atol=1e-6)
    assert found.mass == pytest.approx(kept.mean(), abs=1e-6)
    error = np.linalg.norm(sparse @ v - whole) / np.linalg.norm(whole)
    assert found.error == pytest.approx(error, rel=1e-5)
    rows = np.linalg.norm(sparse @ v - whole, axis=1) / np.linalg.norm(whole, axis=1)
    np.testing.assert_allclose(found.row_error.numpy(), rows, rtol=1e-4, atol=1e-6)
    both = mask & (weights > 0)
    ratio = np.where(both, sparse, 1) / np.where(both, weights, 1)
    divergence = (np.where(both, sparse, 0) * np.log(ratio)).sum(axis=1)  # KL(sparse || dense)
    assert found.divergence == pytest.approx(divergence.mean(), rel=1e-5)
    assert found.worst_row == kept.argmin()
    counts = mask.sum(axis=1)
    heaviest = [np.sort(row)[::-1][:c].sum() for row, c in zip(weights, counts, strict=True)]
    assert found.oracle == pytest.approx(np.mean(heaviest), abs=1e-6)
    assert found.chance == pytest.approx(np.mean(counts / np.arange(1, 129)), abs=1e-6)
    assert 0 < found.efficiency < 1


def test_dead_queries_keep_nothing():
    found = tolerance_of(captured().head(0, 0), pattern("dilated_blocks", 128, w=16, r=4))
    assert float(found.kept[1]) == 0
    assert float(found.row_error[1]) == pytest.approx(1.0)
    assert np.isfinite(found.divergence)
    assert np.isfinite(found.error)


def single(name, share=0.25):
    budget = final(at_budget_steps(128, True, share))
    return lambda head: budget.mask(head, name)


@pytest.mark.parametrize("share", [0.125, 0.25, 0.5])
def test_the_effect_on_the_next_token(share):
    """The first window's change is the table's of that excerpt (design page)."""
    model = load("glass-en")
    for words, name in {**STATIC["glass-128"], **DYNAMIC}.items():
        steps = loss_effect_steps(model, TEXT, single(name, share))
        first = next(found for found in steps if found is not None)
        row = table_row("patterns_glass-128.csv", share, words)
        assert first.change == pytest.approx(float(row["final"]), abs=1e-4), words
        assert float(first.before[0]) == pytest.approx(3.9115, abs=1e-3)


def test_eight_windows_have_a_spread():
    found = final(loss_effect_steps(load("glass-en"), TEXT, single("window")))
    assert len(found.before) == 8
    difference = (found.after - found.before).numpy()
    assert found.change == pytest.approx(difference.mean())
    assert found.spread == pytest.approx(difference.std(ddof=1))
    assert len(found.table) >= 5
    assert sum(line.before for line in found.table) <= 1
    assert [line.before for line in found.table] == sorted(
        (line.before for line in found.table), reverse=True
    )


def test_nothing_restricted_changes_nothing():
    model = load("glass-en")
    found = final(loss_effect_steps(model, TEXT[:400], lambda head: None))
    assert found.change == 0
    bert = final(embedding_effect_steps(load_bert(), TEXT[:200], lambda head: None))
    assert bert.cosine == pytest.approx(1.0, abs=1e-12)
    first = final(embedding_effect_steps(load_bert(), TEXT[:200], lambda head: mask_of(
        pattern("local", head.n, w=1)) if head.place[0] == 0 else None))  # fmt: skip
    assert first.cosine < 0.9999


def load_bert():
    return load(str(DATA / "models" / "bert"))


def test_windows_are_spread_over_the_text():
    model = load("glass-en")
    ids = model.tokenizer.encode(TEXT).ids
    found = windows_of(model, TEXT)
    assert found.shape == (8, 128)
    assert tuple(found[0].tolist()) == ids[:128]
    assert tuple(found[-1].tolist()) == ids[-128:]
    assert windows_of(model, TEXT[:100]).shape[0] == 1


@needs_minilm
@pytest.mark.parametrize("share", [0.0625, 0.125, 0.25])
def test_the_embedding_of_minilm(share):
    """All heads replaced (design page)."""
    model = load("minilm")
    budget = final(at_budget_steps(512, False, share))
    known = {**STATIC["MiniLM-512"], **DYNAMIC}
    every = {words: lambda head, name=name: budget.mask(head, name)
             for words, name in known.items()}  # fmt: skip
    for words, made in at_table_sizes(share).items():
        every[words] = lambda head, made=made: mask_of(made)
    for words, restriction in every.items():
        row = table_row("patterns_MiniLM-512.csv", share, words)
        found = final(embedding_effect_steps(model, TEXT, restriction))
        assert found.cosine == pytest.approx(float(row["final"]), abs=6e-5), words


def test_rollout_is_the_product_of_the_layers():
    capture = captured()
    alpha, q = 0.3, 90
    product = np.eye(128)
    shares = [found for found in rollout_steps(capture, q, alpha) if found is not None]
    for layer, found in zip(reversed(range(4)), shares, strict=True):
        mean = np.mean(
            [capture.head(layer, h).weights().double().numpy() for h in range(4)], axis=0
        )
        product = product @ (alpha * np.eye(128) + (1 - alpha) * mean)
        np.testing.assert_allclose(found, product[q], atol=1e-6)
        assert found.sum() == pytest.approx(1.0, abs=1e-5)
