"""A training taken forth and back, changed on the way, and shared: always the same bits."""

import dataclasses

import numpy as np
import pytest
import torch

from zoetrope.core.iresnet.lab_data import load
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.iresnet.lab_training import KEPT_EVERY, Training, setup_of
from zoetrope.core.iresnet.objectives import Objective
from zoetrope.core.iresnet.training import Trainer

SMALL = {"n_blocks": 3, "hidden": 16, "batch": 64, "n": 2000, "source": "moons", "w1_scale": 2.0}


def small(**values):
    return IResNetParameters().change(**(SMALL | values))


@pytest.fixture(scope="module")
def data():
    return load(small())


def taken(training, step):
    while not training.arrived(step):
        training.advance(step, 0.01)
    return training.trained()


def fresh(data, step, **values):
    return taken(Training(data, setup_of(small(**values))), step)


def assert_same(one, other):
    assert torch.equal(one.model.flat, other.model.flat)
    assert one.step == other.step
    assert np.array_equal(one.losses, other.losses)
    assert one.validations == other.validations


def test_it_is_what_the_trainer_gives(data):
    setup = setup_of(small())
    trainer = Trainer(data.points, setup.config, setup.settings, setup.objective)
    trainer.step(60)
    trained = fresh(data, 60)
    assert torch.equal(trained.model.flat, trainer.model().flat)
    assert trained.losses.tolist() == trainer.losses
    assert trained.validations == tuple(trainer.validations)


@pytest.mark.parametrize("through", [(130, 57), (90, 0, 57), (57, 130, 20, 57), (61, 57)])
def test_whatever_the_way_a_step_is_the_same(data, through):
    training = Training(data, setup_of(small()))
    for step in through:
        trained = taken(training, step)
    assert_same(trained, fresh(data, 57))
    assert_same(taken(training, 75), fresh(data, 75))


def test_an_equal_training_begins_with_what_is_kept(data):
    setup = setup_of(small())
    first = Training(data, setup)
    taken(first, 125)
    kept = first.kept()
    second = Training(data, setup, kept)
    second.advance(104, 0.0)
    assert second.step == 101  # one step after the last state on the way
    assert_same(taken(second, 104), fresh(data, 104))
    assert_same(taken(second, 125), fresh(data, 125))
    assert kept.size > 0
    assert max(kept.states) == 120
    assert min(kept.states) == 0
    assert sorted(kept.states)[1] == KEPT_EVERY


def test_asked_for_the_end_it_trains_anew_what_it_knows(data):
    training = Training(data, setup_of(small()))
    taken(training, 60)
    taken(training, 20)
    training.advance(1500, 0.0)
    assert training.step == 21
    training.advance(3000, 0.0)  # beyond its end: it is not there to be watched
    assert training.step == 61


def test_changes_act_at_the_next_step_and_are_said(data):
    training = Training(data, setup_of(small()))
    taken(training, 30)
    training.change(setup_of(small(lr=0.02, lip=0.8)))
    changed = taken(training, 40)
    assert changed.changed == (30,)
    assert changed.setup.settings.lr == 0.02
    assert float(changed.model.bounds.max()) <= 0.8 + 1e-6
    assert np.array_equal(changed.losses[:30], fresh(data, 30).losses)
    assert training.kept() is None
    # Before the change there is only what a training from the start gives.
    assert_same(taken(training, 25), fresh(data, 25, lr=0.02, lip=0.8))
    assert training.trained().changed == ()


def test_a_training_of_another_length_falls_to_its_lowest_rate_there(data):
    short, usual = fresh(data, 130, length=130), fresh(data, 130)
    assert short.setup.settings.rate(130) == pytest.approx(0.02 * usual.setup.settings.lr)
    assert usual.setup.settings.rate(130) > 0.9 * usual.setup.settings.lr
    assert not torch.equal(short.model.flat, usual.model.flat)
    assert short.validations[-1][0] == 130  # at the end too
    training = Training(data, setup_of(small(length=130)))
    for step in (131, 90, 130):  # also beyond its end
        trained = taken(training, step)
    assert_same(trained, short)


def test_a_training_at_its_end_goes_on_when_it_is_made_longer(data):
    training = Training(data, setup_of(small(length=100)))
    before = taken(training, 100)
    training.change(setup_of(small(length=200)))
    longer = taken(training, 120)
    assert longer.changed == (100,)
    assert np.array_equal(longer.losses[:100], before.losses)
    trainer = Trainer(data.points, before.setup.config, before.setup.settings)
    trainer.step(100)
    trainer.change(steps=200)
    trainer.step(20)
    assert torch.equal(longer.model.flat, trainer.model().flat)


def test_a_dragged_slider_is_one_change(data):
    training = Training(data, setup_of(small()))
    taken(training, 12)
    for lip in (0.95, 0.9, 0.85):
        training.change(setup_of(small(lip=lip)))
    assert taken(training, 20).changed == (12,)


def test_a_change_before_the_first_step_is_none(data):
    training = Training(data, setup_of(small()))
    training.change(setup_of(small(lr=0.02)))
    trained = taken(training, 10)
    assert trained.changed == ()
    assert_same(trained, fresh(data, 10, lr=0.02))


def test_more_blocks_keep_the_function_and_fewer_begin_anew(data):
    training = Training(data, setup_of(small()))
    before = taken(training, 40).model.log_prob(data.points[:50])
    training.change(setup_of(small(n_blocks=5)))
    grown = training.trained()
    assert grown.model.config.n_blocks == 5
    torch.testing.assert_close(grown.model.log_prob(data.points[:50]), before, atol=1e-6, rtol=0)
    training.change(setup_of(small(n_blocks=2)))
    assert training.step == 0
    assert_same(taken(training, 10), fresh(data, 10, n_blocks=2))


def test_the_objective_changes_too(data):
    training = Training(data, setup_of(small()))
    taken(training, 5)
    setup = dataclasses.replace(setup_of(small()), objective=Objective("trace", terms=2))
    training.change(setup)
    assert taken(training, 10).setup.objective.terms == 2


def test_what_diverges_twice_stands_still_and_says_why(data):
    training = Training(data, setup_of(small(bound="none", activation="tanh", lr=0.1)))
    trainer = training._trainer
    taken(training, 55)
    for _ in range(2):  # as if the weights had run away
        trainer._flat.fill_(float("nan"))
        training.advance(80, 0.0)
    trained = training.trained()
    assert trained.trouble is not None
    assert trained.trouble.parameter == "lr"
    assert trained.step == 50  # the last good state
    assert len(trained.losses) == 50
    assert training.arrived(80)
    assert not training.arrived(20)
    training.change(setup_of(small(bound="none", activation="tanh", lr=0.01)))
    assert not training.arrived(80)
    assert training.trained().trouble is None


def test_states_are_thinned_when_they_are_many(data, monkeypatch):
    from zoetrope.core.iresnet import lab_training

    training = Training(data, setup_of(small()))
    monkeypatch.setattr(lab_training, "KEPT_BYTES", 6 * training._state_bytes())
    taken(training, 200)
    assert len(training._states) <= 6
    assert_same(taken(training, 133), fresh(data, 133))


def test_the_best_validated_weights_can_be_shown(data):
    training = Training(data, setup_of(small()))
    taken(training, 60)
    newest, best = training.trained(False).model, training.trained(True).model
    assert not torch.equal(newest.flat, best.flat)
    assert torch.equal(best.flat, fresh(data, 50).model.flat)  # validated every 50 steps
