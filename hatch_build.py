"""Builds the compiled part of the native reader where a C compiler is; where there is none, the install goes on
without it, as with EXTRACT_PURE=1.
"""

import hashlib
import os
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("src", "extract", "reading", "native")
STAMP = ".extract-compiled-from"  # beside the compiled modules: the digest of what they were compiled from
MODULES = ("lexer", "signs", "state", "eye", "paths", "text", "content")
DIRECTIVES = {"annotation_typing": False, "boundscheck": True, "nonecheck": True}  # types are those of the .pxd files


class CompiledReader(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Puts the compiled modules into the wheel, which is then of this platform; without them it is of any."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        if os.environ.get("EXTRACT_PURE"):
            if version == "editable":
                remove(Path(self.root))
            return
        built = compiled(Path(self.root))
        if not built or version == "editable":  # an editable install finds them beside their sources
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"].update({str(path): f"extract/reading/native/{path.name}" for path in built})


def compiled(root: Path) -> list[Path]:
    """The compiled modules beside their sources, as they are if they were compiled from these; none if any cannot be
    compiled.
    """
    modules = [root / PACKAGE / (module + _suffix()) for module in MODULES]
    stamp, digest = root / PACKAGE / (STAMP + _suffix()), _digest(root)
    if stamp.exists() and stamp.read_text() == digest and all(module.exists() for module in modules):
        return modules
    remove(root)
    try:
        _compile(root)
    except (Exception, SystemExit) as error:  # no compiler, no Cython, no headers: it runs without
        sys.stderr.write(f"native reader not compiled: {error}\n")
        remove(root)
        return []
    stamp.write_text(digest)
    return modules


def remove(root: Path) -> None:
    """What was compiled before for this Python: it would be used in the place of a changed source."""
    for name in (STAMP, *MODULES):
        (root / PACKAGE / (name + _suffix())).unlink(missing_ok=True)


def _digest(root: Path) -> str:
    """Of all that the compiled modules are made of: sources, declarations, and how they are compiled."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(path for path in (root / PACKAGE).iterdir() if path.suffix in (".py", ".pxd")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _suffix() -> str:
    return str(sysconfig.get_config_var("EXT_SUFFIX"))


def _compile(root: Path) -> None:
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    before = Path.cwd()
    os.chdir(root / "src")
    try:
        with TemporaryDirectory() as scratch:
            extensions = cythonize(
                [
                    Extension(f"extract.reading.native.{module}", [str(PACKAGE.relative_to("src") / f"{module}.py")])
                    for module in MODULES
                ],
                build_dir=scratch,
                compiler_directives=DIRECTIVES,
                quiet=True,
            )
            command = build_ext(Distribution({"ext_modules": extensions}))
            command.parallel = True
            command.build_temp, command.build_lib = scratch, str(root / "src")
            command.ensure_finalized()
            command.run()
    finally:
        os.chdir(before)
