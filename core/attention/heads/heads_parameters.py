"""The parameters of the pages about real heads: a model, a text, a head, a pattern at a budget."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.attention.heads.heads_choices import (
    FAMILIES,
    HEADS_PAGES,
    MEASURES,
    MODELS,
    ORDERS,
    SCOPES,
    SHOWN,
)
from zoetrope.core.parameters import Parameters, choice, data_file, number, switch, text, whole

EVERY = tuple(HEADS_PAGES)
MOST_HEADS = 1 << 16
MOST_TOKENS = 1 << 14  # of saved arrays: every pair of a head is gone through, block by block


@dataclass(frozen=True)
class HeadsParameters(Parameters):
    """Whose heads, on what text, and what they are restricted to."""

    model: str = choice(
        "glass-en", "Model", MODELS, group="Model", pages=EVERY,
        help="Whose heads are looked at, all without a network: small models from PyPI packages, a "
        "folder of BERT, RoBERTa, DistilBERT or GPT-2, or arrays that you saved.",
    )  # fmt: skip
    text: str = text(
        "", "Text", longest=20_000, group="Model", pages=EVERY,
        help="What the model reads; what does not fit is cut off. Empty: the opening of Alice in "
        "Wonderland.",
    )  # fmt: skip
    model_file: str = data_file(
        "Weights in a folder", endings=(".safetensors",), group="Model", folded=True, pages=EVERY,
        help="The model.safetensors of a folder with config.json and the vocabulary beside it. "
        "Pickles are never opened.",
    )  # fmt: skip
    arrays_file: str = data_file(
        "Saved arrays", endings=(".npz", ".npy", ".safetensors"), group="Model", folded=True,
        pages=EVERY,
        help="Attention weights named attentions, layers × heads × n × n, or q, k and v, "
        "layers × heads × n × d.",
    )  # fmt: skip
    arrays_causal: bool = switch(
        False, "Saved q, k and v are causal", group="Model", folded=True, pages=EVERY,
        help="Whether queries in the file see only keys up to themselves, as in a model that "
        "predicts the next token. Saved weights show it themselves.",
    )  # fmt: skip
    head_number: int = whole(
        5, "Head", 0, MOST_HEADS - 1, group="Head", live=True, pages=EVERY, slider=(0, 71),
        help="Counted through the layers: in glassllm, with 4 heads a layer, 5 is head 1 of layer "
        "1. Click on a head to choose it; a number beyond the last is the last.",
    )  # fmt: skip
    token: int = whole(
        44, "Token", 0, MOST_TOKENS - 1, group="Head", live=True, pages=("head", "tolerance"),
        slider=(0, 511),
        help="The query whose weights are shown. Click on a word; a number beyond the last is the "
        "last.",
    )  # fmt: skip
    measure: str = choice(
        "support", "Numbers of heads", MEASURES, group="Head", live=True, pages=("heads",),
        help="What the map on the right says of each head, the mean over its queries.",
    )  # fmt: skip
    specials: bool = switch(
        True, "Count special tokens", group="Head", live=True, folded=True, pages=("heads",),
        help="Whether [CLS], [SEP] and their like count as queries in the means. They hold much of "
        "the mass as keys either way.",
    )  # fmt: skip
    family: str = choice(
        "window", "Restricted to", FAMILIES, group="Restriction", live=True, pages=EVERY,
        help="Which keys a head may see, as many as the budget allows. Causal heads take the "
        "causal pattern of that name.",
    )  # fmt: skip
    budget: float = number(
        0.25, "Budget", 0.01, 1.0, log=True, step=0.1, group="Restriction", live=True, pages=EVERY,
        help="The share of its pairs that a head may use: of all n², or of the n(n + 1)/2 of a "
        "causal head. Each pattern takes the numbers that come nearest.",
    )  # fmt: skip
    configuration_file: str = data_file(
        "Heads of MInference", endings=(".json",), group="Restriction", folded=True, pages=EVERY,
        help="JSON as MInference writes it: for each layer its heads with [kind, v, s, score]. "
        "Each head that it names takes its own kind and numbers, whatever the budget; the others "
        "keep all keys.",
    )  # fmt: skip
    scope: str = choice(
        "all", "Apply to", SCOPES, group="Restriction", live=True, pages=("tolerance",),
        help="Which heads are restricted when the effect on the whole model is measured.",
    )  # fmt: skip
    measure_savings: bool = switch(
        False, "Measured", group="Cost", live=True, pages=("savings",),
        help="Time and memory on this machine: softmax written out, torch’s dense kernel, that "
        "kernel with a mask, and attend, each in a process of its own, up to 16,384 tokens.",
    )  # fmt: skip
    shown: str = choice(
        "error", "Table shows", SHOWN, group="Restriction", live=True, pages=("tolerance",),
        help="Error: ‖sparse − dense‖ / ‖dense‖ of the head’s output. Mass: the mean share of its "
        "weights kept. Efficiency: where that lies between as many random keys of each query, 0, "
        "and as many of the heaviest, 1.",
    )  # fmt: skip
    heads_order: str = choice(
        "model", "Order of heads", ORDERS, group="Restriction", live=True, folded=True,
        pages=("tolerance",),
        help="As in the model, or the heads first whose best pattern loses least.",
    )  # fmt: skip
