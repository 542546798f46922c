"""Patterns that look at content, each against its definition written out key by key."""

import json
import math

import numpy as np
import pytest
import torch

from tests.core.attention.heads.real import captured
from zoetrope.core import attention
from zoetrope.core.attention import PatternError
from zoetrope.core.attention.heads import content
from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.minference import HeadChoice, read_configuration

ALL = slice(None)


def drawn(n=40, d=8, causal=True, seed=0):
    made = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn((n, d), generator=made) for _ in range(3))
    return Head(n, causal, 2 * q, 2 * k, v)


def scores_of(head):
    found = (head.q.double() @ head.k.double().T / math.sqrt(head.q.shape[1])).numpy()
    return np.where(np.tri(head.n, dtype=bool), found, -np.inf) if head.causal else found


def weights_of(head):
    found = np.exp(scores_of(head))
    return found / found.sum(axis=1, keepdims=True)


def same_by_rows(mask, n):
    """Rows asked for in parts are those asked for at once."""
    whole = mask(slice(0, n)).numpy()
    parts = np.concatenate([mask(slice(i, min(i + 7, n))).numpy() for i in range(0, n, 7)])
    assert np.array_equal(whole, parts)
    return whole


def test_ties_go_to_the_smaller_key():
    scores = torch.tensor([[1.0, 3.0, 3.0, 2.0, 3.0], [0.0, -math.inf, 0.0, 0.0, 0.0]])
    assert content.first_of(scores, 2).tolist() == [
        [False, True, True, False, False], [True, False, True, False, False],
    ]  # fmt: skip
    one_each = content.first_of(scores, torch.tensor([1, 5]))
    assert one_each.sum(dim=1).tolist() == [1, 4]  # never a key that may not be seen


@pytest.mark.parametrize("causal", [True, False])
def test_topk_topp_and_threshold(causal):
    head = drawn(causal=causal)
    scores, weights = scores_of(head), weights_of(head)
    order = np.argsort(-scores, axis=1, kind="stable")
    most = same_by_rows(content.topk(head, 5), head.n)
    share = same_by_rows(content.topp(head, 0.8), head.n)
    above = same_by_rows(content.threshold(head, 0.05), head.n)
    for q in range(head.n):
        seen = q + 1 if causal else head.n
        assert set(np.flatnonzero(most[q])) == set(order[q, : min(5, seen)])
        count = next(m for m in range(1, 41) if weights[q, order[q, :m]].sum() >= 0.8)
        assert set(np.flatnonzero(share[q])) == set(order[q, :count])
    assert np.array_equal(above, weights >= 0.05)


@pytest.mark.parametrize("causal", [True, False])
def test_vertical_slash(causal):
    head = drawn(causal=causal)
    n, weights = head.n, weights_of(head)
    mask = same_by_rows(content.vertical_slash(head, 3, 4, 10, 0, 0), n)
    columns = weights[-10:].sum(axis=0)
    sums = {d: sum(weights[q, q - d] for q in range(30, 40) if 0 <= q - d < n)
            for d in range(0 if causal else 1 - n, n)}  # fmt: skip
    best = sorted(range(n), key=lambda k: (-columns[k], k))[:3]
    slashes = sorted(sums, key=lambda d: (-sums[d], abs(d)))[:4]
    for q in range(n):
        for k in range(n):
            wanted = (k in best or q - k in slashes) and (k <= q or not causal)
            assert mask[q, k] == wanted


def test_the_first_columns_and_last_diagonals_are_forced():
    mask = content.vertical_slash(drawn(), 2, 3, 10, keep_first=30, keep_diag=30)(ALL).numpy()
    tokens = np.arange(40)
    apart = tokens[:, None] - tokens
    assert np.array_equal(mask, (apart >= 0) & ((tokens < 2) | (apart < 3)))


def test_block_topk():
    head = drawn(n=38)
    mask = same_by_rows(content.block_topk(head, 8, 2), 38)
    q, k = head.q.numpy(), head.k.numpy()
    mean = lambda x, b: x[8 * b : 8 * b + 8].mean(axis=0)  # noqa: E731
    for bq in range(5):
        scores = [(-(mean(q, bq) @ mean(k, bk)), bk) for bk in range(bq + 1)]
        chosen = {bk for _, bk in sorted(scores)[:2]} | {bq}
        for row in range(8 * bq, min(8 * bq + 8, 38)):
            keys = {key for key in range(row + 1) if key // 8 in chosen}
            assert set(np.flatnonzero(mask[row])) == keys


def test_quest_keeps_the_pages_that_could_score_most():
    head = drawn(n=45)
    mask = same_by_rows(content.quest(head, page=4, budget=20), 45)
    q, k = head.q.numpy(), head.k.numpy()
    for row in range(45):
        pages = range(row // 4 + 1)
        bounds = []
        for page in pages:
            inside = k[4 * page : 4 * page + 4]
            bound = np.maximum(q[row] * inside.min(axis=0), q[row] * inside.max(axis=0)).sum()
            assert bound >= (inside @ q[row]).max() - 1e-4
            bounds.append((-bound, page))
        chosen = {page for _, page in sorted(bounds)[:5]}
        wanted = {key for key in range(row + 1) if key // 4 in chosen}
        assert set(np.flatnonzero(mask[row])) == wanted


def test_the_three_branches_of_nsa():
    group = (drawn(n=70, seed=1), drawn(n=70, seed=2))
    made = content.nsa(group, block=8, select=3, window=12)
    compressed, selected, sliding = (
        same_by_rows(one, 70) for one in (made.compressed, made.selected, made.sliding)
    )
    tokens = np.arange(70)
    apart = tokens[:, None] - tokens
    assert np.array_equal(sliding, (apart >= 0) & (apart < 12))
    for row in range(70):
        ended = [b for b in range(9) if min(8 * b + 8, 70) - 1 <= row]
        assert set(tokens[compressed[row]] // 8) == set(ended)
        total = np.zeros(9)
        for head in group:
            means = np.array([head.k.numpy()[8 * b : 8 * b + 8].mean(axis=0) for b in range(9)])
            if ended:
                score = np.exp(means[ended] @ head.q.numpy()[row] / math.sqrt(8))
                total[ended] += score / score.sum()
        total[row // 8] = np.inf
        chosen = sorted(range(row // 8 + 1), key=lambda b: (-total[b], b))[:3]
        assert set(np.flatnonzero(selected[row])) == {k for k in range(row + 1) if k // 8 in chosen}
    assert np.array_equal(made.union(ALL).numpy(), compressed | selected | sliding)


def test_lsh_sees_chunks_of_equal_hashes():
    head = drawn(n=64, causal=False)
    alike = Head(64, False, head.q, head.q, head.v)
    mask = same_by_rows(content.lsh(alike, bucket=8, rounds=1, seed=3), 64)
    others = mask.sum(axis=1)
    assert set(others.tolist()) <= {15, 16}  # two chunks of 8, without itself
    assert not mask.diagonal().any()
    more = content.lsh(alike, bucket=8, rounds=6, seed=3)(ALL).numpy()
    assert (more | mask == more).all()
    # eight bundles of eight near vectors: what is alike falls together
    centres = torch.randn((8, 8), generator=torch.Generator().manual_seed(5)).repeat(8, 1)
    bundled = centres + 0.01 * alike.q
    near = content.lsh(Head(64, False, bundled, bundled), bucket=8, rounds=2)(ALL).numpy()
    own = (np.arange(64)[:, None] % 8 == np.arange(64) % 8) & ~np.eye(64, dtype=bool)
    assert near[own].mean() > 0.9
    assert near.mean() < 0.45
    assert np.array_equal(mask, content.lsh(alike, bucket=8, rounds=1, seed=3)(ALL).numpy())
    causal = content.lsh(drawn(n=64), bucket=8, rounds=1)(ALL).numpy()
    assert causal.any(axis=1).all()
    assert not np.triu(causal, 1).any()
    with pytest.raises(HeadsError, match="no multiple of 96"):
        content.lsh(head, bucket=16 * 3)


def test_routing_joins_the_nearest_of_each_centroid():
    head = drawn(n=60, causal=False)
    mask = same_by_rows(content.routing(head, clusters=4, w=10), 60)
    assert mask.sum() <= 4 * 100
    weights = weights_of(head)
    assert (weights * mask).sum() / 60 > 1.3 * mask.mean()
    assert not np.triu(content.routing(drawn(), clusters=4, w=10)(ALL).numpy(), 1).any()


def test_saved_weights_have_no_vectors_to_choose_by():
    saved = Head(40, True, saved=torch.tensor(weights_of(drawn()), dtype=torch.float32))
    assert content.topk(saved, 3)(ALL).sum() == 1 + 2 + 38 * 3
    for choose in (content.block_topk, content.quest, content.lsh, content.routing):
        with pytest.raises(HeadsError, match="holds weights alone"):
            choose(saved, *((8, 2) if choose is content.block_topk else ()))


def test_a_real_head_keeps_what_it_looks_at():
    head = captured().head(1, 0)  # mostly the query before
    kept = (head.weights() * content.vertical_slash(head, 1, 2, 32, 0, 0)(ALL)).sum(dim=1).mean()
    assert float(kept) > 0.7


def test_heads_as_minference_configures_them():
    head = drawn(n=200)
    kinds = ("vertical_and_slash", "stream_llm", "block_sparse")
    slash, stream, blocks = (
        content.configured(head, HeadChoice(kind, 40, 20, 0.0))(ALL).numpy() for kind in kinds
    )
    assert np.array_equal(slash, content.vertical_slash(head, 40, 20)(ALL).numpy())
    shape = attention.pattern("a_shape", 200, initial=40, slash=20)
    assert np.array_equal(stream, shape.dense())
    assert np.array_equal(blocks, content.block_topk(head, 32, 100)(ALL).numpy())
    with pytest.raises(HeadsError, match="causal"):
        content.configured(drawn(causal=False), HeadChoice("stream_llm", 1, 1, 0.0))


def test_a_configuration_of_minference():
    text = json.dumps([
        {"0": ["vertical_and_slash", 1000, 6096, 336574.0], "1": ["stream_llm", 128, 1024, 1]},
        {"0": ["vertical_and_slash", 30, 800, 0.99]},
    ])  # fmt: skip
    layers = read_configuration(text)
    assert layers[0][1] == HeadChoice("stream_llm", 128, 1024, 1.0)
    assert layers[1] == {0: HeadChoice("vertical_and_slash", 30, 800, 0.99)}
    for bad, words in (
        ("{", "no JSON"), ("{}", "a list of"), ("[]", "a list of"), ("[3]", "layer 0 must"),
        ('[{"a": []}]', "'a', which is no number"), ('[{"0": [1]}]', "must be .kind"),
        ('[{"0": ["magic", 1, 2, 3]}]', "of kind 'magic'"),
        ('[{"0": ["stream_llm", -1, 2, 3]}]', "whole numbers"),
        ('[{"0": ["stream_llm", true, 2, 3]}]', "whole numbers"),
    ):  # fmt: skip
        with pytest.raises(PatternError, match=words):
            read_configuration(bad)
