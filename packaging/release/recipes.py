# SPDX-License-Identifier: MIT
"""
The recipes by which distributions build the archive of the sources, with its sums filled in: those
cannot stand in what the archive is made of. OWNER in an address is whoever publishes the release.
"""
import hashlib
from pathlib import Path

from .targets import ROOT

# Where the sum goes, and of which kind it is.
PLACES = {
    "alpine/APKBUILD": ('sha512sums=""', 'sha512sums="{sum}  {name}"', "sha512"),
    "arch/PKGBUILD": ("sha256sums=(SKIP)", "sha256sums=({sum})", "sha256"),
    "homebrew/irelfix.rb": ('sha256 ""', 'sha256 "{sum}"', "sha256"),
}
REMARK = " # scripts/packages fills it in"


def fill(sources: Path, out: Path, owner: str) -> None:
    """Writes the recipes into @out."""
    for name, (empty, full, kind) in PLACES.items():
        text = (ROOT / "packaging" / name).read_text()
        digest = hashlib.new(kind, sources.read_bytes()).hexdigest()
        assert empty in text, f"{name} has no place for the sum"
        text = text.replace(empty, full.format(sum=digest, name=sources.name))
        text = text.replace(REMARK, "").replace(f"{REMARK[1:]}\n", "")
        (out / Path(name).name).write_text(text.replace("/OWNER/", f"/{owner}/"))
