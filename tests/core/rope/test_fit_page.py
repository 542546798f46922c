"""The fit page: where points come from, what is fitted to them, and what is refused and how."""

import numpy as np
import pytest
from PIL import Image

from zoetrope.core.columns import TableError
from zoetrope.core.device import Context
from zoetrope.core.items import HeatMap, Scatter
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope import solve
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters


def frame_of(**values: object) -> Frame:
    return final_frame(LAB, RopeParameters().change(page="fit", **values), Context())


def readout(frame: Frame, key: str) -> float:
    return next(r.value for r in frame.readouts if r.key == key)


def rope_points(count: int = 15) -> tuple[tuple[float, float], ...]:
    rope = solve(1.6, 1.0, n_points=count, sampling="arc")
    return tuple(zip((100 * rope.x).tolist(), (100 * rope.y + 20).tolist(), strict=True))


def test_the_example_tells_the_rope_that_it_was_made_from():
    frame = frame_of(length=1.8, span=1.2, error=0.5)
    error = readout(frame, "fit_ratio_error")
    assert {r.key: r.error for r in frame.readouts}["fit_ratio"] == error
    assert abs(readout(frame, "fit_ratio") - 1.5) < 3 * error
    assert readout(frame, "fit_scale") == pytest.approx(1.0, abs=0.1)
    truth = next(i for i in frame.figure.panel("trade").items if i.key == "truth")
    assert (truth.x[0], truth.y[0]) == pytest.approx((1.2, 1.5))


def test_marked_points_are_fitted_and_can_be_dragged():
    frame = frame_of(points_from="table", points=rope_points(), span=2.0)
    assert readout(frame, "fit_ratio") == pytest.approx(1.6, rel=1e-4)
    assert readout(frame, "fit_y0") == pytest.approx(20.0, abs=1e-2)
    assert readout(frame, "fit_scale") == pytest.approx(50.0, rel=1e-3)
    panel = frame.figure.panel("points")
    points = next(i for i in panel.items if i.key == "points")
    assert isinstance(points, Scatter)
    assert points.edits == panel.brush
    assert points.edits is not None
    assert points.edits.parameter == "points"


def test_the_first_and_last_point_can_be_the_ends():
    points = list(rope_points())
    points[7] = (points[7][0], points[7][1] + 30.0)
    frame = frame_of(points_from="table", points=tuple(points), ends_marked=True)
    assert readout(frame, "fit_ratio") == pytest.approx(1.6, rel=1e-6)
    assert any("Point 8 lies" in notice.text for notice in frame.notices)
    assert [panel.name for panel in frame.figure.panels] == ["points", "residuals"]
    assert len(frame.tables["distance"]) == 15


@pytest.mark.parametrize("ends_marked", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_points_are_shown_with_a_sentence(count, ends_marked):
    points = rope_points()[:count]
    frame = frame_of(points_from="table", points=points, ends_marked=ends_marked)
    notice = next(n for n in frame.notices if n.parameter == "points")
    assert notice.text.endswith(".")
    shown = next(i for i in frame.figure.panel("points").items if i.key == "points")
    assert len(shown.x) == count


def test_points_come_from_a_file(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("x,y\n" + "\n".join(f"{x!r},{y!r}" for x, y in rope_points()))
    frame = frame_of(points_from="file", points_file=str(file))
    assert readout(frame, "fit_ratio") == pytest.approx(1.6, rel=1e-4)
    for path, words in (("", "Choose a file"), (str(tmp_path / "none.csv"), "not found")):
        with pytest.raises(TableError, match=words) as caught:
            frame_of(points_from="file", points_file=path)
        assert caught.value.parameter == "points_file"


def test_a_photograph_lies_below_the_points_upright_and_in_its_pixels(tmp_path):
    shades = np.zeros((60, 2000), dtype=np.uint8)
    shades[:30] = 255  # white above, black below
    Image.fromarray(shades).save(tmp_path / "rope.png")
    frame = frame_of(points_from="table", photograph=str(tmp_path / "rope.png"))
    picture = next(i for i in frame.figure.panel("points").items if i.key == "photograph")
    assert isinstance(picture, HeatMap)
    assert picture.extent == (0.0, 2000.0, 0.0, 60.0)
    assert picture.z.shape[1] == 900
    assert picture.colours == "grey"  # from white to black
    assert picture.z[0, 0] == 1.0
    assert picture.z[-1, 0] == 0.0


def test_a_photograph_puts_the_example_aside_and_a_camera_on_its_side_is_set_upright(tmp_path):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (3000, 2000), (250, 250, 250)).save(tmp_path / "lying.jpg", exif=exif)
    frame = frame_of(photograph=str(tmp_path / "lying.jpg"))
    drawn = {item.key: item for item in frame.figure.panel("points").items}
    assert drawn["photograph"].extent == (0.0, 2000.0, 0.0, 3000.0)
    assert drawn["photograph"].z.shape[0] > drawn["photograph"].z.shape[1]
    assert len(drawn["points"].x) == 0
    assert "shades of grey" in frame.notices[0].text


def test_what_is_no_photograph_is_refused(tmp_path):
    (tmp_path / "rope.png").write_bytes(b"no picture")
    for path, words in (
        (tmp_path / "rope.png", "not a picture"),
        (tmp_path / "x.png", "not found"),
    ):
        with pytest.raises(TableError, match=words) as caught:
            frame_of(points_from="table", photograph=str(path))
        assert caught.value.parameter == "photograph"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("most", [1000, 4000])
def test_a_photograph_of_too_many_pixels_is_refused_as_such(tmp_path, monkeypatch, most):
    path = tmp_path / "rope.png"
    Image.new("L", (100, 50)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
    with pytest.raises(TableError, match="too many pixels"):
        frame_of(points_from="table", photograph=str(path))


def test_the_tables_hold_points_curve_and_covariance():
    frame = frame_of()
    tables = frame.tables
    assert len(tables["x"]) == len(tables["distance"]) == 40
    covariance = np.array([v for name, v in tables.items() if name.startswith("covariance")])
    assert covariance == pytest.approx(covariance.T)
    assert (np.linalg.eigvalsh(covariance) > 0).all()
