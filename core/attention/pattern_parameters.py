"""The controls that say which pattern it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from zoetrope.core import parameters as declared
from zoetrope.core.attention.lab_choices import CONVENTIONS, PATTERN_PAGES, PATTERNS
from zoetrope.core.parameters import Parameters

# all of these stand on the pages about patterns, and not on those about real heads
_declarations = (
    declared.choice, declared.data_file, declared.number, declared.switch, declared.table,
    declared.text, declared.whole,
)  # fmt: skip
choice, data_file, number, switch, table, text, whole = (
    partial(declare, pages=tuple(PATTERN_PAGES)) for declare in _declarations
)

MOST_TOKENS = 1 << 24
MOST_PAINTED = 128  # blocks a side

# What only some patterns listen to: it stands unfolded while they are chosen.
_whole = partial(whole, group="Pattern", folded=True)
_number = partial(number, group="Pattern", folded=True)
_switch = partial(switch, group="Pattern", folded=True)
_text = partial(text, group="Pattern", folded=True)
_own_text = partial(text, group="Your own", folded=True)
_own_whole = partial(whole, group="Your own", folded=True)
_own_table = partial(table, group="Your own", folded=True)
_own_data_file = partial(data_file, group="Your own", folded=True)


@dataclass(frozen=True)
class PatternParameters(Parameters):
    """Which query may attend to which key: a pattern and its numbers."""

    pattern: str = choice(
        "strided", "Pattern", PATTERNS, group="Pattern",
        help="Which keys each query may attend to. What it needs stands below the picture.",
    )  # fmt: skip
    n: int = whole(
        1024, "Tokens", 4, MOST_TOKENS, symbol="n", log=True, step=1.0, group="Pattern",
        help="The length of the sequence, up to 16,777,216. Grids, documents and files set it. "
        "Type 64k for 64,000, 64Ki for 65,536, 1Mi for 1,048,576.",
    )  # fmt: skip
    stride: int = whole(
        32, "Stride or rate", 1, MOST_TOKENS, log=True, step=0.1, slider=(1, 65_536),
        group="Pattern",
        help="Every how many keys one is kept: r of atrous and sparse, l of strided and fixed. The "
        "action “Least work” sets √(n/2), with which strided does the least.",
    )  # fmt: skip
    window: int = whole(
        128, "Window", 1, MOST_TOKENS, log=True, step=0.1, slider=(1, 65_536), group="Pattern",
        help="How many keys near the query are seen; “Window written as” says how it is counted.",
    )  # fmt: skip
    written_as: str = choice(
        "own", "Window written as", CONVENTIONS, group="Pattern",
        help="The same number means W, W + 1 or 2w + 1 keys in different libraries. Choose whose "
        "number you have; below the picture stands which distances it means.",
    )  # fmt: skip
    block: int = _whole(
        64, "Block size", 1, 1 << 20, log=True, step=1.0, slider=(1, 4096),
        help="Tokens of a block, in patterns made of blocks and where blocks are drawn.",
    )  # fmt: skip
    causal: bool = _switch(
        False, "Causal",
        help="No query sees a key behind itself in time. Many patterns are causal by definition.",
    )  # fmt: skip
    sinks: int = _whole(
        4, "Initial keys", 0, 65_536, slider=(0, 1024),
        help="The first keys, which every query sees: attention sinks.",
    )  # fmt: skip
    globals: str = _text(
        "0", "Global tokens", longest=4000,
        help="Tokens that see all and are seen by all, as “0, 5, 100-103”.",
    )  # fmt: skip
    summary: int = _whole(
        1, "Summary keys", 1, 65_536, symbol="c", log=True, step=0.1, slider=(1, 256),
        help="The last keys of every block that all later queries see, in the fixed pattern.",
    )  # fmt: skip
    height: int = _whole(
        32, "Grid height", 1, 4096, log=True, step=0.1,
        help="Rows of the grid of tokens; height times width is n.",
    )  # fmt: skip
    width: int = _whole(
        32, "Grid width", 1, 4096, log=True, step=0.1,
        help="Columns of the grid of tokens; height times width is n.",
    )  # fmt: skip
    kernel_height: int = _whole(
        7, "Kernel height", 1, 1024, slider=(1, 64),
        help="Rows of the neighbourhood on the grid; the side of Swin’s windows.",
    )  # fmt: skip
    kernel_width: int = _whole(
        7, "Kernel width", 1, 1024, slider=(1, 64),
        help="Columns of the neighbourhood on the grid.",
    )  # fmt: skip
    dilation: int = _whole(
        1, "Dilation", 1, 65_536, log=True, step=0.1, slider=(1, 64),
        help="Only every so manieth neighbour is seen.",
    )  # fmt: skip
    tile: int = _whole(
        4, "Tile", 1, 64,
        help="The side of the tiles that sliding tile attention moves in.",
    )  # fmt: skip
    shift: int = _whole(
        0, "Shift", 0, 1024, slider=(0, 64),
        help="How far Swin’s windows are shifted, in every second layer by half a window.",
    )  # fmt: skip
    query_stride: int = _whole(
        1, "Queries that share a window", 1, 1024, slider=(1, 64),
        help="NATTEN’s stride: so many neighbouring queries see the same keys.",
    )  # fmt: skip
    block_window: int = _whole(
        3, "Blocks of the window", 1, 1024, slider=(1, 31),
        help="BigBird: the query’s own block and those on both sides.",
    )  # fmt: skip
    global_blocks: int = _whole(
        1, "Global blocks", 0, 64,
        help="BigBird: blocks that see all and are seen by all.",
    )  # fmt: skip
    random_blocks: int = _whole(
        3, "Random blocks", 0, 64,
        help="BigBird: blocks drawn for every row of blocks.",
    )  # fmt: skip
    both_ends: bool = _switch(
        False, "Global at both ends",
        help="BigBird: the last blocks are global as well as the first, as in Google’s code.",
    )  # fmt: skip
    probability: float = _number(
        0.1, "Probability", 0.0, 1.0, symbol="p", step=0.01,
        help="Of every block of a random pattern.",
    )  # fmt: skip
    level: int = _whole(
        0, "Butterfly level", 0, 23,
        help="Which bit of its number a token’s partner differs in; one level a layer.",
    )  # fmt: skip
    offset: int = _whole(
        0, "Offset", 0, 65_536, slider=(0, 64),
        help="LongNet: which residue of the stride is kept; each head has another.",
    )  # fmt: skip
    prefix: int = _whole(
        256, "Prefix", 0, MOST_TOKENS, slider=(0, 65_536),
        help="Tokens at the start that all see.",
    )  # fmt: skip
    last: int = _whole(
        100, "Last full rows", 0, 65_536, slider=(0, 1024),
        help="Tri-shape: so many queries at the end see everything before them.",
    )  # fmt: skip
    dense: int = _whole(
        0, "Dense part", 0, 65_536, slider=(0, 8192),
        help="Initial keys and odd distances: up to here every distance is seen.",
    )  # fmt: skip
    furthest: int = _whole(
        8191, "Furthest odd distance", 1, MOST_TOKENS, log=True, step=0.1, slider=(1, 65_536),
        help="Initial keys and odd distances: up to here odd distances are seen.",
    )  # fmt: skip
    lengths: str = _text(
        "300, 200, 524", "Document lengths", longest=4000,
        help="Tokens of each packed document; they add up to n.",
    )  # fmt: skip
    continues: str = _text(
        "-1, 0, 0", "Continues document", longest=4000,
        help="Shared prefix: for every document the number of that whose keys it shares, or −1.",
    )  # fmt: skip
    parents: str = _text(
        "-1, 0, 0, 1, 1, 2, 2", "Parents in the tree", longest=4000,
        help="Tree: for each node the number of its parent, −1 for a root; a prefix fills n.",
    )  # fmt: skip
    seed: int = _whole(
        0, "Seed", 0, 2**31 - 1, seed=True,
        help="Of patterns with random parts.",
    )  # fmt: skip
    rule: str = _own_text(
        "q >= k and (d < stride or d % stride == 0)", "Rule", longest=400,
        help="Whether query q sees key k; d is q − k. Whole numbers, + − * // %, comparisons, and, "
        "or, not, abs, min, max, ispow2. It may use stride, window, block, sinks, c and seed.",
    )  # fmt: skip
    formula: str = _own_text(
        "A | B", "Combination", longest=200,
        help="Of saved patterns: A | B either, A & B both, ~A the rest, A.T exchanged.",
    )  # fmt: skip
    painted: tuple[tuple[float, ...], ...] = _own_table(
        "Painted blocks", ("row", "column"), low=0, high=MOST_PAINTED - 1,
        most_rows=MOST_PAINTED**2, noun="block",
        help="The blocks of a drawn pattern; paint and erase them on the page Compose.",
    )  # fmt: skip
    mask_file: str = _own_data_file(
        "Mask file", endings=(".npy", ".npz", ".png", ".json"),
        help="A square array of true and false, or 0 and 1; a PNG, in which dark pixels attend; up "
        "to 4,096 tokens. Or JSON: a pattern that was exported here, or MInference’s heads.",
    )  # fmt: skip
    file_layer: int = _own_whole(
        0, "Layer in the file", 0, 1023,
        help="Of a configuration of MInference, from 0.",
    )  # fmt: skip
    file_head: int = _own_whole(
        0, "Head in the file", 0, 1023,
        help="Of a configuration of MInference, from 0.",
    )  # fmt: skip
    saved: str = _own_text(
        "", "Saved patterns", longest=20_000,
        help="What the actions “Save as A” and so on keep: each pattern’s controls, as JSON.",
    )  # fmt: skip
