# SPDX-License-Identifier: MIT
"""The levels of the instruction sets, by the names that -march= knows them."""

X86_64_LEVELS = ["x86-64"] + ["x86-64-v%d" % n for n in range(2, 5)]

AARCH64_LEVELS = (
    ["armv8-a"] + ["armv8.%d-a" % n for n in range(1, 10)] +
    ["armv9-a"] + ["armv9.%d-a" % n for n in range(1, 7)]
)

LEVELS = X86_64_LEVELS + AARCH64_LEVELS

def by_level(flags):
    """A select() with the flags of every level; none where the platform names no level.

    Args:
      flags: a function that returns the list of flags of a level.

    Returns:
      what copts = ... takes.
    """
    chosen = {"//conditions:default": []}
    for level in LEVELS:
        chosen["//constraints:" + level] = flags(level)
    return select(chosen)

def march(level):
    """For copts = by_level(march), with clang or gcc."""
    return ["-march=" + level]
