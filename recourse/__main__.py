"""``python -m recourse`` is the same as ``recourse``."""

import sys

from recourse.cli import main

sys.exit(main())
