"""The attention lab's state as a script on the core API that prints the same numbers."""

from __future__ import annotations

from zoetrope.core.attention.heads.heads_choices import HEADS_PAGES
from zoetrope.core.attention.heads.heads_script import heads_script
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_reach import affordable_layers
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.seed_page import SCORES, shown_size

MOST_WRITTEN = 20_000  # characters of a pattern's JSON that a script holds


def script(parameters: AttentionParameters) -> str:
    """Return a script that makes the pattern and computes what the page shows."""
    if parameters.page in HEADS_PAGES:
        return heads_script(parameters)
    if parameters.page == "seed":
        return _seed(parameters)
    study = Study(parameters)
    counted = study.pattern.count is not None or study.countable
    text = study.pattern.to_json()
    made = f"from_json({text!r})"
    if len(text) > MOST_WRITTEN:
        made = 'from_json(open("pattern.json").read())  # the action “Copy as JSON” writes it'
    q, k = (min(token, study.n - 1) for token in (parameters.query, parameters.key))
    parts = [
        "from zoetrope.core import attention\nfrom zoetrope.core.attention import from_json\n\n"
        f"pattern = {made}\nprint(pattern.title)\n"
        f'print("pair", bool(pattern.mask({q}, {k})))\n'
    ]
    if counted:
        parts.append('print("nnz", pattern.nnz())\nprint("keys", pattern.nnz() / pattern.n)\n')
    size = int(parameters.hardware_block)
    layers = affordable_layers(study.schedule, parameters.layers)
    if parameters.page == "pattern" and counted and study.countable_blocks(size):
        parts.append(f'print("waste", attention.block_cost(pattern, {size}).waste)\n')
    elif parameters.page == "costs" and counted:
        parts.append(_costs(parameters))
    elif parameters.page == "reach" and layers:
        parts.append(f"schedule = {_schedule(study)}\n{_reach(q, layers, parameters.alpha)}")
    elif parameters.page == "layers":
        parts.append(_heads(study, parameters))
    elif parameters.page == "graph" and layers:
        parts.append(
            f"schedule = {_schedule(study)}\n"
            f"chain = attention.path(schedule, {q}, {k}, {layers})\n"
            'print("hops", len(chain) - 1 if chain else "more")\nprint("chain", chain)\n'
        )
    return "".join(parts)


def _schedule(study: Study) -> str:
    if study.schedule == [study.pattern]:
        return "[pattern]"
    return "[" + ", ".join(f"from_json({one.to_json()!r})" for one in study.schedule) + "]"


def _heads(study: Study, p: AttentionParameters) -> str:
    layer = study.layers[(p.layer - 1) % len(study.layers)]
    heads = ", ".join(f"from_json({one.to_json()!r})" for one in layer.heads.patterns)
    return f"""\
heads = attention.Heads(({heads},))
pairs, union = heads.nnz(), heads.merged().nnz()
print("pairs", pairs)
print("union", union)
print("times", pairs / union)
"""


def _costs(p: AttentionParameters) -> str:
    return f"""\
layer = attention.cost(
    pattern, d_head={p.d_head}, heads={p.heads}, batch={p.batch}, dtype={p.dtype!r}
)
print("flops", layer.matmul_flops)
print("stream", layer.stream_bytes)
print("scores", layer.score_bytes)
"""


def _reach(q: int, layers: int, alpha: float) -> str:
    return f"""\
print("reached", attention.reach(schedule, {q}, {layers})[-1])
shares = attention.influence(schedule, {q}, {layers}, {alpha!r})
for share in (0.5, 0.9, 0.99):
    print(f"within_{{share:g}}", attention.band(shares, {q}, share))
"""


def _seed(p: AttentionParameters) -> str:
    n, rate = shown_size(p)
    causal = f", causal={p.causal}"
    rule = "d % r == 0 and abs(d) < r * r" + (" and d >= 0" if p.causal else "")
    return f"""\
import numpy as np

from zoetrope.core.attention import expr, pattern

article = pattern("sparse", {n}, rate={rate}{causal})
coded = pattern("atrous", {n}, rate={rate}{causal})
doubled = expr({rule!r}, {n}, r={rate})
print("article", article.nnz())
print("coded", coded.nnz())
print("missing", (article & ~coded).nnz())
print("doubled", doubled.nnz())
scores = np.random.default_rng({p.seed}).normal(0.0, 1.5, {SCORES}).astype(np.float32)
print("equal", len(np.unique(scores - np.float32(1e10))))
"""
