"""``python -m symcnn`` is the command ``symcnn``."""

import sys

from .cli import main

sys.exit(main())
