"""Files: what is written comes back to the bit, and whatever else is refused with its reason."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from zoetrope.core import iresnet
from zoetrope.core.iresnet.model import Model, gaussian

KEY = "zoetrope.iresnet"


@pytest.fixture
def saved(tmp_path):
    model = Model(
        iresnet.IResNetConfig(3, 8, "clipswish", affine=False),
        mean=torch.tensor([1.0, 2.0]),
        std=torch.tensor([0.5, 3.0]),
        notes={"data": "moons", "step": 7},
    )
    path = tmp_path / "flow.safetensors"
    model.save(path)
    return model, path


def test_a_flow_comes_back_to_the_bit(saved):
    model, path = saved
    again = Model.load(path)
    assert again.config == model.config
    assert again.notes == model.notes
    assert torch.equal(again.flat, model.flat)
    assert torch.equal(again.log_prob(gaussian(20, 0)), model.log_prob(gaussian(20, 0)))
    assert not path.with_name(path.name + ".part").exists()


def test_a_mean_far_from_0_keeps_its_digits(saved):
    model, path = saved
    far = Model(model.config, model.flat, torch.tensor([1.7e9 + 0.1, 2.0], dtype=torch.float64))
    far.save(path)
    assert torch.equal(Model.load(path).mean, far.mean)


def test_earlier_files_with_a_short_mean_are_read(saved):
    model, path = saved
    rewrite(path, lambda tensors: tensors.update(mean=torch.tensor([1.0, 2.0])))
    assert torch.equal(Model.load(path).log_prob([[0.0, 1.0]]), model.log_prob([[0.0, 1.0]]))
    rewrite(path, lambda tensors: tensors.update(mean=torch.tensor([1, 2])))
    assert "'mean' is not float32" in refused(path)


def refused(path):
    with pytest.raises(iresnet.IResNetError) as caught:
        Model.load(path)
    assert caught.value.code == "bad_file"
    return caught.value.args[0]


def rewrite(path, change_tensors=None, change_described=None):
    tensors = load_file(path)
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        described = json.loads(file.metadata()[KEY])
    if change_tensors:
        change_tensors(tensors)
    if change_described:
        change_described(described)
    save_file(tensors, path, {KEY: json.dumps(described)})


def test_what_is_wrong_with_tensors_is_said(saved):
    _, path = saved
    rewrite(path, lambda tensors: tensors.update(shift=torch.zeros(3, 2)))
    assert "'shift' is (3, 2) instead of (4, 2)" in refused(path)
    rewrite(path, lambda tensors: tensors.update(shift=torch.zeros(4, 2).double()))
    assert "'shift' is not float32" in refused(path)
    rewrite(path, lambda tensors: tensors.update(shift=torch.full((4, 2), torch.nan)))
    assert "'shift' holds numbers that are not finite" in refused(path)
    rewrite(path, lambda tensors: tensors.pop("shift"))
    assert "'shift' is missing" in refused(path)


def test_what_is_wrong_with_settings_is_said(saved):
    _, path = saved
    rewrite(path, change_described=lambda described: described["config"].update(lip=-1))
    assert "lip is -1" in refused(path)
    rewrite(path, change_described=lambda described: described["config"].update(depth=1))
    assert "settings are not those of a flow" in refused(path)
    rewrite(path, change_described=lambda described: described.update(version=99))
    assert "version 99" in refused(path)


def test_other_files_are_refused(tmp_path, saved):
    model, path = saved
    assert "cannot be read" in refused(tmp_path / "none.safetensors")
    path.write_bytes(path.read_bytes()[:100])
    assert "cannot be read" in refused(path)
    path.write_text("words")
    assert "cannot be read" in refused(path)
    save_file({"x": torch.zeros(2)}, path)
    assert "no flow of this program" in refused(path)
    extra = {"std": torch.zeros(2), "mean": torch.zeros(2)}
    model.save(path)
    rewrite(path, lambda tensors: tensors.update(extra))
    assert "'std' is not above 0" in refused(path)
