"""A certification authority for one test, and a server's certificate for this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_EXTENSIONS = """subjectAltName=DNS:localhost,IP:127.0.0.1
basicConstraints=CA:FALSE
extendedKeyUsage=serverAuth
authorityKeyIdentifier=keyid
subjectKeyIdentifier=hash
"""


def make_certificates(folder: Path) -> Path:
    """Make `ca.pem`, `server.pem` and `server.key` in a folder; gives the first.

    For « localhost » and 127.0.0.1, for a month. Uses the program `openssl`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority = ("-addext", "basicConstraints=critical,CA:TRUE")
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl(
        *(folder, "req", "-x509", *_KEY, "-days", "30", "-subj", "/CN=sandbox"),
        *("-keyout", "ca.key", "-out", "ca.pem", *authority, *usage),
    )
    _openssl(
        *(folder, "req", *_KEY, "-subj", "/CN=localhost"),
        *("-keyout", "server.key", "-out", "server.csr"),
    )
    (folder / "extensions").write_text(_EXTENSIONS, "utf-8")
    _openssl(
        *(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-days", "30", "-extfile", "extensions", "-out", "server.pem"),
    )
    return folder / "ca.pem"


def _openssl(folder: Path, *command: str) -> None:
    subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
