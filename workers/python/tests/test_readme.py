"""The README says what there is, and its example runs."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from fake_server import FakeServer
from vitrine_worker import TaskContext
from vitrine_worker.address import ServerAddress
from vitrine_worker.command import _parser
from vitrine_worker.media import MediaClient
from vitrine_worker.modelzoo.config import ENGINES, FRAMEWORKS, OUTPUTS, TASK_TYPES, ModelConfig, parse_entry
from vitrine_worker.protocol import Offer
from vitrine_worker.registry import OWN, load_task_file
from vitrine_worker.tasks import MODEL_TASKS

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_option_is_in_it_and_no_other() -> None:
    options = {option for action in _parser()._actions for option in action.option_strings if option.startswith("--")}
    documented = set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE))
    assert documented == options - {"--help", "--version"}


@pytest.mark.parametrize("name", [name for name, _ in MODEL_TASKS.values()])
def test_every_task_is_in_it(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("word", [*TASK_TYPES, *FRAMEWORKS, *ENGINES, *OUTPUTS,
                                  *(set(ModelConfig.__dataclass_fields__) - {"key", "name", "task_types"})])
def test_every_setting_of_a_model_is_in_it(word: str) -> None:
    assert f"`{word}`" in README or f"{word}:" in README


def test_its_model_can_be_read(tmp_path: Path) -> None:
    import yaml

    [(key, entry)] = yaml.safe_load(re.search(r"```yaml\n(.*?)```", README, re.DOTALL).group(1)).items()  # type: ignore
    problems: "list[str]" = []
    config = parse_entry(key, entry, tmp_path, problems, "README")
    assert problems == [] and config is not None and config.task_types == ("classification", "feature_extraction")


def test_its_task_of_ones_own_runs(fake_server: FakeServer, tmp_path: Path) -> None:
    source = re.search(r"```python\n(# my_tasks\.py.*?)```", README, re.DOTALL)
    assert source is not None
    (tmp_path / "my_tasks.py").write_text(source.group(1))
    assert load_task_file(tmp_path / "my_tasks.py") == ["peer.brightness"]
    digests = []
    for grey in (0, 255):
        output = io.BytesIO()
        Image.new("RGB", (3, 3), (grey, grey, grey)).save(output, "PNG")
        digests.append(fake_server.add_content(output.getvalue()))
    media = MediaClient(ServerAddress.parse(fake_server.url), None, 1 << 20)
    context = TaskContext(Offer("t", "l", "peer.brightness", {"images": digests}, 1, 1, 5), media, None,
                          lambda _: None, lambda *_: None)
    assert OWN.get("peer.brightness")(context) == {"brightness": [0.0, 1.0]}  # type: ignore[misc]
