"""Sentences and numbers that every page of the attention lab shows."""

from __future__ import annotations

from zoetrope.core.attention import conventions
from zoetrope.core.attention.cost_model import FORMULAS
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.lab_choices import CONTROLS, READS
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_patterns import about, own_convention, read_window
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.lab_words import count_words, share_words
from zoetrope.core.lab import Notice, Readout

IN_BLOCKS = ("block", "bigbird", "dilated_blocks", "drawn")


def notices(study: Study, parameters: AttentionParameters) -> list[Notice]:
    """What must be said of the pattern: what it is, what was made to fit, what sees nothing."""
    found = [Notice(about(parameters)), *study.said]
    if rest := _ragged(study, parameters):
        found.append(Notice(
            f"The last block has {rest:,} tokens, less than a block; DeepSpeed’s and BigBird’s own "
            "code would refuse this length.", parameter="block",
        ))  # fmt: skip
    count = study.count().result
    if count is not None and count.dead:
        many = f"{count.dead:,} queries see" if count.dead > 1 else "One query sees"
        found.append(
            Notice(f"{many} no key: their output is 0, and a naive softmax makes it NaN.",
                   "warning")
        )  # fmt: skip
    if count is not None and not count.exact:
        found.append(
            Notice(f"With {study.n:,} tokens this pattern’s pairs are estimated from a sample; "
                   "choose fewer tokens for exact numbers.", "warning", "n")
        )  # fmt: skip
    return found


def _ragged(study: Study, parameters: AttentionParameters) -> int:
    """Return the tokens of a last block that is not whole; 0 where there is none."""
    if parameters.pattern not in IN_BLOCKS:
        return 0
    return study.n % min(parameters.block, study.n)


def readouts(study: Study) -> list[Readout]:
    """The numbers of the whole pattern, each with its formula."""
    count = study.count().result
    if count is None:
        return []
    n, pairs = study.n, count.nnz
    return [
        Readout("nnz", "Pairs", pairs if count.exact else f"about {count_words(pairs)}",
                symbol="nnz", help="Allowed pairs of a query and a key."),
        Readout("keys", "Keys of a query", pairs / n, help="nnz / n: the mean over all queries."),
        Readout("share_of_full", "Of full attention", share_words(pairs / n**2),
                help=FORMULAS["share_of_full"]),
        Readout("share_of_causal", "Of causal attention", share_words(2 * pairs / (n * (n + 1))),
                help=FORMULAS["share_of_causal"]),
    ]  # fmt: skip


def window_readouts(study: Study, parameters: AttentionParameters) -> list[Readout]:
    """What the window means, and the number that means the same elsewhere."""
    if parameters.pattern not in READS:
        return []
    own, window = own_convention(parameters), min(read_window(parameters), study.n)
    said = conventions.explained(own, window).replace("-", "−")
    if "dilation" in CONTROLS[parameters.pattern] and parameters.dilation > 1:
        said = said.replace("q − k", f"(q − k) / {min(parameters.dilation, study.n):,}")
    return [
        Readout("window", "Window", said,
                help="The distances that an interior query sees. Elsewhere: "
                + "; ".join(elsewhere(window, own, parameters.block)) + ".")
    ]  # fmt: skip


def elsewhere(window: int, own: str, block: int) -> list[str]:
    """Say which number means the same in each other convention."""
    found = []
    for name, convention in conventions.CONVENTIONS.items():
        if name == own:
            continue
        try:
            number = conventions.translate(window, own, name, block)
        except PatternError:
            continue
        found.append(f"{number:,} in {convention.libraries.split(';')[0]}")
    return found or ["no other convention has a number for it"]
