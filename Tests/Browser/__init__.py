"""Browser tests of the dashboard: Chromium against a running server."""
