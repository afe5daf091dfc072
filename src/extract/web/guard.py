"""Who may ask: only who has the token, from a page of this server, by an address that is no name of somebody else."""

import ipaddress
import secrets
from collections.abc import Iterable
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extract.messages import LANGUAGES, message

READING = ("GET", "HEAD")
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none a browser tells no origin of a form
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets a request through to the application, or refuses it.

    The first visit brings the token in its address and gets a cookie that no other site's request carries.
    """

    def __init__(self, application: ASGIApp, token: str) -> None:
        self._application = application
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._application(scope, receive, send)

        async def with_headers(told: Message) -> None:
            if told["type"] == "http.response.start":
                headers = MutableHeaders(scope=told)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(told)

        answer = self._answer(scope, Headers(scope=scope))
        return await (answer or self._application)(scope, receive, with_headers)

    def _answer(self, scope: Scope, headers: Headers) -> Response | None:
        """What is said instead of the application's answer; None if the request may pass."""
        host = headers.get("host", "")
        if not is_own_name(host):
            return _refused("web_host", 400)
        if scope["method"] not in READING and headers.get("origin") != f"{scope['scheme']}://{host}":
            return _refused("web_cross_site", 403)
        cookie = f"extract-{(scope.get('server') or ('', 0))[1]}"  # cookies know no ports
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if given and scope["method"] in READING:
            if not self._is_token(given):
                return _refused("web_token", 403)
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(cookie, self._token, httponly=True, samesite="strict")
            return answer
        if not any(map(self._is_token, _cookies(headers.getlist("cookie"), cookie))):
            return _refused("web_token", 403)
        return None

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token.encode())


def is_own_name(host: str) -> bool:
    """Whether a request was sent to `localhost` or an address in numbers: a name of somebody else may lead here too."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _cookies(headers: Iterable[str], name: str) -> list[str]:
    jars = map(SimpleCookie, headers)
    return [jar[name].value for jar in jars if name in jar]


def _refused(key: str, status: int) -> Response:
    return PlainTextResponse("\n".join(message(key, language) for language in LANGUAGES) + "\n", status)
