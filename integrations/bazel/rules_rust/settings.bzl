# SPDX-License-Identifier: MIT
"""The levels of the instruction sets, and what rustc is told for each."""

X86_64_LEVELS = ["x86-64"] + ["x86-64-v%d" % n for n in range(2, 5)]

AARCH64_LEVELS = (
    ["armv8-a"] + ["armv8.%d-a" % n for n in range(1, 10)] +
    ["armv9-a"] + ["armv9.%d-a" % n for n in range(1, 7)]
)

LEVELS = X86_64_LEVELS + AARCH64_LEVELS

# No list of --defsym=SYMBOL=0 is needed beside these.
STATIC = [
    "-Ctarget-feature=+crt-static",
    "-Crelocation-model=static",
]

def rustc_level(level):
    """What tells rustc the level.

    Args:
      level: one of LEVELS.

    Returns:
      what rustc_flags = ... takes.
    """
    if level in X86_64_LEVELS:
        return ["-Ctarget-cpu=" + level]
    if level == "armv8-a":
        return []  # what rustc begins with
    return ["-Ctarget-feature=+v%sa" % level[len("armv"):-len("-a")]]
