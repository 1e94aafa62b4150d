# SPDX-License-Identifier: MIT
"""One hand-made file for every way in which a call can end."""
from dataclasses import replace

from elf.build import BASE, STB_GLOBAL, Spec, broken, build, healthy
from elf.fields import Elf
from elf.layout import SHT, Form
from machines import X86_64, Machine

TEXT_FILE = b"#!/bin/sh\nexit 0\n"
NO_MACHINES = Form(32, "big")  # of which no machine is known with these numbers


def malformed(machine: Machine = X86_64) -> Elf:
    elf = build(broken(machine))
    elf["DT_RELASZ"] += 1
    return elf


def refused(machine: Machine = X86_64) -> Spec:
    """A stray entry against a symbol that is not weak."""
    spec = broken(machine)
    spec.symbols[1] = replace(spec.symbols[1], name="needed", binding=STB_GLOBAL)
    return spec


def threadless(machine: Machine = X86_64) -> Elf:
    """Can be repaired, and will die once it starts a thread."""
    spec = broken(machine)
    spec.symbols[1] = replace(spec.symbols[1], name="pthread_create")
    elf = build(spec)
    for field, value in {"sh_type": SHT["SHT_DYNSYM"], "sh_link": 2,
                         "sh_entsize": machine.form.size("Sym")}.items():
        elf[f"section[.dynsym].{field}"] = value
    return elf


def hopeless(machine: Machine = X86_64) -> Spec:
    """Its bounds are right, and it dies all the same."""
    spec = healthy(machine)
    spec.symbols[1] = replace(spec.symbols[1], name="needed", binding=STB_GLOBAL)
    return spec


def unverified(machine: Machine = X86_64) -> Spec:
    """An IRELATIVE entry stores into memory that is not writable."""
    spec = broken(machine)
    spec.entries[-1] = replace(spec.entries[-1], slot=BASE)
    return spec


# By exit status with -o.
ENDINGS = {0: healthy, 3: malformed, 4: refused, 5: unverified}
