"""What goes wrong with a model, a text, saved arrays or tensors, as one exception."""

from __future__ import annotations

from zoetrope.core.attention.errors import PatternError


class HeadsError(PatternError):
    """Real heads cannot be had, or not these.

    `field` names what is wrong ("model", "model_folder", "arrays_file", "text", "q", ...), the
    message is one sentence with what to do.
    """
