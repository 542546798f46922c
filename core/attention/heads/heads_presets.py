"""Heads worth looking at."""

from zoetrope.core.lab import Preset

HEADS_PRESETS = (
    Preset("heads_spread", "A small model’s heads",
           "Layer 0 spreads over 42 to 60 keys, layer 1 looks at 3 to 8: one pattern cannot suit "
           "both.", {"page": "heads"}),
    Preset("heads_near", "A head that looks back one or two",
           "Layer 1, head 0: 69 % of its mass lies one or two tokens back, and a window of an "
           "eighth of the pairs keeps 96 %.",
           {"page": "head", "head_number": 4, "budget": 0.125, "token": 44}),
    Preset("heads_tolerance", "Which pattern would each head tolerate?",
           "With a quarter of the pairs, 8 of 16 heads lose less than a quarter of their output; "
           "random keys and the heaviest bound what any pattern can do.", {"page": "tolerance"}),
    Preset("heads_atrous", "Every fourth key is the wrong quarter",
           "As many pairs as the window, but far apart: the next-token loss grows by 0.88 nats.",
           {"page": "tolerance", "family": "atrous"}),
    Preset("mask_saves_nothing", "A mask alone saves nothing",
           "A window of 256 among 16,384 tokens, to be measured on this machine: the dense kernel "
           "with a mask computes every pair all the same.",
           {"page": "savings", "pattern": "sliding", "window": 256, "n": 16_384}),
    Preset("heads_nsa", "The three branches of one head",
           "NSA in layer 1, head 1: block means cover 92 % of its mass, selected blocks 67 % and "
           "the last keys 61 %; key by key it sees 78 %.",
           {"page": "head", "family": "nsa", "head_number": 5, "token": 44}),
    Preset("heads_content", "Columns and diagonals chosen by content",
           "Vertical-slash keeps what the last queries look at: an error of 0.10 where the window "
           "has 0.20, at more pairs.",
           {"page": "head", "family": "vertical_slash", "head_number": 5, "token": 100}),
)  # fmt: skip
