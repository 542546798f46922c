"""The package as a library: its names, and that importing it costs nothing."""

import subprocess
import sys
from pathlib import Path

from zoetrope.core import iresnet


def test_every_public_name_is_there():
    for name in iresnet.__all__:
        assert getattr(iresnet, name) is not None
    assert dir(iresnet) == sorted(iresnet.__all__)


def test_importing_loads_no_torch():
    code = (
        "import sys; from zoetrope.core import iresnet; import zoetrope.core.iresnet.config;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_module_hides_a_name():
    """Importing a submodule binds it in the package, over a function of the same name."""
    modules = {path.stem for path in Path(iresnet.__file__).parent.glob("*.py")}
    assert not modules & set(iresnet.__all__)
