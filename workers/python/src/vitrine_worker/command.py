"""The command `vitrine-worker`."""

from __future__ import annotations

import argparse
import functools
import logging
import os
import signal
import socket
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable, List, Optional, Sequence

from . import __version__
from .address import TOKEN, ServerAddress
from .backoff import Backoff
from .connection import Connection
from .errors import ConfigurationError
from .media import MediaClient
from .offers import OfferDesk
from .protocol import MAX_CAPABILITIES, MAX_NAME_LENGTH, Offer, Profile
from .registry import CAPABILITY, OWN, Registry, load_task_file
from .run import Run, RunEnded
from .slots import Slots
from .timers import Timers
from .worker import Worker

if TYPE_CHECKING:
    from .modelzoo.zoo import ModelZoo

log = logging.getLogger("vitrine_worker")
EXIT_CONFIGURATION, EXIT_REFUSED, EXIT_PROTOCOL = 2, 3, 4
LOG_LEVELS = ("debug", "info", "warning", "error")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; returns its exit status (see the README)."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("websockets").setLevel(logging.WARNING)
    try:
        return _work(options)
    except ConfigurationError as error:
        for problem in error.problems:
            print(f"vitrine-worker: {problem}", file=sys.stderr)
        return EXIT_CONFIGURATION


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vitrine-worker", description="Runs tasks of a Vitrine server.",
                                     allow_abbrev=False)
    parser.add_argument("--server", required=True, metavar="URL", help="the server, such as ws://192.0.2.7:8080")
    parser.add_argument("--token", metavar="TOKEN",
                        help="a token with the role worker or admin; better in VITRINE_TOKEN: arguments can be seen")
    parser.add_argument("--ca", type=Path, metavar="FILE.pem",
                        help="whom to trust for wss and https, instead of the system's authorities")
    parser.add_argument("--modelzoo", type=Path, metavar="DIR", help="the folder with modelzoo.yaml and taggers")
    parser.add_argument("--models", type=Path, metavar="DIR",
                        help="what the paths in the YAML files are below (default: the modelzoo folder)")
    parser.add_argument("--tasks", type=Path, action="append", default=[], metavar="FILE.py",
                        help="a Python file with tasks of your own; may be repeated")
    parser.add_argument("--slots", type=_number(1, 1024), default=1, metavar="N",
                        help="how many tasks run at once (default: 1)")
    parser.add_argument("--name", default=socket.gethostname()[:MAX_NAME_LENGTH],
                        help="how the server shows this worker (default: the host's name)")
    parser.add_argument("--capability", action="append", default=[], metavar="NAME",
                        help="something else that tasks may require, such as gpu; may be repeated")
    parser.add_argument("--loaded-models", type=_number(1, 1000), default=2, metavar="N",
                        help="how many models stay in memory (default: 2)")
    parser.add_argument("--max-picture", type=_number(1, 1 << 20), default=256, metavar="MIB",
                        help="the largest media file that is fetched (default: 256)")
    parser.add_argument("--grace", type=_number(0, 86_400), default=8, metavar="SECONDS",
                        help="how long running tasks may take to end on SIGTERM (default: 8)")
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="info")
    parser.add_argument("--version", action="version", version=f"vitrine-worker {__version__}")
    return parser


def _number(least: int, greatest: int) -> "functools.partial[int]":
    return functools.partial(_bounded, least, greatest)


def _bounded(least: int, greatest: int, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= greatest:
        raise argparse.ArgumentTypeError(f"{text}: a number from {least} to {greatest} is needed")
    return value


def _work(options: argparse.Namespace) -> int:
    address = ServerAddress.parse(options.server)
    token = options.token or os.environ.pop("VITRINE_TOKEN", None) or None
    if token is not None and not TOKEN.fullmatch(token):
        raise ConfigurationError(["the token is not one: 1 to 128 of A-Z a-z 0-9 . _ ~ - are needed"])
    tls = _tls(options.ca, address)
    registry, zoo = _tasks(options)
    profile = Profile(_name(options.name), _capabilities(registry, zoo, options.capability), options.slots)
    log.info("offering %s", ", ".join(profile.capabilities))

    timers = Timers()
    timers.start()
    media = MediaClient(address, token, options.max_picture * 1024 * 1024, ca=options.ca)

    def make_run(offer: Offer, connection: Connection, post: Callable[[RunEnded], None]) -> Optional[Run]:
        function = registry.get(offer.name)
        return Run(offer, function, connection, media, zoo, timers, post) if function else None

    worker = Worker(
        connect=lambda post: Connection(address.socket, token, profile, f"vitrine-worker/{__version__}", post, tls),
        desk=lambda slots, timers, post: OfferDesk(slots, timers, post, make_run), slots=Slots(options.slots),
        timers=timers, backoff=Backoff(), grace=options.grace)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    return _exit_status(worker)


def _tls(ca: Optional[Path], address: ServerAddress) -> Optional[ssl.SSLContext]:
    """What `--ca` says; None for the system's authorities."""
    if ca is None:
        return None
    if not address.socket.startswith("wss:"):
        raise ConfigurationError(["--ca is for wss:// and https://"])
    try:
        return ssl.create_default_context(cafile=str(ca))
    except OSError as error:
        raise ConfigurationError([f"--ca {ca}: {error}"]) from error


def _exit_status(worker: Worker) -> int:
    ending = worker.run()
    status = 0
    if ending.loss is not None:
        log.error("%s", ending.loss.reason)
        status = EXIT_REFUSED if ending.loss.refused else EXIT_PROTOCOL
    else:
        log.info("stopped")
    if worker.lingers:
        # A thread inside a native library cannot be stopped, and must not meet a dismantled interpreter.
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _tasks(options: argparse.Namespace) -> "tuple[Registry, Optional[ModelZoo]]":
    """The functions by name, and the modelzoo. Raises ConfigurationError when there is nothing to offer."""
    zoo = None
    registry = Registry()
    if options.modelzoo is not None:
        from .modelzoo.zoo import ModelZoo
        from .tasks import add_model_tasks

        zoo = ModelZoo.read(options.modelzoo, options.models, options.loaded_models)
        add_model_tasks(registry, zoo)
    for path in options.tasks:
        load_task_file(path)
    for name in OWN.names:
        registry.add(name, OWN.get(name))  # type: ignore[arg-type]
    if not registry.names:
        raise ConfigurationError(["there is nothing to offer: give --modelzoo with a usable model, or --tasks"])
    return registry, zoo


def _name(text: str) -> str:
    if not 1 <= len(text) <= MAX_NAME_LENGTH:
        raise ConfigurationError([f"--name: 1 to {MAX_NAME_LENGTH} characters are needed"])
    return text


def _capabilities(registry: Registry, zoo: "Optional[ModelZoo]", more: List[str]) -> List[str]:
    """The tasks' names, then the given ones, then `model:<key>` of each model; the protocol has room for 64."""
    wrong = [f"--capability {name!r}: printable ASCII without spaces is needed" for name in more
             if not CAPABILITY.fullmatch(name)]
    if wrong:
        raise ConfigurationError(wrong)
    names = list(dict.fromkeys([*registry.names, *more, *(zoo.capabilities if zoo else [])]))
    if len(names) > MAX_CAPABILITIES:
        log.warning("only %d capabilities can be named; left out: %s", MAX_CAPABILITIES,
                    ", ".join(names[MAX_CAPABILITIES:]))
    return names[:MAX_CAPABILITIES]
