"""The pages about real heads as scripts on the core API that print the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoetrope.core.attention.lab_parameters import AttentionParameters

FOUND = """\
head = found.head(*divmod(min({number}, found.layers * found.heads - 1), found.heads))
"""
STATS = """\
stats = heads.head_stats(head)
print("support", stats.support)
print("distance", stats.distance)
places = [(i, j) for i in range(found.layers) for j in range(found.heads)]
every = [heads.head_stats(found.head(*place)) for place in places]
print("mean_support", sum(one.support for one in every) / len(every))
print("first", sum(one.first for one in every) / len(every))
"""
ROLLOUT = """\
token = min({token}, found.n - 1)
row = head.weights()[token]
for key in row.argsort(descending=True, stable=True)[:10].tolist():
    print(found.tokens.words[key], float(row[key]))
shares = heads.rollout(found, token, {alpha!r})
print("within", attention.band(shares, token, 0.9))
"""
CONFIGURATION = """\
if found.causal:
    layers = read_configuration(Path({file!r}).read_text("utf-8"))
    budget = replace(budget, configuration=layers)
"""
BUDGET = """\
budget = heads.at_budget(found.n, found.causal, {budget!r})
"""
TOLERANCE = """\
kept = heads.tolerance(head, budget.masks(head))
for name, one in kept.items():
    print(name, one.mass, one.error, one.efficiency)
"""
EFFECT = """\
family = {family!r} if {family!r} in budget.names else "window"
effect = heads.effect(model, text, lambda head: budget.mask(head, family))
print(effect.change if found.causal else effect.cosine)
"""


def heads_script(parameters: AttentionParameters) -> str:
    """Return a script that loads the model and computes what the page shows."""
    text = parameters.text.strip()
    of_file = parameters.family == "minference" and parameters.page == "tolerance"
    parts = []
    if of_file:
        parts.append("from dataclasses import replace\n")
    if of_file or parameters.model in ("arrays", "folder"):
        parts.append("from pathlib import Path\n\n")
    parts.append("from zoetrope.core import attention\nfrom zoetrope.core.attention import heads\n")
    if of_file:
        parts.append("from zoetrope.core.attention.minference import read_configuration\n")
    parts.append("\n")
    if parameters.model == "arrays":
        file, causal = parameters.arrays_file, parameters.arrays_causal
        parts.append(f"found = heads.read_arrays(Path({file!r}), causal={causal})\n")
    else:
        name = parameters.model
        source = repr(name) if name != "folder" else f"Path({parameters.model_file!r}).parent"
        if name == "folder":
            source = f"str({source})"
        parts.append(f"text = {text!r}\n" if text else "text = heads.ALICE\n")
        parts.append(f"model = heads.load({source})\nfound = heads.capture(model, text)\n")
    parts.append(FOUND.format(number=parameters.head_number))
    if parameters.page == "heads":
        parts.append(STATS)
    elif parameters.page == "head":
        parts.append(ROLLOUT.format(token=parameters.token, alpha=parameters.alpha))
    else:
        parts.append(BUDGET.format(budget=parameters.budget))
        if of_file:
            parts.append(CONFIGURATION.format(file=parameters.configuration_file))
        parts.append(TOLERANCE)
        if (
            parameters.model != "arrays"
            and parameters.scope == "all"
            and parameters.family != "own"
        ):
            parts.append(EFFECT.format(family=parameters.family))
    return "".join(parts)
