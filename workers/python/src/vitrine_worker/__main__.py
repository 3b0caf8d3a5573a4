"""`python -m vitrine_worker` is `vitrine-worker`."""

from __future__ import annotations

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
