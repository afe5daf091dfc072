"""What is done with this project, by name: `nox -s test`, `unit`, `lint`, `lowest`, `docs`, `site`, `bench`. `nox -l`
lists them.

Everything but `site` and `lowest` runs in the environment that nox itself is installed in (`pip install -e '.[dev]'`),
so that nothing is installed twice.
"""

import sys
from pathlib import Path

import nox

PYTHON = sys.executable
TESTING = ("frictionless", "httpx2", "hypothesis", "openpyxl", "packaging", "pytest", "pytest-timeout", "pytest-xdist")
NEED_MORE = ("licences", "review", "review_overview", "storage", "web", "workbook")  # a browser, or stores
NO_LIBRARY = (  # what these test is made of nothing but the language and what others of the tests test
    *("assemble", "changes", "checks", "hypotheses", "kinds", "lost_rows", "missing", "one_piece", "shapes", "slips"),
    *("statements", "suspects", "targets", "templates", "titles", "vocabulary"),
)
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "test"]


def run(session: nox.Session, *command: str) -> None:
    """A command of this environment, whether or not it is activated."""
    session.run(PYTHON, "-m", *command)


@nox.session
def test(session: nox.Session) -> None:
    """All tests, on all cores. Arguments go to pytest: `nox -s test -- -k coverage -n 0`."""
    run(session, "pytest", *session.posargs)


@nox.session
def unit(session: nox.Session) -> None:
    """The tests that start no process, server or browser and read no real report."""
    run(session, "pytest", "-n", "0", "-m", "not whole", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format, types, import directions and the built-in schema files."""
    run(session, "ruff", "check", ".")
    run(session, "ruff", "format", "--check", ".")
    run(session, "mypy")
    session.run(str(Path(PYTHON).with_name("lint-imports")))
    session.run(PYTHON, "-m", "extract", "schemas", silent=True)


@nox.session(venv_backend="venv")
def lowest(session: nox.Session) -> None:
    """The package as others install it, with the lowest versions that pyproject.toml allows and without a compiler: the
    unit tests of what libraries have a part in, and a run over the samples.
    """
    bounds = Path(session.create_tmp(), "lowest.txt")
    bounds.write_text(str(session.run(PYTHON, ".ci/lowest.py", silent=True, external=True)), encoding="utf-8")
    session.install("--quiet", "--constraint", str(bounds), ".[web,sql]", *TESTING, env={"EXTRACT_PURE": "1"})
    ignored = (f"--ignore=tests/test_{name}.py" for name in (*NEED_MORE, *NO_LIBRARY))
    session.run("pytest", "-m", "not whole", *ignored, *session.posargs)
    session.run("extract", "samples", "-o", str(Path(session.create_tmp(), "out")), "--redo")


@nox.session
def docs(session: nox.Session) -> None:
    """Writes the pages anew that are made from the schemas and from the outputs of their examples."""
    for page in ("checks", "outputs", "cookbook"):
        session.run(PYTHON, f"docs/{page}.py")


@nox.session(venv_backend="venv")
def site(session: nox.Session) -> None:
    """The pages of docs/ as a site in site/, in an environment of its own; a link that leads nowhere is an error."""
    session.install(*nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "docs"))
    session.run("mkdocs", "build", "--strict", "--quiet", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def bench(session: nox.Session) -> None:
    """How fast it is beside other libraries. Arguments go to benchmarks/speed.py."""
    session.run(PYTHON, "benchmarks/speed.py", *session.posargs)
