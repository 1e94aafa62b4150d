# SPDX-License-Identifier: MIT
"""Which cases there are. A wider cross product is more names in these calls."""
from machines import MAJOR, OTHERS

from .links import OPTIONS, Case, product

MACHINE_NAMES = tuple(MAJOR)
OTHER_NAMES = tuple(name for name in OTHERS if OTHERS[name].has_gcc)
IFUNC_NAMES = tuple(name for name in OTHER_NAMES if OTHERS[name].ifuncs)

# The options of the matrix; the others belong to a test of their own.
MATRIX_OPTIONS = tuple(name for name in OPTIONS if OPTIONS[name].in_matrix)

# Each fails as it is linked and must be repaired.
WIDE_BOUNDS = product(("weak", "ifunc", "threads", "rust"), MACHINE_NAMES, ("lld-19", "lld-22"),
                      ("2.36", "2.41"), MATRIX_OPTIONS)
LOST_IRELATIVE = product(("weak", "ifunc", "threads"), MACHINE_NAMES, ("lld-19",),
                         ("2.36", "2.41"), ("android",))
BIASED_WEAK = [
    *product(("weak", "ifunc", "threads"), MACHINE_NAMES, ("lld-22",), ("2.36", "2.41"),
             ("default",), ("static-pie",)),
    *product(("rust",), ("x86-64",), ("lld-22",), ("2.36", "2.41"), ("default",),
             ("static-pie",)),
    # A weak reference to what the library defines was biased long before LLVM 19.
    *product(("weak",), MACHINE_NAMES, ("lld-18", "lld-19"), ("2.36", "2.41"), ("default",),
             ("static-pie",)),
]
# The other machines, once each way. Not all of these can be padded: REL entries cannot.
ELSEWHERE = [
    *product(("weak",), OTHER_NAMES, ("lld-19", "lld-22"), ("2.36", "2.41"),
             ("default", "stripped", "no-relax")),
    *product(("weak",), IFUNC_NAMES, ("lld-19",), ("2.41",), ("android",)),
    *product(("weak",), OTHER_NAMES, ("lld-22",), ("2.41",), ("default",), ("static-pie",)),
]
BROKEN = [*WIDE_BOUNDS, *LOST_IRELATIVE, *BIASED_WEAK, *ELSEWHERE]


def one_of_each() -> list[Case]:
    """Each class of each machine, as some linker makes it."""
    cases = {(case.machine.name, case.linker.name, case.kind): case for case in reversed(BROKEN)
             if case.program.name == "weak" and case.option.name in ("default", "android")}
    return list(cases.values())


# Healthy: linkers without the defect, and linkers with it that saw no shared library.
HEALTHY = [
    *product(("weak", "ifunc", "threads"), MACHINE_NAMES, ("bfd", "mold", "lld-19", "lld-22"),
             ("2.36",), ("default",), ("exec", "static-pie"), stray_library=False),
    *product(("rust",), MACHINE_NAMES, ("bfd", "lld-22"), ("2.36",), ("default",),
             stray_library=False),
]

# Healthy, with the entries that break what lld 19 and later link.
LOOK_BROKEN = product(("weak", "ifunc", "threads"), MACHINE_NAMES, ("lld-16", "lld-18"),
                      ("2.36", "2.41"), ("default",))

# Not repairable.
NEEDS_LIBRARY = [case for linker, kinds in (("lld-19", ("exec",)), ("lld-22", ("exec", "static-pie")))
                 for case in product(("bound",), MACHINE_NAMES, (linker,), ("2.36",), ("default",),
                                     kinds)]
# The same where the bounds and the slots are right: not this defect.
LACKS_LIBRARY = [case for linker, kind in (("lld-18", "exec"), ("lld-19", "static-pie"))
                 for case in product(("bound",), MACHINE_NAMES, (linker,), ("2.36",), ("default",),
                                     (kind,))]
NOT_PIC = product(("weak",), ("x86-64",), ("lld-19", "lld-22"), ("2.36",), ("no-pic",))
REL_FORMAT = product(("weak",), MACHINE_NAMES, ("lld-19", "lld-22"), ("2.36",), ("rel",),
                     ("exec", "static-pie"))
# Without a library nothing names the entries. The slots of ppc64le have no bytes in the file.
REL_ALONE = product(("ifunc",), [name for name in IFUNC_NAMES if OTHERS[name].form.rela],
                    ("lld-19", "lld-22"), ("2.41",), ("rel",), stray_library=False)


def defect_of(case: Case) -> str:
    """The failure class of a broken case."""
    if case.kind == "static-pie":
        return "biased-weak"
    return "lost-irelative" if case.option.name == "android" else "wide-bounds"


def is_fast(case: Case) -> bool:
    """Belongs to the subset that is run after every edit."""
    return (case.program.name in ("weak", "bound") and case.libc.version == "2.36"
            and case.linker.name in ("lld-18", "lld-22", "bfd")
            and case.option.name in ("default", "shuffled", "rel"))
