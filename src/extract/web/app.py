"""The addresses of the server. Those of review pages, workbooks and datasets are as in the output folder, so that the
links of a page hold with a server and without.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from extract.digest import identifier
from extract.document.summary import Summary
from extract.errors import ExtractError, InputError
from extract.messages import LANGUAGES, message
from extract.model.decision import Decision
from extract.model.page import Box
from extract.out.decisions import add_decision, by_document, read_decisions
from extract.out.layout import CSV
from extract.out.state import read_state
from extract.runs.again import file_of
from extract.runs.annotating import Asked, annotated_copy
from extract.runs.isolation import Limits, isolated
from extract.runs.jobs import Job
from extract.web import pages, uploads
from extract.web.guard import Guard
from extract.web.work import Work

LONGEST_FORM = 64 << 10  # bytes of a decision
DATA = ("xlsx", "csv", "parquet")  # folders of out/ that are given away as they are
HOME = "/review/index.html"


@dataclass(frozen=True)
class Site:
    """One output folder as a site; `most` is how many bytes an upload may have."""

    work: Work
    most: int

    @property
    def out(self) -> Path:
        return self.work.out

    # ---- pages -------------------------------------------------------------------------------------------------------

    def to_home(self, _request: Request) -> Response:
        return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)

    def home(self, request: Request) -> Response:
        wanted = request.query_params.get("q", "").strip()[:200]
        return HTMLResponse(pages.home(self.out, self.work.recipe.schemas, wanted, self.most))

    def review(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in pages.ways(self.out, self.work.recipe.schemas).pages.values():
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return HTMLResponse(pages.review_page(self.out, name))

    def working(self, request: Request) -> Response:
        document = request.query_params.get("document", "")
        page = pages.ways(self.out, self.work.recipe.schemas).pages.get(document)
        then = f"/review/{quote(page)}#decisions" if page else HOME
        told = self.work.told()
        if not told["busy"]:
            return RedirectResponse(then, HTTPStatus.SEE_OTHER)
        return HTMLResponse(pages.working(told, then))

    def progress(self, _request: Request) -> Response:
        there = pages.ways(self.out, self.work.recipe.schemas).pages
        told = self.work.told()
        items = [item | {"page": there.get(item["document_id"])} for item in told["items"]]
        return JSONResponse(told | {"items": items})

    def script(self, _request: Request) -> Response:
        return Response(pages.script(), media_type="text/javascript")

    # ---- documents ---------------------------------------------------------------------------------------------------

    async def upload(self, request: Request) -> Response:
        try:
            name = uploads.name_of(request.headers.get("x-name", ""))
            uploads.check_length(request.headers.get("content-length"), name, self.most)
            source = await uploads.keep(request.stream(), name, self.out, self.most)
        except uploads.UploadError as error:
            closing = {"Connection": "close"}  # what still comes is not read
            return JSONResponse({"error": _both(error)}, error.status, headers=closing)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        self.work.add([source])
        return JSONResponse({"name": name, "document_id": identifier(source.sha256)}, HTTPStatus.ACCEPTED)

    def file(self, folder: str, request: Request) -> Response:
        """A file of a folder of out/: one that is there by this name, so that no name leads elsewhere."""
        inside = self.out / folder
        there = {path.name: path for path in inside.iterdir() if path.is_file()} if inside.is_dir() else {}
        if request.path_params["name"] not in there:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return FileResponse(there[request.path_params["name"]])

    def pdf(self, request: Request) -> Response:
        _, path = self._document(request)
        return FileResponse(path, media_type="application/pdf", content_disposition_type="inline")

    def annotated(self, request: Request) -> Response:
        known, path = self._document(request)
        language = request.query_params.get("lang", LANGUAGES[0])
        if language not in LANGUAGES:
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        decisions = by_document(read_decisions(self.out)).get(known["document_id"], ())
        job = Job(known["source"], path, None, self.work.recipe, decisions)
        try:
            copy = isolated(Limits(), annotated_copy, Asked(job, language))
        except ExtractError as error:
            return HTMLResponse(pages.refused(_both(error), HOME), HTTPStatus.UNPROCESSABLE_ENTITY)
        name = quote(f"{Path(known['source']).stem}.annotated.pdf", errors="replace")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(copy, media_type="application/pdf", headers=headers)

    def _document(self, request: Request) -> tuple[Summary, str]:
        """The document of an address, and its file."""
        known = read_state(self.out).get(request.path_params["document"])
        source = file_of(self.out, known) if known else None
        if known is None or source is None or source.path is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "\n".join(message("web_no_file", one) for one in LANGUAGES))
        return known, source.path

    # ---- decisions ---------------------------------------------------------------------------------------------------

    async def decide(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_FORM:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return await run_in_threadpool(self._decided, body)

    def _decided(self, body: bytes) -> Response:
        try:
            decision = decision_of({name: one[0] for name, one in parse_qs(body.decode()).items()})
            known = read_state(self.out).get(decision.document_id)
            if known is None:
                raise InputError("decision_no_document", document=decision.document_id, path=self.out)
            add_decision(self.out, decision)
            source = file_of(self.out, known)
            if source is None:
                raise InputError("decisions_no_file", names=known["source"])
        except (ValueError, KeyError, TypeError):
            raise HTTPException(HTTPStatus.BAD_REQUEST) from None
        except InputError as error:
            return HTMLResponse(pages.refused(_both(error), HOME), HTTPStatus.UNPROCESSABLE_ENTITY)
        self.work.add([source])
        return RedirectResponse(f"/working?document={decision.document_id}", HTTPStatus.SEE_OTHER)


def decision_of(form: dict[str, str]) -> Decision:
    """The decision that a form tells, made now. Raises ValueError, KeyError or TypeError for any other form."""
    about = json.loads(form["about"])
    return Decision(
        form["document_id"],
        form.get("rule"),
        about.get("dataset"),
        about.get("column"),
        None if about["page"] is None else int(about["page"]),
        Box(*map(float, about["box"])) if about["box"] else None,
        str(about["printed"]),
        form["kind"],
        form.get("corrected"),
        form["name"],
        datetime.now().astimezone().isoformat(timespec="seconds"),
        form.get("reason", ""),
    )


def _both(error: ExtractError) -> str:
    return " ".join(error.text(one) for one in LANGUAGES)


def application(site: Site, token: str) -> Guard:
    """The site, guarded by a token."""

    @asynccontextmanager
    async def until_the_end(_application: Starlette) -> AsyncIterator[None]:
        yield
        site.work.end()

    def get(path: str, answer: Callable[..., object]) -> Route:
        return Route(path, answer, methods=["GET"])

    routes = [
        get("/", site.to_home),
        get(HOME, site.home),
        get("/review/{name}", site.review),
        get("/working", site.working),
        get("/progress", site.progress),
        get("/serve.js", site.script),
        get("/pdf/{document}", site.pdf),
        get("/annotated/{document}", site.annotated),
        Route("/upload", site.upload, methods=["POST"]),
        Route("/decisions", site.decide, methods=["POST"]),
        *(get(f"/{name}/{{name}}", partial(site.file, name)) for name in DATA),
        *(
            get(f"/{CSV}/{name}/{{name}}", partial(site.file, f"{CSV}/{name}"))
            for name in site.work.recipe.schemas.datasets
        ),
    ]
    return Guard(Starlette(routes=routes, lifespan=until_the_end), token)
