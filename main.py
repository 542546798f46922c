"""Start Zoetrope from a checkout: `python main.py` opens the window, `python main.py --help` tells
what else there is.
"""

import sys

from zoetrope.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
