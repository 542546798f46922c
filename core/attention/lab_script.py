"""The attention lab's state as a script on the core API that prints the same numbers."""

from __future__ import annotations

from zoetrope.core.attention.lab_build import build
from zoetrope.core.attention.lab_parameters import AttentionParameters

MOST_WRITTEN = 20_000  # characters of a pattern's JSON that a script holds


def script(parameters: AttentionParameters) -> str:
    """Return a script that makes the pattern and computes what the page shows."""
    pattern, _ = build(parameters)
    text = pattern.to_json()
    if len(text) > MOST_WRITTEN:
        text = ""
    made = (
        f"from_json({text!r})" if text
        else "from_json(open('pattern.json').read())  # the action “Copy as JSON” writes it"
    )  # fmt: skip
    q, k = min(parameters.query, pattern.n - 1), min(parameters.key, pattern.n - 1)
    return f"""\
from zoetrope.core.attention import block_cost, cost, from_json

pattern = {made}
print(pattern.title)
print("query {q} sees key {k}:", bool(pattern.mask({q}, {k})))
layer = cost(
    pattern, d_head={parameters.d_head}, heads={parameters.heads}, batch={parameters.batch},
    dtype={parameters.dtype!r},
)
print(layer)
"""
