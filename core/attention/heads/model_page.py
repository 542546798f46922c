"""What the pages about real heads share: the study, its notices, and a picture while it begins."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from zoetrope.core.attention.heads.heads_choices import FAMILIES
from zoetrope.core.attention.heads.heads_study import HeadsStudy
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

KINDS = {  # of a head, by MInference's words
    "vertical_and_slash": "Layer {layer}, head {head}: {v} columns and {s} diagonals.",
    "stream_llm": "Layer {layer}, head {head}: {v} first keys and a window of {s}.",
    "block_sparse": "Layer {layer}, head {head}: the 100 best blocks of 32.",
}
EMPTY = Frame(figure=Figure(panels=()), final=False)


class ModelPage(Page):
    """A page about the heads of a model."""

    @cached_property
    def heads(self) -> HeadsStudy:
        """The study of the model."""
        return HeadsStudy(self.study.jobs, self.parameters)

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the capture, then what the page shows of it."""
        yield self.heads.capture()
        yield from self.parts()

    @abstractmethod
    def parts(self) -> Iterator[Job[Any]]:
        """Yield the jobs after the capture."""

    @property
    def presentable(self) -> bool:
        """Whether there are heads to show."""
        return self.heads.capture().result is not None

    def frame(self) -> Frame:
        """Return the picture; none before the model has read the text."""
        return self.picture() if self.presentable else EMPTY

    @abstractmethod
    def picture(self) -> Frame:
        """Return the picture of what is known of the heads."""

    def notices(self) -> Iterator[Notice]:
        """Yield what must be said of the model and the text."""
        capture = self.heads.found
        words = f"{capture.name}: {capture.layers} layers of {capture.heads} heads"
        both = "no query sees ahead" if capture.causal else "queries see both ways"
        yield Notice(f"{words} on {capture.n:,} tokens; {both}.")
        if capture.cut and self.parameters.text.strip():
            yield Notice(
                f"The text is {capture.cut:,} tokens too long for this model: the first "
                f"{capture.n:,} are read.", "warning", "text",
            )  # fmt: skip
        elif capture.cut:
            yield Notice(f"The first {capture.n:,} tokens of Alice in Wonderland are read.")
        if capture.trained and capture.n > capture.trained:
            yield Notice(
                f"Beyond the {capture.trained:,} tokens of its training: what heads do after that "
                "is untaught.", "warning", "text",
            )  # fmt: skip
        if self.heads.family() != self.parameters.family:
            wanted = FAMILIES[self.parameters.family]
            yield Notice(
                f"“{wanted}” is not made for heads of this kind; a window takes its place.",
                "warning", "family",
            )  # fmt: skip

        yield from self._configuration_notices()

    def _configuration_notices(self) -> Iterator[Notice]:
        """Say which heads the file of MInference names, and what it says of the chosen one."""
        heads = self.heads
        budget = heads.at_budget().result if heads.family() == "minference" else None
        if budget is None:
            return
        places = [head.place for head in heads.heads()]
        named = sum(budget.choice(place) is not None for place in places)
        chosen = budget.choice(heads.place)
        layer, index = heads.place
        mine = f"Layer {layer}, head {index} keeps all its keys."
        if chosen is not None:
            mine = KINDS[chosen.kind].format(
                layer=layer, head=index, v=f"{chosen.vertical:,}", s=f"{chosen.slash:,}"
            )
        yield Notice(
            f"The file of MInference names {named:,} of {len(places):,} heads; the others keep all "
            f"their keys. {mine}", "info" if named else "warning", "configuration_file",
        )  # fmt: skip

    def head_readout(self) -> Readout:
        """Say which head is chosen."""
        layer, index = self.heads.place
        return Readout("head", "Head", f"layer {layer}, head {index}",
                       help="Both counted from 0.")  # fmt: skip
