"""What the Socket.IO suite runs over."""

from __future__ import annotations

import pytest

from harness.socketio import TRANSPORTS


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """How the connection is made."""
    return str(request.param)
