"""Small flows, trained for a second or two once a session, that several tests look at."""

import pytest
import torch

from zoetrope.core import iresnet


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def short_training(name="checkerboard", steps=150, **config):
    given = {"n_blocks": 6, "hidden": 32, "w1_scale": 2.0, **config}
    points = iresnet.make(name, 20_000, 1)
    return iresnet.train(
        points, iresnet.IResNetConfig(**given), steps, batch=256, val_fraction=0, device="cpu"
    )


@pytest.fixture(scope="session", params=[0.5, 0.9, 0.99])
def flow(request):
    """A flow trained at one of three Lipschitz bounds."""
    return short_training(lip=request.param)


@pytest.fixture(scope="session")
def steep_flow():
    """The one of them that is hardest to invert."""
    return short_training(lip=0.99)


@pytest.fixture(scope="session")
def plain_net():
    """A plain ResNet trained as if it were a flow: it folds."""
    return short_training(
        "8gaussians",
        steps=300,
        bound="none",
        activation="tanh",
        n_blocks=8,
        hidden=64,
        w1_scale=4.0,
    )
