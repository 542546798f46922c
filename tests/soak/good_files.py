"""Good files of every kind that the program reads, small enough to be damaged in every place."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import zoetrope
from zoetrope.core.attention.named import pattern
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.iresnet.checkpoint_files import encoded
from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.weights import shapes
from zoetrope.core.lab import final_frame
from zoetrope.core.recipe import Recipe
from zoetrope.core.registry import registry


@cache
def good() -> Mapping[str, list[tuple[str, bytes]]]:
    """Return files by kind: the ending of each, and its bytes."""
    return {
        "recipe": [(".json", recipe.to_json().encode()) for recipe in recipes()]
        + [(".txt", recipe.to_code().encode()) for recipe in recipes()],
        "session": [(".json", session())],
        "CSV": [(".csv", text.encode(code)) for text, code in _tables()],
        "Parquet": [(".parquet", parquet())],
        "NPZ": [(".npz", npz()), (".npy", npy(np.eye(8, dtype=bool)))],
        "safetensors": [(".safetensors", network())],
        "PNG": [(".png", exported("png")), (".png", mask())],
        "SVG": [(".svg", exported("svg"))],
        "pattern": [(".json", pattern("longformer", 64, w=8).to_json().encode())],
    }


@cache
def recipes() -> list[Recipe]:
    """A recipe of each lab, at its defaults and at a preset."""
    found = []
    for lab in registry().values():
        found.append(Recipe.of(lab, lab.parameters()))
        if lab.presets:
            found.append(Recipe.of(lab, lab.parameters.make(lab.presets[-1].values)))
    return found


def session() -> bytes:
    """A session with a state of each lab."""
    labs = {
        recipe.lab: {
            "parameters": recipe.parameters,
            "splitter": [300, 900],
            "transport": {"speed": 1.0, "loop": True},
        }
        for recipe in recipes()
    }
    return json.dumps({
        "zoetrope_session": 1, "version": zoetrope.__version__, "lab": "rope", "labs": labs,
        "settings": {"theme": "dark", "device": "cpu", "export": {"format": "svg"}},
        "window": {"geometry": "AdnQywADAAAAAA==", "docks": ""}, "recent": ["/tmp/figure.png"],
    }).encode()  # fmt: skip


def _tables() -> list[tuple[str, str]]:
    rows = "".join(f"{i},{i * 0.5},w{i % 3}\n" for i in range(40))
    return [
        (f"x,y,kind\n{rows}", "utf-8"),
        ("x;y\n1,5;2\n-3e4;\n7;8,25\n", "utf-16"),
        ("größe\tné\n1\t2\n3\t4\n", "latin-1"),
        ('# note\n"a","b, c"\n"1","2"\n\n"3","4"\n', "utf-8-sig"),
    ]


def parquet() -> bytes:
    """A table with numbers, words and gaps."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"x": [1.0, None, 3.0], "word": ["a", "b", "a"], "n": [1, 2, 3]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def npz() -> bytes:
    """An archive of columns, and a mask."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=np.arange(9.0), y=np.arange(9) % 2, mask=np.eye(8, dtype=bool))
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    """One array."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def network() -> bytes:
    """A flow as the lab writes it, with small numbers in it."""
    import torch

    config = IResNetConfig(n_blocks=2, hidden=8)
    count = sum(int(np.prod(shape)) for shape in shapes(config).values())
    flat = torch.linspace(-0.1, 0.1, count)
    return encoded(config, flat, torch.zeros(2), torch.ones(2), {"steps": 3})


@cache
def exported(ending: str) -> bytes:
    """The rope's first page as the program exports it."""
    lab = registry()["rope"]
    parameters = lab.parameters()
    frame = final_frame(lab, parameters, None)  # type: ignore[arg-type]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"figure.{ending}"
        options = ExportOptions(size="340x260px", font_size=4)
        return export(lab, parameters, path, options, frame=frame).read_bytes()


def mask() -> bytes:
    """A black and white picture."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.eye(16, dtype=np.uint8) * 255).save(buffer, format="PNG")
    return buffer.getvalue()
