"""Training: the gradient by hand, equal bits for equal seeds, changes on the way, and recovery."""

import hashlib
import math

import pytest
import torch

from zoetrope.core import iresnet
from zoetrope.core.iresnet import training
from zoetrope.core.iresnet.activations import derivatives
from zoetrope.core.iresnet.objectives import exact
from zoetrope.core.iresnet.quick_density import quick_density_steps
from zoetrope.core.iresnet.training_step import LossGradient
from zoetrope.core.iresnet.weights import effective, initial, shapes, split
from zoetrope.core.stepping import finish

SMALL = {"n_blocks": 4, "hidden": 16, "w1_scale": 2.0}


def points(name="moons", n=3000):
    return iresnet.make(name, n, 1)


def small_trainer(steps=60, data=None, objective=None, device="cpu", config=None, **settings):
    given = iresnet.Settings(**{"steps": steps, "batch": 64, **settings})
    config = iresnet.IResNetConfig(**{**SMALL, **(config or {})})
    data = points() if data is None else data
    return iresnet.Trainer(data, config, given, objective, device)


def weights_of(trainer):
    return trainer.model().flat


def loss_by_autograd(flat, config, x):
    parts = split(flat, config)
    inner, bias, outer = effective(parts, config)
    scale = parts.log_scale.exp()
    x = x * scale[0][:, None] + parts.shift[0][:, None]
    log_det = parts.log_scale.sum()
    for k in range(config.n_blocks):
        value, slope, _ = derivatives(config.activation, inner[k] @ x + bias[k][:, None])
        jacobians = torch.einsum("if,fb,fj->bij", outer[k], slope, inner[k])
        eye = torch.eye(2, dtype=x.dtype)
        log_det = log_det + torch.linalg.slogdet(eye + jacobians)[1]
        x = x + outer[k] @ value + parts.outer_bias[k][:, None]
        x = x * scale[k + 1][:, None] + parts.shift[k + 1][:, None]
    return ((x * x).sum(0) / 2 + math.log(2 * math.pi) - log_det).mean()


@pytest.mark.parametrize("bound", iresnet.BOUNDS)
@pytest.mark.parametrize("activation", iresnet.ACTIVATIONS)
def test_the_gradient_by_hand_against_autograd(activation, bound):
    config = iresnet.IResNetConfig(4, 9, activation, 0.9, bound, w1_scale=1.0)
    generator = torch.Generator().manual_seed(3)
    flat = initial(config).double()
    flat += 0.2 * torch.randn(flat.shape, generator=generator, dtype=torch.float64)
    x = torch.randn(2, 30, generator=generator, dtype=torch.float64)
    by_hand = LossGradient(flat, config, 30)
    loss = by_hand(x, exact)
    leaf = flat.clone().requires_grad_()
    expected = loss_by_autograd(leaf, config, x)
    expected.backward()
    assert float(loss) == pytest.approx(float(expected.detach()), rel=1e-12)
    assert torch.allclose(by_hand.gradient, leaf.grad, rtol=1e-9, atol=1e-12)
    single = LossGradient(flat.float(), config, 30)(x.float(), exact)
    if bound != "none":  # a plain net's determinants come close to 0, where float32 ends
        assert float(single) == pytest.approx(float(loss), abs=1e-3)


def test_a_second_call_forgets_the_first():
    config = iresnet.IResNetConfig(**SMALL)
    step = LossGradient(initial(config), config, 50)
    x = torch.randn(2, 50, generator=torch.Generator().manual_seed(0))
    step(x, exact)
    first = step.gradient.clone()
    step(2 * x, exact)
    step(x, exact)
    assert torch.equal(step.gradient, first)


@pytest.mark.parametrize("estimator", iresnet.ESTIMATORS)
def test_equal_seeds_give_equal_bits(estimator):
    objective = iresnet.Objective(estimator)
    first, second, other = (
        small_trainer(objective=objective, seed=seed, steps=30) for seed in (5, 5, 6)
    )
    for trainer in (first, second, other):
        trainer.step(30)
    assert torch.equal(weights_of(first), weights_of(second))
    assert not torch.equal(weights_of(first), weights_of(other))


def test_equal_flows_give_equal_files(tmp_path):
    for name in ("a", "b"):
        trainer = small_trainer()
        trainer.step(20)
        trainer.model().save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_state_goes_on_to_the_same_bits():
    straight, broken = small_trainer(), small_trainer()
    straight.step(55)
    broken.step(25)
    state = broken.state_dict()
    broken.step(10)
    broken.load_state_dict(state)
    broken.step(30)
    assert torch.equal(weights_of(straight), weights_of(broken))
    assert straight.losses == broken.losses
    fresh = small_trainer()
    fresh.load_state_dict(state)
    fresh.step(30)
    assert torch.equal(weights_of(straight), weights_of(fresh))


def test_the_log_likelihood_rises_towards_the_entropy():
    trainer = small_trainer(200, points("8gaussians", 20_000), config={"hidden": 32}, batch=256)
    *_, metrics = iresnet.train_steps(trainer)
    found = iresnet.divergence(trainer.model(best=True), "8gaussians", 5000)
    assert 0 < found.value < 0.15
    assert found.nll == pytest.approx(iresnet.entropy("8gaussians") + found.value, abs=0.05)
    assert metrics.step == 200
    assert metrics.validation == pytest.approx(found.nll, abs=0.1)
    assert trainer.validations[-1] == (200, metrics.validation)
    assert len(trainer.losses) == 200


def test_the_loss_is_measured_in_the_datas_coordinates():
    """Stretching the data a hundredfold adds log 100 for each axis, to it and to the validation."""
    narrow, wide = (small_trainer(data=factor * points().double()) for factor in (1, 100))
    for trainer in (narrow, wide):
        trainer.step(50)
    for near, far in (
        (narrow.losses[0], wide.losses[0]),
        (narrow.metrics.validation, wide.metrics.validation),
    ):
        assert far - near == pytest.approx(2 * math.log(100), abs=1e-3)
    assert narrow.losses[-1] == pytest.approx(narrow.metrics.validation, abs=0.5)


def test_data_far_from_0_train_as_those_about_it():
    """As times in seconds since 1970 do: 50 wide, and 128 is what float32 could tell apart."""
    data = points().double()
    far_data = data * torch.tensor([50.0, 1.0]) + torch.tensor([1.7e9, 0.0]).double()
    near, far = small_trainer(data=data), small_trainer(data=far_data)
    near.step(50), far.step(50)
    assert far.losses[-1] - near.losses[-1] == pytest.approx(math.log(50), abs=1e-3)
    model = far.model()
    logs = near.model().log_prob(data[:100]) - math.log(50)
    assert torch.allclose(model.log_prob(far_data[:100]), logs, atol=1e-3)
    home, _ = model.inverse(model.forward(far_data[:100])[0])
    assert torch.allclose(home, far_data[:100], rtol=0, atol=1e-6)
    extent = (1.7e9 - 200, 1.7e9 + 200, -3, 3)
    quick = finish(quick_density_steps(model, extent, 20))
    assert torch.allclose(quick, model.density_grid(extent, 20), rtol=1e-4, atol=1e-3)


def test_the_best_validated_weights_are_kept():
    trainer = small_trainer(400, points(n=60), batch=32, lr=2e-2)
    trainer.step(400)  # so few points are learnt by heart
    best = min(nll for _, nll in trainer.validations)
    assert trainer.validations[-1][1] > best + 0.2
    kept, now = trainer.model(best=True), trainer.model()
    held_out = trainer._validation.t()
    assert -float(kept.log_prob(held_out).mean()) == pytest.approx(best, abs=1e-6)
    assert -float(now.log_prob(held_out).mean()) > best + 0.2


def test_without_validation_every_point_trains():
    trainer = small_trainer(val_fraction=0)
    metrics = trainer.step(50)
    assert metrics.validation is None
    assert trainer.validations == []
    data = points().double()
    assert torch.allclose(trainer.mean.double(), data.mean(0), atol=1e-6)
    assert torch.allclose(trainer.std.double(), data.std(0), atol=1e-6)


def test_settings_change_in_training():
    trainer = small_trainer()
    trainer.step(20)
    trainer.change(lip=0.4, lr=1e-3, batch=100, estimator="rademacher", terms=4)
    trainer.step(20)
    assert float(trainer.model().bounds.max()) <= 0.4 + 1e-6
    assert trainer.settings.lr == 1e-3
    assert trainer.done == 40


def test_a_bad_change_changes_nothing():
    trainer = small_trainer()
    trainer.step(5)
    before = trainer.settings, trainer.objective, trainer.config, weights_of(trainer).clone()
    for values in ({"lr": 0.01, "batch": 0}, {"lip": -1.0}, {"seed": 3}, {"hidden": 8}):
        with pytest.raises(iresnet.IResNetError):
            trainer.change(**values)
    after = trainer.settings, trainer.objective, trainer.config
    assert after == before[:3]
    assert torch.equal(weights_of(trainer), before[3])


def test_blocks_grow_and_shrink_in_training():
    trainer = small_trainer()
    trainer.step(40)
    before = trainer.model()
    trainer.change(n_blocks=6)
    grown = trainer.model()
    data = points(n=50)
    assert torch.allclose(before.log_prob(data), grown.log_prob(data), atol=1e-6)
    trainer.step(20)
    assert float(trainer.model().flow.outer[5].abs().max()) > 0  # the new blocks learn
    trainer.change(n_blocks=2)
    assert math.isfinite(trainer.step(5).loss)
    assert trainer.model().config.n_blocks == 2


def test_moments_move_with_their_blocks():
    """Growing and training on without moving differs from growing with moments forgotten."""
    trainer = small_trainer()
    trainer.step(30)
    before = split(padded(trainer), trainer.config)
    trainer.change(n_blocks=6)
    after = split(padded(trainer), trainer.config)
    for name, old, new in zip(shapes(trainer.config), before, after, strict=True):
        count = 5 if name in ("log_scale", "shift") else 4
        assert torch.equal(new[:count], old), name
        assert not bool(new[count:].any())


def padded(trainer):
    return trainer.state_dict()["optimiser"]["first_moment"]


def test_a_diverging_run_goes_back_and_halves_its_rate_once():
    wild = {"bound": "none", "activation": "softplus"}
    trainer = small_trainer(5000, lr=1e8, config=wild, schedule="constant")
    assert not trainer.halved
    with pytest.raises(iresnet.IResNetError) as caught:
        trainer.step(5000)
    assert caught.value.code == "diverged"
    assert trainer.halved
    assert trainer.settings.lr == 5e7
    assert bool(torch.isfinite(weights_of(trainer)).all())
    assert all(map(math.isfinite, trainer.losses))


def test_a_gradient_that_is_not_finite_never_reaches_a_flow():
    trainer = small_trainer(12)
    trainer.step(11)
    gradient = trainer._gradient

    def spoilt(batch, log_det):
        loss = gradient(batch, log_det)
        gradient.gradient.fill_(math.nan)
        return loss

    trainer._gradient = spoilt
    trainer.step()  # the last one: no later loss would tell
    assert trainer.halved
    assert bool(torch.isfinite(weights_of(trainer)).all())
    assert len(trainer.losses) == trainer.done < 12


def test_a_flow_tells_of_its_training():
    trainer = small_trainer(70)
    trainer.step(70)
    notes = trainer.model().notes
    assert (notes["step"], notes["losses"]) == (70, trainer.losses)
    assert notes["validations"] == trainer.validations
    assert notes["settings"]["seed"] == 0
    assert notes["objective"]["estimator"] == "exact"
    rows = points().double().numpy()
    assert notes["data_sha256"] == hashlib.sha256(rows.tobytes()).hexdigest()
    assert small_trainer(data=points(n=2999)).model().notes["data_sha256"] != notes["data_sha256"]


@pytest.mark.parametrize("estimator", iresnet.ESTIMATORS)
def test_without_blocks_every_estimator_trains_alike(estimator):
    """There is nothing to estimate: the affine layer's determinant is known."""
    given = {"config": {"n_blocks": 0}, "val_fraction": 0}
    trainer = small_trainer(objective=iresnet.Objective(estimator), **given)
    exactly = small_trainer(**given)
    assert trainer.step().loss == exactly.step().loss


def test_a_callback_ends_training():
    seen = []

    def stop(step, metrics):
        seen.append((step, metrics.loss))
        return step < 7

    model = iresnet.train(
        points(), iresnet.IResNetConfig(**SMALL), 50, batch=64, device="cpu", callback=stop
    )
    assert [step for step, _ in seen] == list(range(1, 8))
    assert model.notes["step"] == 7


def test_the_rate_rises_and_falls():
    settings = iresnet.Settings(steps=1000, lr=1.0)
    assert settings.rate(0) == pytest.approx(1 / 50, rel=1e-4)
    assert settings.rate(49) == pytest.approx(0.02 + 0.98 * (1 + math.cos(0.049 * math.pi)) / 2)
    assert settings.rate(500) == pytest.approx(0.51)
    assert settings.rate(5000) == pytest.approx(0.02)
    assert iresnet.Settings(schedule="constant", lr=0.1).rate(5000) == 0.1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n_blocks", -1),
        ("n_blocks", 2.0),
        ("hidden", 0),
        ("activation", "swish"),
        ("bound", "loose"),
        ("lip", 0.0),
        ("lip", math.nan),
        ("lip", "0.9"),
        ("w1_scale", math.inf),
        ("seed", -1),
    ],
)
def test_bad_configs_are_named(field, value):
    with pytest.raises(iresnet.IResNetError, match=field) as caught:
        iresnet.IResNetConfig(**{field: value})
    assert caught.value.parameter == field


@pytest.mark.parametrize(
    ("field", "value"),
    [("batch", 0), ("lr", 0), ("lr", math.nan), ("steps", -1), ("schedule", "linear"),
     ("val_fraction", 1.0), ("seed", True)],
)  # fmt: skip
def test_bad_settings_are_named(field, value):
    with pytest.raises(iresnet.IResNetError, match=field) as caught:
        iresnet.Settings(**{field: value})
    assert caught.value.parameter == field


def test_an_unknown_device_is_refused():
    with pytest.raises(iresnet.IResNetError) as caught:
        small_trainer(device="abacus")
    assert caught.value.parameter == "device"


def test_bad_data_are_refused():
    for data in (torch.zeros(100, 2), torch.rand(10, 2), torch.rand(100, 3)):
        with pytest.raises(iresnet.IResNetError):
            small_trainer(data=data)


@pytest.mark.gpu
def test_a_captured_step_gives_the_cpus_numbers():
    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    cpu, cuda = small_trainer(device="cpu"), small_trainer(device="cuda")
    cpu.step(20)
    cuda.step(20)
    assert torch.allclose(torch.tensor(cpu.losses), torch.tensor(cuda.losses), atol=1e-3)
    cuda.change(lr=1e-3, estimator="roulette")
    assert math.isfinite(cuda.step(5).loss)


def test_a_step_that_cannot_be_captured_gives_the_same_numbers(monkeypatch):
    def refused(step):
        for _ in range(3):  # as the true one warms up
            step()
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(training, "captured", refused)
    tried, plain = small_trainer(), small_trainer()
    tried.step(5), plain.step(5)
    tried.device = "cuda"
    tried._run = tried._runner()
    tried.device = "cpu"
    tried.step(10), plain.step(10)
    assert tried.losses == plain.losses


@pytest.mark.slow
@pytest.mark.parametrize(("name", "most"), [("8gaussians", 0.03), ("checkerboard", 0.10)])
def test_eight_hundred_steps_come_close_to_the_truth(name, most):
    data = iresnet.make(name, 200_000, 1)
    model = iresnet.train(data, iresnet.IResNetConfig(), 800, val_fraction=0, device="cpu")
    found = iresnet.divergence(model, name)
    assert 0 < found.value < most
    assert model.integral((-8, 8, -8, 8), 320) == pytest.approx(1, abs=0.002)


def test_a_bound_above_one_trains_and_promises_nothing():
    trainer = small_trainer(150, config={"lip": 1.4}, lr=2e-2)
    trainer.step(150)
    model = trainer.model()
    assert float(model.bounds.max()) == pytest.approx(1.4, abs=1e-6)
    assert not model.valid_density
    x, report = model.inverse(model.forward(points(n=200))[0])
    assert bool(torch.isinf(report.bound).all())
    # What the report calls arrived is a preimage, if not always the one that was started from.
    arrived = report.converged
    assert bool(arrived.any())
    again = model.forward(x[arrived])[0]
    assert torch.allclose(again, model.forward(points(n=200))[0][arrived], atol=1e-7)
