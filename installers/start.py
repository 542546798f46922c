"""What the installed program runs. It lies apart from the checkout's packages, which would hide the
installed ones.
"""

import sys

from zoetrope.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
