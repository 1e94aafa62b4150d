# SPDX-License-Identifier: MIT
"""One hand-made file for every way in which a call can end."""
from dataclasses import replace

from elf.build import BASE, STB_GLOBAL, Spec, broken, build, healthy
from elf.fields import Elf
from machines import X86_64, Machine

TEXT_FILE = b"#!/bin/sh\nexit 0\n"


def malformed(machine: Machine = X86_64) -> Elf:
    elf = build(broken(machine))
    elf["DT_RELASZ"] += 1
    return elf


def refused(machine: Machine = X86_64) -> Spec:
    """A stray entry against a symbol that is not weak."""
    spec = broken(machine)
    spec.symbols[1] = replace(spec.symbols[1], name="needed", binding=STB_GLOBAL)
    return spec


def unverified(machine: Machine = X86_64) -> Spec:
    """An IRELATIVE entry stores into memory that is not writable."""
    spec = broken(machine)
    spec.entries[-1] = replace(spec.entries[-1], slot=BASE)
    return spec


# By exit status with -o.
ENDINGS = {0: healthy, 3: malformed, 4: refused, 5: unverified}
