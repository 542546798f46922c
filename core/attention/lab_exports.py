"""What the attention lab gives away beside pictures and tables: code, JSON, CSR, blocks, LaTeX."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from zoetrope.core.attention.blocks import Layout, part_steps
from zoetrope.core.attention.cost_model import cost
from zoetrope.core.attention.flex_module import module
from zoetrope.core.attention.lab_choices import CONTROLS, PATTERNS
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.lab_tables import tables_job
from zoetrope.core.attention.lab_words import bytes_words, count_words, share_words
from zoetrope.core.attention.scores import alibi_code, soft_cap_code
from zoetrope.core.lab import Action, OwnFile
from zoetrope.core.long_work import Job

SOFT_CAP = 50.0
MOST_COPIED = 1 << 14  # numbers in the tables of a copied file
MOST_WRITTEN_BLOCKS = 512  # a side


def text_jobs(study: Study, parameters: AttentionParameters) -> Iterator[Job[Any]]:
    """Yield what makes the texts: at once, when the pairs are counted."""
    yield _flex(study, parameters)
    yield _json(study)


def file_jobs(study: Study, parameters: AttentionParameters) -> Iterator[Job[Any]]:
    """Yield what makes the tables and the other files: last, they may take a while."""
    yield tables_job(study)
    yield layout_job(study, int(parameters.hardware_block))


def files(study: Study, parameters: AttentionParameters) -> dict[str, OwnFile]:
    """Return what is there now to write as files, by what their names end in."""
    size = int(parameters.hardware_block)
    flex, text = _flex(study, parameters).result, _json(study).result
    layout, row = layout_job(study, size).result, latex_row(study, parameters)
    found: dict[str, OwnFile] = {}
    if flex:
        found["py"] = OwnFile("FlexAttention module", flex)
    if text:
        found["pattern.json"] = OwnFile("Pattern as JSON", text)
    csr = _csr(study)
    if csr is not None:
        found["csr.npz"] = OwnFile("Mask as SciPy’s CSR", csr)
    if layout is not None:
        found["blocks.csv"] = OwnFile(f"Blocks of {size}", layout)
    if row:
        found["tex"] = OwnFile("LaTeX row", row + "\n")
    return found


def copies(
    study: Study, parameters: AttentionParameters, wanted: Collection[str]
) -> tuple[Action, ...]:
    """Return what can be copied out, of "flex", "json" and "latex"."""
    known = {
        "flex": ("Copy FlexAttention code",
                 "A Python file with the mask_mod, the block mask and a check of itself.",
                 _flex(study, parameters).result or ""),
        "json": ("Copy as JSON", "The pattern, as from_json reads it.", _json(study).result or ""),
        "latex": ("Copy LaTeX row", "Name, n, pairs, shares, products and bytes.",
                  latex_row(study, parameters)),
    }  # fmt: skip
    return tuple(
        Action(key, label, about, enabled=bool(text), copy=text)
        for key, (label, about, text) in known.items()
        if key in wanted
    )


def _flex(study: Study, parameters: AttentionParameters) -> Job[str]:
    score, heads = parameters.score, parameters.heads

    count = study.count().result

    def steps() -> Iterator[str]:
        if count is not None and _short(study):
            pattern, nnz = study.pattern, count.nnz if count.exact else None
            yield module(pattern.rule, pattern.title, nnz, score=score_code(score, heads))

    return study.jobs.get("flex", (count is None, score, heads), steps)


def score_code(score: str, heads: int) -> str:
    """Return the score_mod that goes with the mask, as code; "" for none."""
    if score == "alibi":
        return alibi_code(heads)
    return soft_cap_code(SOFT_CAP) if score == "soft_cap" else ""


def _json(study: Study) -> Job[str]:
    def steps() -> Iterator[str]:
        if _short(study):
            yield study.pattern.to_json()

    return study.jobs.get("json", None, steps)


def _short(study: Study) -> bool:
    return sum(len(table) for table in study.pattern.rule.tables.values()) <= MOST_COPIED


def _csr(study: Study) -> Mapping[str, Any] | None:
    """Return the mask as `scipy.sparse.load_npz` reads it, where all pairs are listed."""
    tables = tables_job(study).result or {}
    if "indptr" not in tables:
        return None
    return {
        "format": np.array(b"csr"),
        "shape": np.array((study.n, study.n)),
        "indptr": tables["indptr"],
        "indices": tables["key"],
        "data": np.ones(len(tables["key"]), dtype=bool),
    }


def layout_job(study: Study, size: int) -> Job[str]:
    """The blocks as lines of 0 (empty), 1 (partial) and 2 (full), where they are few."""

    def steps() -> Iterator[str | None]:
        blocks = -(-study.n // size)
        if blocks > MOST_WRITTEN_BLOCKS or not study.countable_blocks(size):
            return
        for found in part_steps(study.pattern, size, (0, blocks), (0, blocks)):
            yield None if found is None else _lines(found)

    return study.jobs.get("layout file", size, steps)


def _lines(layout: Layout) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in layout.tolist())


def latex_row(study: Study, parameters: AttentionParameters) -> str:
    """Return "Strided & 1024 & 66560 & 6.3 \\% ..." or nothing while the count is not known."""
    pattern = study.counted()
    if pattern is None:
        return ""
    layer = cost(pattern, parameters.d_head, parameters.heads, parameters.batch, parameters.dtype)
    numbers = ", ".join(
        f"{control.replace('_', ' ')} {getattr(parameters, control)}"
        for control in dict.fromkeys(CONTROLS[parameters.pattern].values())
        if isinstance(getattr(parameters, control), int)
    )
    cells = [
        f"{PATTERNS[parameters.pattern]} ({numbers})" if numbers else PATTERNS[parameters.pattern],
        f"{study.n}",
        f"{layer.nnz}",
        _percent(layer.share_of_full),
        _percent(layer.share_of_causal),
        count_words(layer.matmul_flops)
        if layer.matmul_flops < 10_000
        else _scientific(layer.matmul_flops),
        bytes_words(layer.stream_bytes),
    ]
    return " & ".join(cells) + r" \\"


def _percent(share: float) -> str:
    words = share_words(share)
    return rf"{_scientific(100 * share)} \%" if "×" in words else words.replace("%", r"\%")


def _scientific(value: float) -> str:
    mantissa, power = f"{value:.2e}".split("e")
    return rf"${mantissa}\times10^{{{int(power)}}}$"
