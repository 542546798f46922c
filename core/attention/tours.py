"""The tour of attention patterns: what is kept, what still gets through, and what it costs."""

from zoetrope.core.lab import Animate
from zoetrope.core.tours import Tour, TourStep

TOURS = (
    Tour(
        "patterns",
        "What a pattern keeps",
        "Leave out nearly all pairs of tokens, and see what still gets through and what it costs.",
        (
            TourStep(
                "Every pair",
                "Full attention: each of 1,024 queries, downwards, sees each of 1,024 keys, "
                "across. That makes 1,048,576 pairs, and four times as many for twice the tokens.",
                {"pattern": "full"},
            ),
            TourStep(
                "A window",
                "Only the last keys are kept, 16 at first and 256 in the end. The work follows: "
                "from 1.6 % of full attention to 21.9 %. What lies farther back is not seen at "
                "all.",
                {"pattern": "sliding"},
                Animate("window", 16, 256, seconds=5.0, back=False),
            ),
            TourStep(
                "A window and a stride",
                "The last l keys and every l-th before them, for l from 8 to 128. The work is "
                "least, 4.3 % of full attention, near l = √(n/2), which is 23 here, and grows on "
                "both sides.",
                {"pattern": "strided"},
                Animate("stride", 8, 128, seconds=6.0, back=False),
            ),
            TourStep(
                "Two layers reach every key",
                "Query 200 does not see key 37. In two layers it hears it all the same: one step "
                "lands on token 40, which has key 37 in its window.",
                {"page": "graph", "n": 256, "stride": 16, "query": 200, "key": 37},
            ),
            TourStep(
                "A million tokens",
                "Of 1,048,576 keys a query sees 1,535 on average, 0.15 % of full attention. Only "
                "the logarithm of the density still shows them. Turn the wheel over the matrix to "
                "zoom in to single tokens.",
                {
                    "page": "pattern",
                    "n": 1_048_576,
                    "stride": 1024,
                    "query": 700_000,
                    "key": 500_000,
                },
            ),
            TourStep(
                "Work is not memory",
                "With 4,096 tokens this pattern needs 2.3 % of the work, yet up to 4,031 keys must "
                "stay in the cache: each is in somebody’s column. And kernels that compute blocks "
                "of 128 do 22 times what is needed.",
                {"page": "costs", "n": 4096, "stride": 64},
            ),
        ),
    ),
)
