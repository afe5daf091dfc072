"""A store that speaks S3, on this machine: moto behind a door that counts the requests and can do something about
them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import boto3
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

from extract.out.replace import LOCK

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class Request(NamedTuple):
    """What was asked for: a key with its bucket in front, or a bucket alone where it is listed."""

    method: str
    name: str
    copies: bool


class _Handler(MotoRequestHandler):
    """Keeps connections open, and no log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        pass


class Store:
    """`meet` is called with every request before it is answered; if it returns False the answer is that access is
    denied.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.meet: Callable[[Request], object] = lambda request: True
        self._moto = create_backend_app("s3")
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.client: Any = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
        )

    def close(self) -> None:
        self.client.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].encode("latin-1").decode().strip("/"),
            "HTTP_X_AMZ_COPY_SOURCE" in environ,
        )
        self.requests.append(request)
        if self.meet(request) is False:
            start_response(
                "403 Forbidden",
                [("Content-Type", "application/xml"), ("Content-Length", str(len(DENIED))), ("Connection", "close")],
            )
            return [] if request.method == "HEAD" else [DENIED]
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    @contextmanager
    def meeting(self, meet: Callable[[Request], object]) -> Iterator[None]:
        self.meet = meet
        try:
            yield
        finally:
            self.meet = lambda request: True

    def asked(self, *methods: str, ending: str = "") -> list[str]:
        """The names that were asked for in this way since the last time."""
        found = [
            request.name for request in self.requests if request.method in methods and request.name.endswith(ending)
        ]
        self.requests.clear()
        return found

    def empty(self, bucket: str) -> None:
        """Makes the bucket, with nothing in it."""
        _held().reset()
        self.client.create_bucket(Bucket=bucket)

    def put(self, bucket: str, name: str, content: bytes) -> None:
        """As somebody else would, without a request that counts."""
        _held().put_object(bucket, name, content)

    def contents(self, bucket: str, folder: str) -> dict[str, bytes]:
        """Every object below a folder."""
        start = f"{folder}/".lstrip("/")
        keys = _held().buckets[bucket].keys
        return {name.removeprefix(start): key.value for name, key in keys.items() if name.startswith(start)}


def _held() -> Any:
    """What the store holds."""
    return s3_backends["123456789012"]["aws"]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock, which belongs to one machine."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
