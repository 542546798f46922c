"""What can be chosen on the pages about real heads."""

from __future__ import annotations

HEADS_PAGES = {"heads": "Heads", "head": "One head", "tolerance": "Tolerance"}
MODELS = {
    "glass-en": "glassllm, English",
    "glass-pt": "glassllm, Portuguese",
    "minilm": "MiniLM-L6, sentences",
    "folder": "A folder of weights",
    "arrays": "Saved arrays",
}
MEASURES = {
    "support": "Effective keys",
    "entropy": "Entropy",
    "keys_90": "Keys for 90 % of the mass",
    "distance": "Distance",
    "first": "Mass on the first token",
    "own": "Mass on the query itself",
    "mass": "Mass that the pattern keeps",
    "error": "Error with the pattern",
}
UNITS = {
    "support": "keys, exp of the entropy", "entropy": "nats", "keys_90": "keys",
    "distance": "tokens", "first": "share", "own": "share", "mass": "share",
    "error": "share of the output",
}  # fmt: skip
FAMILIES = {
    "window": "Window",
    "first": "Window and first tokens",
    "globals": "Window and 8 global tokens",
    "strided": "Strided",
    "atrous": "Atrous",
    "fixed": "Fixed",
    "block": "Blocks",
    "natten1d": "Neighbours",
    "bigbird": "BigBird",
    "vertical_slash": "Vertical-slash (dynamic)",
    "block_topk": "Block top-k (dynamic)",
    "quest": "Quest pages (dynamic)",
    "nsa": "NSA: selected blocks and window (dynamic)",
    "routing": "Routing (dynamic)",
    "lsh": "LSH chunks (dynamic)",
    "minference": "MInference’s, head by head",
    "own": "The Pattern page’s",
    "random": "Random keys",
    "oracle": "Heaviest keys of each query",
    "topp": "Top-p of each query",
    "threshold": "Heaviest weights anywhere",
}
SCOPES = {"head": "This head", "layer": "Its layer", "all": "All heads"}
SHOWN = {"error": "Error of the output", "mass": "Mass kept", "efficiency": "Efficiency"}
ORDERS = {"model": "As in the model", "tolerance": "Most tolerant first"}


def in_a_sentence(family: str) -> str:
    """Return a family's name as it stands inside a sentence; names keep their capitals."""
    title = FAMILIES[family]
    return title if title[1:] != title[1:].lower() else title.lower()
