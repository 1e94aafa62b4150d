# SPDX-License-Identifier: MIT
"""A registry of npm's on this machine only, of a folder of packages that nobody has published."""
import base64
import hashlib
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


def manifest(path: Path) -> dict:
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile("package/package.json"))


def document(path: Path, address: str) -> dict:
    """What a registry says of a package with one version."""
    package = manifest(path)
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    dist = {"tarball": f"{address}/{path.name}", "integrity": f"sha512-{digest}"}
    version = package["version"]
    return {"name": package["name"], "dist-tags": {"latest": version},
            "versions": {version: {**package, "dist": dist}}}


class Handler(BaseHTTPRequestHandler):
    answers: dict[str, bytes]

    def do_GET(self) -> None:
        answer = self.answers.get(unquote(self.path))
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Length", str(len(answer or b"")))
        self.end_headers()
        self.wfile.write(answer or b"")

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a registry with the packages in @folder."""
    handler = type("OfAFolder", (Handler,), {"answers": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{server.server_port}"
    for path in folder.glob("*.tgz"):
        handler.answers[f"/{manifest(path)['name']}"] = json.dumps(document(path, address)).encode()
        handler.answers[f"/{path.name}"] = path.read_bytes()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
