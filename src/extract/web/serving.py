"""The server of an output folder, on this machine unless another address is asked for."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from extract.errors import InputError
from extract.out.replace import check_writable
from extract.runs.jobs import Recipe
from extract.web.app import Site, application
from extract.web.uploads import unread
from extract.web.work import Work, local


def serve(out: Path, recipe: Recipe, host: str, port: int, most: int, ready: Callable[[str], None]) -> None:
    """Serves until it is interrupted; `ready` is told the address, with the token in it, once there is one.

    Raises InputError if the address cannot be had, OutputError if out/ cannot be written.
    """
    check_writable(out)
    work = Work(out, recipe, local(os.cpu_count() or 1), f"extract serve {out}")
    if left := unread(out):
        work.add(left)
    token = secrets.token_urlsafe(32)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise InputError("web_address", host=host, port=port, reason=error.strerror or str(error)) from error
        named = f"[{host}]" if ":" in host else host
        ready(f"http://{named}:{listening.getsockname()[1]}/?token={token}")
        config = uvicorn.Config(application(Site(work, most), token), log_level="warning", server_header=False)
        uvicorn.Server(config).run([listening])
