"""The process that reads one document: `python -m tasks.importing.child REQUEST`.

It prints one JSON object a line: progress, then the reading or the refusal. Texts for people are
left to the parent, which knows their language: no catalogue is loaded here.
"""

import json
import logging
import os
import resource
import signal
import sys
from pathlib import Path
from typing import IO, Any


def main(request: dict[str, Any]) -> None:
    """Read the document of *request* within its limits, and print the answer."""
    output = _take_output()
    _bound(request["limits"])
    try:
        answer = _read(request, output)
    except MemoryError:
        # Whatever was half read is gone by now, so that there is room for the answer.
        limit = request["limits"]["memory"] // 1024**2
        params = {"filename": request["files"][0][1], "limit": limit}
        answer = {"refusal": "reading_memory", "params": params}
    _say(output, answer)


def _take_output() -> IO[bytes]:
    """Return the standard output, and let whatever libraries print go nowhere."""
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return output


def _bound(limits: dict[str, Any]) -> None:
    """Bound this process and those it starts, before anything of the document is opened."""
    cpu = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["files"], limits["files"]))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    # Should the parent die, nobody else would end this process.
    signal.alarm(int(limits["seconds"]) + 5)


def _read(request: dict[str, Any], output: IO[bytes]) -> dict[str, Any]:
    # Imported within the limits, and only after Django knows that there is nothing to translate.
    from django.conf import settings

    logging.disable(logging.WARNING)  # pdfminer warns about each odd font
    settings.configure(USE_I18N=False)
    from tasks.importing.annexes import read_documents
    from tasks.importing.edited_letter import read_edited_letter
    from tasks.importing.errors import DocumentError, UnreadableFileError
    from tasks.importing.serialising import as_json

    def tell(done: int, total: int, stage: str) -> None:
        _say(output, {"progress": [done, total, stage]})

    filename, size = request["files"][0][1], request["limits"]["size"]
    try:
        if request.get("reader") == "edited_letter":
            path, name = request["files"][0]
            return {"reading": read_edited_letter(Path(path).read_bytes(), name, size)}
        files = ((Path(path).read_bytes(), name) for path, name in request["files"])
        return {"reading": as_json(read_documents(files, size, tell))}
    except OSError as error:
        refusal: DocumentError = UnreadableFileError(filename=filename, reason=error.strerror or "")
    except DocumentError as error:
        refusal = error
    return {"refusal": refusal.code, "params": refusal.params}


def _say(output: IO[bytes], answer: dict[str, Any]) -> None:
    output.write(json.dumps(answer, default=str).encode() + b"\n")
    output.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
