"""Who is measured beside us, and how each of them is had: by its name, from where it is published.

Nothing is installed again that is there. What cannot be had is left out, and the page says so.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from machine import Failed, say
from target import MODULES

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
QSV = "16.1.0"
# Which part is measured beside whom.
NEEDS = {"send": ("bare", "aiohttp", "qsv", "wrk", "curl"), "slow": ("wrk",), "dry": ("qsv",), "growth": ("growth",)}
# Without this line, which calls what only a patched library has, the published `qsv` compiles; its command `json` is not used.
QSV_LINE = ".preserve_key_order(true)"


def _run(*words, env=None, cwd=None):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=cwd, env={**os.environ, **(env or {})})
    if done.returncode:
        raise Failed(f"`{' '.join(map(str, words))}`: {done.stderr.strip()[-1500:]}")
    return done.stdout


def target_dir():
    """Where cargo builds, as the environment says or below the project."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


class Peers:
    """Paths of all programs; nothing where one could not be had."""

    def __init__(self, work, program=None):
        self.work = work
        self.program = Path(program).resolve() if program else None
        self.left_out = {}

    def install(self, parts, with_qsv):
        """Builds ours, and gets whatever these parts need of the others."""
        self._packages()
        self._ours()
        ways = {
            "bare": self._bare,
            "growth": self._growth,
            "aiohttp": self._aiohttp,
            "qsv": lambda: self._qsv(with_qsv),
            "wrk": lambda: self._found("wrk"),
            "curl": lambda: self._found("curl"),
        }
        needed = {name for part in parts for name in NEEDS.get(part, ())}
        for name in (name for name in ways if name in needed):
            self._try(name, ways[name])

    def has(self, name):
        return getattr(self, name, None) is not None

    def _try(self, name, get):
        try:
            setattr(self, name, get())
        except Failed as why:
            self.left_out[name] = str(why)
            setattr(self, name, None)
            say(f"without {name}: {why}")

    def _found(self, name):
        found = shutil.which(name)
        if found is None:
            raise Failed("not installed")
        return Path(found)

    def _packages(self):
        missing = [name for name, there in {
            "nginx": shutil.which("nginx"),
            "libnginx-mod-http-echo": any(Path(place, "ngx_http_echo_module.so").exists() for place in MODULES),
            "wrk": shutil.which("wrk"),
            "curl": shutil.which("curl"),
            "time": Path("/usr/bin/time").exists(),
            "util-linux": shutil.which("taskset"),
        }.items() if not there]
        if not missing:
            return
        if not shutil.which("apt-get") or os.geteuid() != 0:
            say(f"please install {', '.join(missing)}: that needs apt-get and root here")
            return
        say(f"installing {', '.join(missing)}")
        # This run level starts no services.
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        try:
            _run("apt-get", "install", "-y", "--no-install-recommends", *missing, env=quiet)
        except Failed:
            _run("apt-get", "update", env=quiet)
            _run("apt-get", "install", "-y", "--no-install-recommends", *missing, env=quiet)

    def _ours(self):
        if self.program is None:
            say("building contact-sync (release)")
            _run("cargo", "build", "--release", "--locked", "--bin", "contact-sync", cwd=ROOT)
            self.program = target_dir() / "release/contact-sync"
        # A build that happens meanwhile must not change what is measured.
        copy = self.work / "contact-sync"
        shutil.copy2(self.program, copy.with_suffix(".new"))
        copy.with_suffix(".new").rename(copy)
        self.program = copy

    def _bare(self):
        say("building the bare loop (release)")
        _run("cargo", "build", "--release", "--locked", "--target-dir", self.work / "bare", cwd=HERE / "bare")
        return self.work / "bare/release/bare"

    def _growth(self):
        """The benchmark of what needs no wire."""
        say("building the benchmark `growth`")
        told = _run("cargo", "bench", "--no-run", "--locked", "--bench", "growth", "--message-format", "json", cwd=ROOT)
        made = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        found = [one["executable"] for one in made if one.get("executable") and one["target"]["name"] == "growth"]
        return Path(found[-1])

    def _aiohttp(self):
        python = self.work / "python/bin/python"
        if not python.exists() or subprocess.run([python, "-c", "import aiohttp"], capture_output=True).returncode:
            say("installing aiohttp")
            _run(sys.executable, "-m", "venv", self.work / "python")
            _run(python, "-m", "pip", "install", "--quiet", "aiohttp")
        return python

    def _qsv(self, build):
        own = self.work / "qsv/release/qsv"
        found = own if own.exists() else shutil.which("qsv")
        if found:
            return Path(found)
        if not build:
            raise Failed("not installed; `--with-qsv` builds it, which takes long")
        say(f"building qsv {QSV}, which takes long")
        _run("cargo", "info", "--quiet", f"qsv@{QSV}")
        home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
        unpacked = next(iter(home.glob(f"registry/src/*/qsv-{QSV}")), None)
        if unpacked is None:
            raise Failed("its source was not found")
        source = self.work / "qsv-source"
        shutil.copytree(unpacked, source, dirs_exist_ok=True)
        odd = source / "src/cmd/json.rs"
        odd.write_text("".join(line for line in odd.open() if line.strip() != QSV_LINE))
        _run("cargo", "build", "--release", "--locked", "--features", "feature_capable,fetch", "--bin", "qsv", "--target-dir",
             self.work / "qsv", cwd=source)
        return own

    def versions(self):
        """What was measured, by name."""
        def first(*words, pattern=r"\d+\.\d+(\.\d+)?"):
            done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
            found = re.search(pattern, done.stdout + done.stderr)
            return found[0] if found else "?"

        told = {"contact-sync": first(self.program, "--version"), "nginx": first("nginx", "-v"), "rustc": first("rustc", "--version")}
        for name, words in {"wrk": ["-v"], "curl": ["--version"], "qsv": ["--version"]}.items():
            if self.has(name):
                told[name] = first(getattr(self, name), *words)
        if self.has("aiohttp"):
            told["aiohttp"] = first(self.aiohttp, "-c", "import aiohttp; print(aiohttp.__version__)")
            told["Python"] = first(self.aiohttp, "--version")
        if self.has("bare"):
            lock = (HERE / "bare/Cargo.lock").read_text()
            told["reqwest"] = re.search(r'name = "reqwest"\nversion = "([^"]+)"', lock)[1]
        return told
