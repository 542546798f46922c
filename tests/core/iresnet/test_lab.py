"""The lab: recipes that hold, live settings, own data, bad input, files, and its script."""

import contextlib
import io
import re
import time

import numpy as np
import pytest
import torch

from zoetrope.core import animation, iresnet
from zoetrope.core.device import Context
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab import LAB
from zoetrope.core.iresnet.lab_choices import SETS
from zoetrope.core.iresnet.lab_data import load
from zoetrope.core.iresnet.lab_parameters import MOST_WORK, IResNetParameters
from zoetrope.core.iresnet.lab_training import KEPT_EVERY
from zoetrope.core.iresnet.training import Trainer
from zoetrope.core.lab import final_frame
from zoetrope.core.long_work import FINISHED
from zoetrope.core.parameters import ParameterError

SMALL = {
    "source": "moons", "n": 2000, "n_blocks": 3, "hidden": 16, "batch": 64, "w1_scale": 2.0,
    "step": 40.0,
}  # fmt: skip


def small(**values):
    return IResNetParameters().change(**(SMALL | values))


@pytest.fixture(autouse=True)
def nothing_kept():
    """Begin with nothing trained before."""
    FINISHED._kept.clear()
    FINISHED.bytes = 0


def shown(parameters):
    return final_frame(LAB, parameters, Context())


def said(frame):
    return " ".join(notice.text for notice in frame.notices)


class Running:
    """A job of the lab, as the window runs one."""

    def __init__(self, parameters):
        self.job = LAB.run(parameters, Context())
        self.frame = next(self.job)
        self.parameters = parameters

    def to(self, **values):
        """Send live changes and go on to the final frame."""
        self.parameters = self.parameters.change(**values)
        self.frame = self.job.send(self.parameters)
        while not self.frame.final:
            self.frame = self.job.send(self.parameters)
        return self.frame


# -- recipes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["train", "transport", "inverse"])
def test_a_recipe_gives_the_same_picture_by_whatever_way(page):
    recipe = small(page=page)
    straight = shown(recipe)
    FINISHED._kept.clear()
    running = Running(small(page="train", step=10.0))
    for values in ({"step": 75.0}, {"page": "inverse"}, {"page": page, "step": 22.0}):
        running.to(**values)
    around = running.to(step=40.0)
    assert around.figure == straight.figure
    assert around.readouts == straight.readouts
    assert around.notices == straight.notices


def test_a_pause_takes_no_more_steps_than_lie_between_two_kept_states(monkeypatch):
    taken, step = [], Trainer.step

    def counted(trainer, n=1):
        taken.append(trainer.done)
        return step(trainer, n)

    monkeypatch.setattr(Trainer, "step", counted)
    running = Running(small(step=10.0))
    running.to()
    for _ in range(2):
        begun = running.frame.reached
        running.parameters = running.parameters.change(step=1500.0)
        while running.frame.reached in (None, begun):
            running.frame = running.job.send(running.parameters)
        seen = running.frame.reached
        for _ in range(5):  # it goes on until the pause arrives
            running.frame = running.job.send(running.parameters)
        assert len(taken) > KEPT_EVERY
        taken.clear()
        assert running.to(step=seen).reached == seen
        assert len(taken) < KEPT_EVERY


def test_frames_on_the_way_say_where_they_are():
    job = LAB.run(small(step=60.0), Context())
    reached, frame = [], next(job)
    while not frame.final:
        frame = job.send(small(step=60.0))
        if frame.figure.panels:
            assert frame.final or frame.progress is None or 0 <= frame.progress <= 1
            reached.append(frame.reached)
    assert reached == sorted(reached)
    assert reached[-1] == 60
    assert len(reached) > 2


def test_a_change_is_not_answered_with_the_picture_before():
    running = Running(small())
    running.to()
    first = running.job.send(running.parameters.change(page="inverse"))
    assert not first.final


def test_what_was_trained_is_kept_when_the_job_is_closed():
    running = Running(small())
    running.to(step=80.0)
    running.job.close()
    began = Running(small(step=83.0))
    frame = began.frame
    while not frame.figure.panels:
        frame = began.job.send(began.parameters)
    assert frame.reached >= 80


def test_live_settings_are_said_and_training_anew_gives_the_recipe():
    running = Running(small())
    running.to()
    changed = running.to(lr=0.02, step=50.0)
    assert "Settings changed after step 40" in said(changed)
    (anew,) = [action for action in changed.actions if action.key == "anew"]
    again = shown(running.parameters.change(**anew.change))
    assert "Settings changed" not in said(again)
    assert again.figure == shown(running.parameters).figure
    assert again.figure != changed.figure


def test_no_slice_of_a_training_is_long():
    parameters = IResNetParameters().change(step=25.0)
    shown(parameters)  # what is imported at first
    FINISHED._kept.clear()
    job = LAB.run(parameters, Context())
    frame, slices = next(job), []
    while not frame.final:
        began = time.thread_time()
        frame = job.send(parameters)
        slices.append(time.thread_time() - began)
    assert np.median(slices) < 0.05
    assert sorted(slices)[-2] < 0.1


def test_the_length_of_a_training_is_the_end_of_its_playhead_film_and_curves():
    parameters = small(length=250, step=250.0)
    name, played = parameters.played()
    assert (name, played.travel) == ("step", (0.0, 250.0))
    film = animation.film(LAB, parameters, Context(), fps=1.0)
    assert film.moved.at(film.count, film.count) == 250.0
    frame = shown(parameters)
    assert frame.figure.panel("curves").x.range == (0.0, 250.0)


# -- data ------------------------------------------------------------------------------------


def test_painted_cells_are_learned_and_their_density_is_known():
    running = Running(small(source="painted", cells=((5, 5), (5, 6), (18, 18))))
    frame = running.to()
    truth = [readout for readout in frame.readouts if readout.key == "kl"]
    assert len(truth) == 1
    assert np.isfinite(truth[0].value)
    data = frame.figure.panel("beside").items[0]
    assert data.z.sum() == 3
    assert data.edits.parameter == "cells"


def test_an_empty_painting_ground_says_what_to_do():
    (paint,) = [action for action in shown(small()).actions if action.key == "paint"]
    frame = shown(small().change(**paint.change))
    assert "Nothing is painted yet" in said(frame)
    assert frame.figure.panel("beside").items[0].edits is not None


def test_a_file_of_ones_own(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"{x:.4f};{200 + 30 * y:.4f}".replace(".", ",") for x, y in rng.normal(size=(300, 2))]
    path = tmp_path / "own.csv"
    path.write_text("width;height\n" + "\n".join([*rows, ";3", "1,5;"]) + "\n")
    frame = shown(small().change(data_file=str(path)))
    assert "2 rows are not numbers" in said(frame)
    assert "301, 302" in said(frame)
    assert frame.options["columns"] == ("width", "height")
    panel = frame.figure.panel("density")
    assert (panel.x.label, panel.y.label) == ("width", "height")
    assert not panel.equal
    turned = shown(small().change(data_file=str(path), columns=("height", "width")))
    assert turned.figure.panel("density").x.label == "height"


def test_pasted_points_become_the_data():
    points = tuple((float(x), float(y)) for x, y in np.random.default_rng(1).normal(size=(60, 2)))
    parameters = small().change(points=points)
    assert parameters.source == "points"
    assert shown(parameters).figure.panel("beside").title == "Your points"


# -- bad input, row by row ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "control", "sentence"),
    [
        ({"n_blocks": -1}, "n_blocks", "below the smallest"),
        ({"hidden": 0}, "hidden", "below the smallest"),
        ({"batch": 0}, "batch", "below the smallest"),
        ({"lr": 0.0}, "lr", "below the smallest"),
        ({"lip": 0.0}, "lip", "below the smallest"),
        ({"lip": float("nan")}, "lip", "finite"),
        ({"n_blocks": 64, "hidden": 256, "batch": 4096}, "batch", "times what one step"),
    ],
)
def test_illegal_numbers_name_their_control(values, control, sentence):
    with pytest.raises(ParameterError, match=sentence) as caught:
        IResNetParameters().change(**values)
    assert caught.value.parameter == control


def test_the_longest_legal_step_is_short_enough():
    parameters = IResNetParameters().change(n_blocks=8, hidden=256, batch=4096, step=2.0)
    assert MOST_WORK == 8 * 256 * 4096
    job = LAB.run(parameters, Context())
    frame, longest = next(job), []
    while frame.reached is None or frame.reached < 2:
        began = time.thread_time()
        frame = job.send(parameters)
        longest.append(time.thread_time() - began)
    assert sorted(longest)[-2] < 0.25


@pytest.mark.parametrize(
    ("values", "control", "sentence"),
    [
        ({"source": "file"}, "data_file", "Choose a file"),
        ({"data_file": "there is none.csv"}, "data_file", "there is none.csv"),
        ({"source": "points"}, "points", "at least 20"),
        ({"points": ((0.0, 1.0), (1.0, 2.0))}, "points", "too few"),
        ({"network_file": "none.safetensors"}, "network_file", "was not opened"),
    ],
)
def test_what_cannot_be_learned_is_refused_beside_its_control(values, control, sentence):
    with pytest.raises(IResNetError, match=sentence) as caught:
        shown(small().change(**values))
    assert caught.value.parameter == control
    assert str(caught.value).endswith(".")


def test_a_file_with_few_rows_is_refused(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("a,b\n" + "1.5,2\n2.5,4\n" * 5)
    with pytest.raises(IResNetError, match="too few") as caught:
        shown(small().change(data_file=str(path)))
    assert caught.value.parameter == "data_file"
    path.write_text("a,b\n" + "1.5,x\n2.5,y\n" * 20)
    with pytest.raises(IResNetError, match="Two columns of numbers") as caught:
        shown(small().change(data_file=str(path)))
    assert caught.value.parameter == "columns"


@pytest.mark.parametrize("source", ["points", "file", "line"])
def test_points_on_a_line_are_shown_with_the_way_out(source, tmp_path):
    rows = [(float(t), 2.0 * t) for t in range(40)]
    if source == "points":
        parameters = small().change(points=tuple(rows))
    elif source == "line":
        parameters = small(source="line")
    else:
        path = tmp_path / "line.csv"
        path.write_text("a,b\n" + "\n".join(f"{x},{y}" for x, y in rows))
        parameters = small().change(data_file=str(path))
    frame = shown(parameters)
    assert "no density exists" in said(frame)
    (jitter,) = [action for action in frame.actions if action.key == "jitter"]
    helped = shown(parameters.change(**jitter.change))
    assert helped.figure.panel("density")


def test_repeated_points_are_warned_of():
    points = tuple((float(x), float(y)) for x in range(6) for y in range(6))
    assert "whole numbers" in said(shown(small().change(points=points)))


@pytest.mark.parametrize(
    ("values", "sentence", "control"),
    [
        ({"lip": 1.2}, "Not guaranteed to be invertible: a block's bound is 1.", "lip"),
        ({"bound": "none"}, "no density", "bound"),
        ({"activation": "relu"}, "second derivative of ReLU is 0", "activation"),
        ({"source": "cos"}, "no density", "source"),
        ({"estimator": "trace", "terms": 1}, "cut after 1 term.", "estimator"),
        ({"n": 200, "step": 400.0, "lr": 0.02}, "learns the points by heart", "best"),
    ],
)
def test_doubts_are_said_beside_their_control(values, sentence, control):
    notices = shown(small(**values)).notices
    assert [n.parameter for n in notices if sentence in n.text] == [control], notices


def test_a_set_without_a_density_has_no_floor_and_no_gap():
    frame = shown(small(source="cos"))
    assert {r.key for r in frame.readouts}.isdisjoint({"kl"})
    assert "floor" not in {item.key for item in frame.figure.panel("curves").items}


def test_the_entropy_stands_beside_each_set_and_at_the_floor_before_any_training():
    notes = IResNetParameters.declarations()["source"].notes
    known = {name for name in SETS if iresnet.entropy(name) is not None}
    assert notes == {name: f"entropy {iresnet.entropy(name):.3f} nats" for name in known}
    floor = curve_items(small(source="rings", step=0.0))["floor"]
    assert floor.label == f"entropy {iresnet.entropy('rings'):.3f}: no density goes below"


def curve_items(parameters):
    """What the curves' panel shows, by key."""
    return {item.key: item for item in shown(parameters).figure.panel("curves").items}


def test_before_any_training_the_curves_say_what_to_do_and_where_they_begin(tmp_path):
    frame = shown(small(step=0.0))
    items = {item.key: item for item in frame.figure.panel("curves").items}
    nll = {readout.key: readout.value for readout in frame.readouts}["nll"]
    assert (items["start"].x[0], items["start"].y[0]) == (0.0, nll)
    assert "Press play" in items["how"].label
    path = tmp_path / "net.safetensors"
    path.write_bytes(frame.files["safetensors"].content)
    for other in (small(step=5.0), small(step=0.0, network_file=str(path))):
        assert {"start", "how"}.isdisjoint(curve_items(other))
    assert {"how"} <= curve_items(small(source="cos", step=0.0)).keys()


def test_only_the_first_of_three_pictures_of_one_plane_has_the_axis_up():
    panels = shown(small(step=0.0)).figure.panels[:3]
    assert [panel.y.visible for panel in panels] == [True, False, False]
    assert len({panel.y.range for panel in panels}) == 1


def test_without_blocks_it_fits_a_gaussian_on_every_page():
    for page in ("train", "transport", "inverse"):
        frame = shown(small(n_blocks=0, page=page))
        assert all(np.isfinite(r.value) for r in frame.readouts if isinstance(r.value, float))


# -- files and the script ------------------------------------------------------------------------


def test_a_network_that_was_exported_can_be_looked_at(tmp_path):
    frame = shown(small(length=300))
    path = tmp_path / "it.safetensors"
    path.write_bytes(frame.files["safetensors"].content)
    again = shown(small(step=0.0).change(network_file=str(path)))
    assert again.figure == frame.figure
    assert again.reached == 40
    assert "it.safetensors" in said(again)
    model = iresnet.Model.load(path)
    assert model.notes["data"] == "Two moons"
    assert model.notes["step"] == 40
    assert model.notes["settings"]["steps"] == 300
    kept = iresnet.Model.load(path).notes
    path.write_bytes(again.files["safetensors"].content)
    assert iresnet.Model.load(path).notes == kept
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(IResNetError, match="was not opened") as caught:
        shown(small(step=0.0).change(network_file=str(path)))
    assert caught.value.parameter == "network_file"


@pytest.mark.parametrize(
    "values",
    [
        {"length": 120},
        {"best": True, "estimator": "roulette"},
        {"source": "painted", "cells": ((2, 3), (9, 9))},
    ],
)
def test_the_script_prints_what_is_shown(values):
    parameters = small(**values)
    frame, printed = shown(parameters), io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(LAB.python(parameters), {"__name__": "__main__"})
    numbers = {readout.key: readout.value for readout in frame.readouts}
    found = re.search(r"back and forth: (\S+)", printed.getvalue())
    assert float(found[1]) == pytest.approx(numbers["inverse_error"], rel=1e-6)
    if "kl" in numbers:
        found = re.search(r"above the entropy: Divergence\(value=([^,]+)", printed.getvalue())
        assert float(found[1]) == pytest.approx(numbers["kl"], rel=1e-9)


def test_what_is_exported_is_what_the_network_says(tmp_path):
    """Samples, latent points, log p at the data and on the grid, and every place on the way."""
    parameters = small(n=600)
    frame = shown(parameters)
    path = tmp_path / "network.safetensors"
    path.write_bytes(frame.files["safetensors"].content)
    model, table = iresnet.Model.load(path), frame.tables
    cells = np.stack([table["grid x"], table["grid y"]], 1)
    assert np.allclose(table["log p on the grid"], model.log_prob(cells), atol=1e-12)

    table = shown(parameters.change(page="transport")).tables
    data = np.stack([table["data x"], table["data y"]], 1)
    latent, log_det = model.forward(data)
    assert np.allclose(np.stack([table["goes to z1"], table["goes to z2"]], 1), latent)
    assert np.allclose(table["log |det| at the data"], log_det)
    assert np.allclose(table["log p at the data"], model.log_prob(data))
    home = np.stack([table["comes from x"], table["comes from y"]], 1)
    assert np.allclose(table["log p there"], model.log_prob(home))

    table = shown(parameters.change(page="inverse")).tables
    trace = np.stack([table["trace x"], table["trace y"]], 1)
    sent = np.stack([table["point x"], table["point y"]], 1)
    assert np.array_equal(table["trace point"][: len(sent)], np.arange(len(sent)))
    assert np.allclose(trace[: len(sent)], model.forward(sent)[0])  # from the Gaussian
    ends = trace[table["trace place"] == table["trace place"].max()]
    assert np.allclose(ends * model.std.numpy() + model.mean.numpy(), sent, atol=1e-9)
    assert table["trace block"][0] == model.config.n_blocks
    assert table["trace block"][-1] == 0


def test_the_transport_page_tells_the_networks_own_numbers():
    parameters = small(page="transport", latent_x=0.3, latent_y=-0.2)
    frame = shown(parameters)
    numbers = {readout.key: readout.value for readout in frame.readouts}
    namespace = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(LAB.python(parameters), namespace)
    model = namespace["model"]
    place = torch.tensor([[numbers["home_x"], numbers["home_y"]]], dtype=torch.float64)
    latent, log_det = model.forward(place)
    assert latent[0].tolist() == pytest.approx([0.3, -0.2], abs=1e-9)
    assert numbers["home_log_det"] == pytest.approx(float(log_det[0]))
    assert numbers["home_log_p"] == pytest.approx(float(model.log_prob(place)[0]))


def test_dragged_latent_points_come_home():
    probes = ((0.0, 0.0), (1.0, -1.0))
    frame = shown(small(page="transport", probes=probes))
    latent = frame.figure.panel("latent").items
    (points,) = [item for item in latent if item.key == "probes"]
    assert points.x.tolist() == [0.0, 1.0]
    assert points.edits.parameter == frame.figure.panel("latent").brush.parameter == "probes"
    home = next(i for i in frame.figure.panel("home").items if i.key == "probes")
    assert home.x.size == 2


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("transport", {"log |det|": "home_log_det", "log p": "home_log_p"}),
        ("inverse", {"largest error": "home_error", "median error": "home_median",
                     "most iterations in a block": "home_iterations"}),
    ],
)  # fmt: skip
def test_the_script_of_a_page_prints_what_it_shows(page, printed):
    parameters = small(page=page, method="picard", latent_x=-0.4)
    numbers = {readout.key: readout.value for readout in shown(parameters).readouts}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(LAB.python(parameters), {"__name__": "__main__"})
    said = dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)
    for words, key in printed.items():
        assert float(said[words]) == pytest.approx(numbers[key], rel=1e-6, abs=1e-12), words


def test_the_same_points_can_be_marked_on_every_page():
    lab_data = load(small())
    key, start = lab_data.key, lab_data.shown.numpy()
    seen = {
        "train": ("density", "beside"), "transport": ("way", "home"), "inverse": ("theatre",),
        "collapse": ("flow", "plain", "folds"), "estimators": ("places",),
        "lipschitz": ("ways", "stretch"),
    }  # fmt: skip
    for page, names in seen.items():
        frame = shown(small(page=page, layer=0.0, home=1.0))
        found = {
            panel.name: np.column_stack([places.x, places.y])
            for panel in frame.figure.panels
            for places in panel.places
            if places.key == key
        }
        assert set(found) == set(names), page
        for name, places in found.items():
            if name not in ("way", "theatre", "ways"):  # which show them somewhere else
                assert np.array_equal(places, start[: len(places)]), name
    way = shown(small(page="inverse", home=1.0)).figure.panel("theatre").places[0]
    for axis, back in enumerate((way.x, way.y)):  # home again, standardised
        assert np.corrcoef(start[: len(back), axis], back)[0, 1] == pytest.approx(1.0, abs=1e-6)
    assert load(small(seed=1)).key != key


def test_latent_points_can_be_marked_where_they_come_from():
    frame = shown(small(page="transport", probes=((0.5, -0.5), (1.0, 0.2))))
    latent, home = (frame.figure.panel(name).places for name in ("latent", "home"))
    assert latent[0].key == "probes"
    assert {places.key: len(places.x) for places in home}["probes"] == 2


def test_contours_enclose_their_shares_of_the_density():
    frame = shown(small(contours=True))
    panel = frame.figure.panel("density")
    density, *lines = panel.items
    assert [line.key for line in lines] == ["contour 0.5", "contour 0.8", "contour 0.95"]
    x0, x1, y0, y1 = density.extent
    rows, columns = density.z.shape
    for line, share in zip(lines, (0.5, 0.8, 0.95), strict=True):
        column = ((line.x0 - x0) / (x1 - x0) * columns - 0.5).round().astype(int)
        row = ((line.y0 - y0) / (y1 - y0) * rows - 0.5).round().astype(int)
        level = np.median(density.z[row.clip(0, rows - 1), column.clip(0, columns - 1)])
        held = density.z[density.z > level].sum() / density.z.sum()
        assert held == pytest.approx(share, abs=0.03)
    mass = next(r.value for r in frame.readouts if r.key == "mass")
    cell = (x1 - x0) * (y1 - y0) / (rows * columns)
    assert mass == pytest.approx(density.z.sum() * cell, rel=1e-9)
    assert 0.9 < mass < 1.0 + 1e-3


def test_points_that_are_drawn_are_learned_on_their_ground():
    rng = np.random.default_rng(5)
    few = tuple((float(x), float(y)) for x, y in rng.normal(0.5, 0.4, (12, 2)))
    frame = shown(small(source="sprayed", points=few))
    (panel,) = frame.figure.panels
    assert panel.spray.table.parameter == "points"
    assert "12 points are too few" in said(frame)
    assert "draw at least 20" in said(shown(small(source="sprayed")))
    more = small(source="sprayed", points=few * 1 + tuple((-x, y) for x, y in few))
    frame = shown(more)
    beside = frame.figure.panel("beside")
    assert beside.spray is not None
    assert beside.x.range == (-4.0, 4.0)
    assert set(frame.unfolded) >= {"erase", "brush_radius", "brush_rate"}
    assert shown(more.change(brush_radius=1.0)).readouts[0].value == frame.readouts[0].value
