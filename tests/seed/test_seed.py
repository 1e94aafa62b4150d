# SPDX-License-Identifier: MIT
"""Tokio on mimalloc, linked statically by rustc: crashes, is repaired, works under its load."""
import pytest
from machines import AARCH64, X86_64
from need import Missing, NoProcessor
from rust.build import Build, program
from rust.check import assert_crashes, assert_works, repair
from rust.toolchain import known_features
from variants.levels import AVX512
from variants.running import processor_flags

# The default relocation model of x86-64 makes a static-PIE, that of AArch64 an ET_EXEC.
PLAIN = [Build(machine, profile, lto=profile == "release", model=model)
         for model in ("static", None) for profile in ("debug", "release")
         for machine in (X86_64, AARCH64)]
X86_64_LEVELS = [Build(X86_64, level=f"x86-64-v{n}") for n in (2, 3, 4)]
AARCH64_LEVELS = [Build(AARCH64, level=level)
                  for level in (*(f"v8.{n}a" for n in range(1, 10)),
                                "v9a", *(f"v9.{n}a" for n in range(1, 7)))]


def need_level(build: Build) -> None:
    if build in AARCH64_LEVELS and f" {build.level} " not in known_features(build.machine):
        raise Missing(f"this rustc does not know {build.level}")


def why_not_run(build: Build) -> str:
    if build.level == "x86-64-v4" and not AVX512 <= processor_flags():
        return "not run: this processor has no AVX-512 and no qemu emulates it"
    return ""


@pytest.mark.parametrize("build", PLAIN + X86_64_LEVELS + AARCH64_LEVELS, ids=str)
def test_program(build, folder, record_property):
    need_level(build)
    broken, repaired = program(build), folder / "repaired"
    assert_crashes(broken, build.machine)
    report = repair(broken, repaired, build.machine)
    not_run = why_not_run(build)
    if not not_run:
        assert_works(repaired, build.machine)
    record_property("program", str(build))
    record_property("type", report["type"])
    record_property("as linked", "crashes")
    record_property("defect", report["class"])
    record_property("linker", report["linker"])
    record_property("startup proved", f"{len(report['prove'])} models")
    record_property("load", not_run or "right")
    if not_run:
        raise NoProcessor(f"repaired and proved to start; {not_run}")
