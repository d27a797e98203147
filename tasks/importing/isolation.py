"""Read a document in a process of its own, which may die without harm to anybody.

The child is started afresh, not forked, so that nothing of the worker is in it. It bounds its own
memory, CPU time and files before it opens the document; this side bounds the wall clock and the
length of the answer, and turns every way to die into a DocumentError.
"""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from tasks.importing.cautions import message_of
from tasks.importing.docx_package import MEGABYTE
from tasks.importing.errors import (
    AnswerTooLongError,
    OutOfMemoryError,
    OutOfTimeError,
    ReadingFailedError,
    refusal_of,
)
from tasks.importing.progress import Progress, nobody_waits
from tasks.importing.readers import MAX_SIZE

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
_PIECE = 65_536
_STDERR_KEPT = 4_000
_PULSE = 1.0  # seconds
# Settings of the service, and secrets among them, are no business of the child.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "PYTHONPATH")


def _nobody_listens() -> None:
    """Nobody wants to know that the reading goes on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may take. Times in seconds, the rest in bytes.

    `memory` is address space, of which the interpreter and its libraries take some 200 MB.
    `cpu_seconds` are those of one process: tesseract has as many again for each page.
    """

    seconds: float = 900
    cpu_seconds: int = 300
    memory: int = 2_000 * MEGABYTE
    files: int = 300 * MEGABYTE
    answer: int = 64 * MEGABYTE
    size: int = MAX_SIZE


def read_isolated(
    path: Path,
    filename: str,
    *,
    annexes: Sequence[tuple[Path, str]] = (),
    limits: Limits | None = None,
    progress: Progress = nobody_waits,
    pulse: Callable[[], None] = _nobody_listens,
    reader: str = "document",
) -> dict[str, Any]:
    """Return the reading of the file at *path* as `serialising.as_json` gives it.

    With *reader* "edited_letter", as `edited_letter.read_edited_letter` gives it.

    *filename* is what the person called the file; *annexes* are files that continue it. *progress*
    is called in this process, and *pulse* about once a second: whatever they raise ends the
    reading and is passed on. Messages are in the active language. Raises DocumentError, and
    nothing else, for what the document does.
    """
    limits = limits or Limits()
    with _child([(path, filename), *annexes], limits, reader) as process:
        answer = _Answer(filename, limits, progress, pulse)
        try:
            answer.take(process)
        finally:
            _end(process)
    return answer.result(process.returncode)


@contextlib.contextmanager
def _child(
    files: Sequence[tuple[Path, str]], limits: Limits, reader: str
) -> Iterator["subprocess.Popen[bytes]"]:
    named = [(str(path), name) for path, name in files]
    request = json.dumps({"files": named, "limits": asdict(limits), "reader": reader})
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tasks.importing.child", request],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**environment, "OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
    ) as process:
        yield process


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the child and the programs it started; without harm if they have ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Answer:
    """What the child says, line by line: progress, then a reading or a refusal."""

    def __init__(
        self, filename: str, limits: Limits, progress: Progress, pulse: Callable[[], None]
    ) -> None:
        self.filename, self.limits, self.progress, self.pulse = filename, limits, progress, pulse
        self.pending = bytearray()
        self.length = 0
        self.last: dict[str, Any] = {}
        self.stderr = b""

    def take(self, process: "subprocess.Popen[bytes]") -> None:
        """Read until the child closes its output. Raises OutOfTimeError, AnswerTooLongError."""
        end = time.monotonic() + self.limits.seconds
        for pipe, piece in _pieces([process.stdout, process.stderr], end):
            if piece is None:
                raise OutOfTimeError(filename=self.filename, seconds=round(self.limits.seconds))
            if pipe is None:
                self.pulse()
                continue
            if pipe is process.stderr:
                self.stderr = (self.stderr + piece)[-_STDERR_KEPT:]
            else:
                self._add(piece)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(end - time.monotonic(), 1))

    def _add(self, piece: bytes) -> None:
        self.length += len(piece)
        if self.length > self.limits.answer:
            limit = self.limits.answer // MEGABYTE
            raise AnswerTooLongError(filename=self.filename, limit=limit)
        *lines, rest = piece.split(b"\n")
        for line in lines:
            self._line(bytes(self.pending) + line)
            self.pending.clear()
        self.pending += rest

    def _line(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        if "progress" in said:
            self.progress(*said["progress"])
        else:
            self.last = said

    def result(self, returncode: int | None) -> dict[str, Any]:
        """Return the reading; raise what stands for a refusal or for the way the child died."""
        reading = self.last.get("reading")
        if isinstance(reading, dict):
            for warning in reading["warnings"]:
                warning["message"] = message_of(warning["code"], warning["params"])
            return reading
        if "refusal" in self.last:
            raise refusal_of(self.last["refusal"], self.last["params"])
        logger.warning(
            "The reading of a document ended with %s: %s",
            returncode,
            self.stderr.decode(errors="replace"),
        )
        raise self._death(returncode)

    def _death(self, returncode: int | None) -> Exception:
        if returncode in (-signal.SIGXCPU, -signal.SIGALRM):
            return OutOfTimeError(filename=self.filename, seconds=self.limits.cpu_seconds)
        # The kernel's own way to end what takes too much.
        if returncode == -signal.SIGKILL or b"MemoryError" in self.stderr:
            return OutOfMemoryError(filename=self.filename, limit=self.limits.memory // MEGABYTE)
        return ReadingFailedError(filename=self.filename)


def _pieces(
    pipes: list[IO[bytes] | None], end: float
) -> Iterator[tuple[IO[bytes] | None, bytes | None]]:
    """Yield what arrives on the pipes until all are closed; None once *end* has passed.

    Where nothing arrives for a second, yields nothing of no pipe.
    """
    with selectors.DefaultSelector() as selector:
        for pipe in filter(None, pipes):
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(min(max(end - time.monotonic(), 0), _PULSE))
            if not ready:
                yield None, None if time.monotonic() >= end else b""
            for key, _events in ready:
                piece = os.read(key.fd, _PIECE)
                if piece:
                    yield key.fileobj, piece  # type: ignore[misc]
                else:
                    selector.unregister(key.fileobj)
