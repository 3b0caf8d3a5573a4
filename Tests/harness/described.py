"""A dialect whose answers are held against its own OpenAPI description: real calls, and whatever schemathesis makes up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Set, Tuple

import jsonschema
import requests

from harness.process import Server

SEED = 20_261_121

# `unsupported_method` wants 405 for TRACE and made-up methods too, which the HTTP layer refuses with 400 or 501 before a
# route is looked for; what a rule between fields refuses cannot be written down, so `positive_data_acceptance` is out.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,negative_data_rejection"


class Described:
    """A server and a client of one dialect on it; the client has `raw(method, path, **options)`."""

    def __init__(self, server: Server, client: Any, name: str, base: str = "") -> None:
        """`name` is the description's; `base` is what its paths begin with and those given here do not."""
        self.server, self.client, self.base = server, client, base
        self.url = f"{server.url}/openapi/{name}.json"
        self.description: Dict[str, Any] = requests.get(self.url, timeout=10).json()
        self.seen: Set[Tuple[str, str, int]] = set()

    def call(self, method: str, path: str, expect: int = 200, template: str = "", **options: Any) -> requests.Response:
        """Sends a request and checks status, content type and shape of the answer."""
        response = self.client.raw(method, path, **options)
        assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text[:500]}"
        operation = self.description["paths"][self.base + (template or path)][method.lower()]
        self.seen.add((method.lower(), template or path, expect))
        described = operation["responses"].get(str(expect))
        assert described is not None, f"{method} {path}: {expect} is not described"
        content = self.resolve(described).get("content", {})
        kind = response.headers.get("content-type", "").split(";")[0]
        assert not content and not response.content or kind in content or "*/*" in content \
            or any(key.endswith("/*") and kind.startswith(key[:-1]) for key in content), \
            f"{method} {path}: {kind} is not among {sorted(content)}"
        if kind == "application/json":
            schema = {**content[kind].get("schema", {}), "components": self.description.get("components", {})}
            jsonschema.validate(response.json(), schema, cls=jsonschema.Draft202012Validator)
        return response

    def resolve(self, value: Dict[str, Any]) -> Dict[str, Any]:
        while "$ref" in value:
            target: Any = self.description
            for part in value["$ref"].lstrip("#/").split("/"):
                target = target[part]
            value = target
        return value

    def make_up(self, folder: Path, *options: str) -> None:
        """Sends what schemathesis makes of the description; it keeps notes in `folder`."""
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", self.url, "--url", self.server.url,
                   "--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", str(SEED),
                   "--checks", CHECKS, "--generation-deterministic", "--warnings", "off", "--request-timeout", "60",
                   "--suppress-health-check", "all", "--continue-on-failure", "--no-color", *options]
        result = subprocess.run(command, capture_output=True, text=True, timeout=580, cwd=folder)
        assert result.returncode == 0, f"seed {SEED}\n{result.stdout[-12000:]}\n{result.stderr[-2000:]}"
        assert self.server.is_running()
