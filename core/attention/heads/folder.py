"""A local folder of BERT, RoBERTa, DistilBERT or GPT-2 weights, as Hugging Face lays it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from zoetrope.core.attention.heads.byte_pairs import BytePairs
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.tokens import Tokenizer
from zoetrope.core.attention.heads.transformer import (
    ACTIVATIONS,
    Affine,
    Layer,
    Mlp,
    Norm,
    Transformer,
)
from zoetrope.core.attention.heads.weight_file import Weights, joined_shards
from zoetrope.core.attention.heads.wordpiece import WordPiece

FIELD = "model_folder"
USUAL = {  # settings that would need another forward pass
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "sinusoidal_pos_embds": False,
}


class Settings:
    """The numbers of a config.json; HeadsError says which is missing."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def whole(self, *names: str) -> int:
        """Return the first of these that there is."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
        raise HeadsError(FIELD, f"config.json gives no positive whole number “{names[0]}”.")

    def real(self, name: str, default: float) -> float:
        """Return a real number."""
        value = self._values.get(name, default)
        if not isinstance(value, (int, float)):
            raise HeadsError(FIELD, f"config.json gives no number “{name}”.")
        return float(value)

    def activation(self, *names: str) -> Callable[[Tensor], Tensor]:
        """Return the function of the MLP."""
        value = next((self._values[name] for name in names if name in self._values), None)
        if value not in ACTIVATIONS:
            raise HeadsError(
                FIELD, f"The activation {value!r} of config.json is not known here; these are: "
                f"{', '.join(ACTIVATIONS)}.",
            )  # fmt: skip
        return ACTIVATIONS[value]


def read_folder(folder: Path) -> Model:
    """Return the model in a folder with config.json, safetensors weights and a vocabulary."""
    if not folder.is_dir():
        raise HeadsError(FIELD, f"There is no folder {str(folder)[:80]!r}.")
    values = _json(folder / "config.json")
    kind = str(values.get("model_type"))
    if kind not in READERS:
        raise HeadsError(
            FIELD, f"A model of type {kind!r} is not read here; these are: {', '.join(READERS)}."
        )
    tensors = joined_shards(folder, FIELD)
    if not tensors:
        raise HeadsError(
            FIELD, "The folder holds no model.safetensors; weights in pickles are never opened."
        )
    for name, usual in USUAL.items():
        if values.get(name, usual) != usual:
            raise HeadsError(FIELD, f"Models with {name} {values[name]!r} are not read here.")
    weights = Weights(tensors, "The safetensors file", FIELD)
    network, context = READERS[kind](weights, Settings(values))
    return Model(folder.name, network, _tokenizer(folder, kind), context, context)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise HeadsError(FIELD, f"The folder has no {path.name} that can be read.") from None
    if not isinstance(found, dict):
        raise HeadsError(FIELD, f"{path.name} is not what models have under that name.")
    return found


def _linear(weights: Weights, name: str) -> Affine:
    """Return a torch Linear's weights, which are stored [out, in]."""
    return Affine(weights.get(f"{name}.weight", -1, -1).T.contiguous(), weights.get(f"{name}.bias"))


def _norm(weights: Weights, name: str, epsilon: float) -> Norm:
    old = f"{name}.gamma" in weights  # as TensorFlow named them
    scale, shift = ("gamma", "beta") if old else ("weight", "bias")
    return Norm(weights.get(f"{name}.{scale}", -1), weights.get(f"{name}.{shift}", -1), epsilon)


def _bert(weights: Weights, settings: Settings, offset: int = 0) -> tuple[Transformer, int]:
    """BERT (arXiv:1810.04805); RoBERTa's positions begin at `offset`."""
    weights = weights.perhaps_within("bert.", "roberta.")
    heads, count = settings.whole("num_attention_heads"), settings.whole("num_hidden_layers")
    epsilon, act = settings.real("layer_norm_eps", 1e-12), settings.activation("hidden_act")
    words = weights.get("embeddings.word_embeddings.weight", -1, -1)
    places = weights.get("embeddings.position_embeddings.weight", -1, words.shape[1])
    segment = weights.get("embeddings.token_type_embeddings.weight", -1, words.shape[1])[0]
    norm = _norm(weights, "embeddings.LayerNorm", epsilon)

    def embed(ids: Tensor) -> Tensor:
        return norm(words[ids] + segment + places[offset : offset + len(ids)])

    layers = []
    for index in range(count):
        part = weights.within(f"encoder.layer.{index}.")
        mlp = Mlp(_linear(part, "intermediate.dense"), _linear(part, "output.dense"), act)
        layers.append(
            Layer(
                _linear(part, "attention.self.query"), _linear(part, "attention.self.key"),
                _linear(part, "attention.self.value"),
                _linear(part, "attention.output.dense"),
                _norm(part, "attention.output.LayerNorm", epsilon), mlp,
                _norm(part, "output.LayerNorm", epsilon),
            )
        )  # fmt: skip
    return _encoder(embed, layers, heads), len(places) - offset


def _roberta(weights: Weights, settings: Settings) -> tuple[Transformer, int]:
    """RoBERTa (arXiv:1907.11692): its positions begin after that of padding."""
    return _bert(weights, settings, offset=settings.whole("pad_token_id") + 1)


def _distilbert(weights: Weights, settings: Settings) -> tuple[Transformer, int]:
    """DistilBERT (arXiv:1910.01108)."""
    weights = weights.perhaps_within("distilbert.")
    heads, count = settings.whole("n_heads"), settings.whole("n_layers")
    act, epsilon = settings.activation("activation"), 1e-12
    words = weights.get("embeddings.word_embeddings.weight", -1, -1)
    places = weights.get("embeddings.position_embeddings.weight", -1, words.shape[1])
    norm = _norm(weights, "embeddings.LayerNorm", epsilon)

    def embed(ids: Tensor) -> Tensor:
        return norm(words[ids] + places[: len(ids)])

    layers = []
    for index in range(count):
        part = weights.within(f"transformer.layer.{index}.")
        mlp = Mlp(_linear(part, "ffn.lin1"), _linear(part, "ffn.lin2"), act)
        layers.append(
            Layer(
                _linear(part, "attention.q_lin"), _linear(part, "attention.k_lin"),
                _linear(part, "attention.v_lin"), _linear(part, "attention.out_lin"),
                _norm(part, "sa_layer_norm", epsilon), mlp,
                _norm(part, "output_layer_norm", epsilon),
            )
        )  # fmt: skip
    return _encoder(embed, layers, heads), len(places)


def _encoder(embed: Callable[[Tensor], Tensor], layers: list[Layer], heads: int) -> Transformer:
    width = layers[0].query.weight.shape[1]
    if width % heads:
        raise HeadsError(FIELD, f"{heads} heads do not divide the width {width:,} of this model.")
    return Transformer(embed, tuple(layers), heads, heads, causal=False, norm_first=False)


def _gpt2(weights: Weights, settings: Settings) -> tuple[Transformer, int]:
    """GPT-2 (Radford et al. 2019); its weights are stored [in, out]."""
    weights = weights.perhaps_within("transformer.")
    heads, count = settings.whole("n_head"), settings.whole("n_layer")
    epsilon = settings.real("layer_norm_epsilon", 1e-5)
    act = settings.activation("activation_function")
    words = weights.get("wte.weight", -1, -1)
    width = words.shape[1]
    places = weights.get("wpe.weight", -1, width)

    def conv(name: str) -> Affine:
        return Affine(weights.get(f"{name}.weight", -1, -1), weights.get(f"{name}.bias", -1))

    layers = []
    for index in range(count):
        inside, mlp = conv(f"h.{index}.attn.c_attn"), f"h.{index}.mlp"
        assert inside.bias is not None
        starts = (0, width, 2 * width)
        weight, bias = inside.weight, inside.bias
        query, key, value = (
            Affine(weight[:, at : at + width].contiguous(), bias[at : at + width]) for at in starts
        )
        layers.append(
            Layer(
                query, key, value, conv(f"h.{index}.attn.c_proj"),
                _norm(weights, f"h.{index}.ln_1", epsilon),
                Mlp(conv(f"{mlp}.c_fc"), conv(f"{mlp}.c_proj"), act),
                _norm(weights, f"h.{index}.ln_2", epsilon),
            )
        )  # fmt: skip
    network = Transformer(
        lambda ids: words[ids] + places[: len(ids)], tuple(layers), heads, heads, causal=True,
        norm_first=True, last_norm=_norm(weights, "ln_f", epsilon), unembed=words.T,
    )  # fmt: skip
    return network, len(places)


Reader = Callable[[Weights, Settings], tuple[Transformer, int]]
READERS: Mapping[str, Reader] = {
    "bert": _bert, "roberta": _roberta, "distilbert": _distilbert, "gpt2": _gpt2,
}  # fmt: skip


def _tokenizer(folder: Path, kind: str) -> Tokenizer:
    """Return the tokenizer of vocab.txt, of vocab.json and merges.txt, or of tokenizer.json."""
    whole = _json(folder / "tokenizer.json") if (folder / "tokenizer.json").is_file() else {}
    model = whole.get("model")
    model = model if isinstance(model, dict) else {}
    if kind in ("bert", "distilbert"):
        vocabulary = _lines(folder / "vocab.txt") or _vocabulary(model.get("vocab"), "vocab.txt")
        _needs(vocabulary, "[CLS]", "[SEP]", "[UNK]")
        return WordPiece(vocabulary, lower=_lowers(folder))
    path = folder / "vocab.json"
    found = _json(path) if path.is_file() else model.get("vocab")
    vocabulary = _vocabulary(found, "vocab.json")
    around = ("<s>", "</s>", "<unk>") if kind == "roberta" else ()
    _needs(vocabulary, *around)
    return BytePairs(vocabulary, _merges(folder / "merges.txt", model.get("merges")), *around)


def _lines(path: Path) -> dict[str, int]:
    """Return the tokens of a file by their lines; none where there is no file."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return {line.rstrip("\r"): index for index, line in enumerate(lines) if line}


def _vocabulary(found: Any, name: str) -> dict[str, int]:
    if not isinstance(found, dict) or not all(isinstance(one, int) for one in found.values()):
        raise HeadsError(FIELD, f"The folder holds no {name} and no tokenizer.json.")
    return found


def _merges(path: Path, found: Any) -> list[tuple[str, str]]:
    """Return the pairs of pieces in the order in which they are merged."""
    if path.is_file():
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        found = [line for line in lines if line and not line.startswith("#version")]
    pairs = []
    for one in found or ():
        parts = one.split(" ") if isinstance(one, str) else one
        if not isinstance(parts, list) or len(parts) != 2:
            raise HeadsError(FIELD, "The merges of the folder’s tokenizer are not pairs of pieces.")
        pairs.append((str(parts[0]), str(parts[1])))
    return pairs


def _needs(vocabulary: Mapping[str, int], *tokens: str) -> None:
    missing = [token for token in tokens if token not in vocabulary]
    if missing:
        raise HeadsError(FIELD, f"The folder’s vocabulary has no {', '.join(missing)}.")


def _lowers(folder: Path) -> bool:
    """Say whether texts are made lower case: as tokenizer_config.json says, else so."""
    path = folder / "tokenizer_config.json"
    return bool(_json(path).get("do_lower_case", True)) if path.is_file() else True
