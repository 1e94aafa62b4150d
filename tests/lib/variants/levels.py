# SPDX-License-Identifier: MIT
"""The architecture levels, a row each."""
from dataclasses import dataclass

from machines import MACHINES, Machine

AVX512 = frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})


@dataclass(frozen=True)
class Level:
    """
    name is what -march= takes and the name of the program's source. Each of the instructions must
    occur in the program's own code: mnemonic and first operands, with * for what does not matter.
    """
    name: str
    instructions: tuple[str, ...]
    option: str = ""  # of -march=: an extension that the level allows and the program uses
    cflags: tuple[str, ...] = ()
    not_emulated: str = ""  # why no emulator runs the program
    native_flags: frozenset[str] = frozenset()  # of /proc/cpuinfo, to run what is not emulated
    note: str = ""

    @property
    def machine(self) -> Machine:
        return MACHINES["x86-64" if self.name.startswith("x86-64") else "aarch64"]


LEVELS = (
    Level("x86-64", ("psadbw", "mulpd")),
    Level("x86-64-v2", ("popcnt", "crc32", "pcmpestri", "pshufb", "pmulld", "cmpxchg16b")),
    Level("x86-64-v3", ("vfmadd*pd ymm*", "vpgatherdd ymm*", "vpermd ymm*", "pext", "pdep", "andn",
                        "bextr", "lzcnt", "tzcnt", "movbe", "vcvtps2ph")),
    Level("x86-64-v4", ("vpcompressd * zmm*", "vpermw zmm*", "vpconflictd zmm*", "vpmullq zmm*",
                        "vprolvd ymm*"),
          not_emulated="no qemu emulates AVX-512", native_flags=AVX512),
    Level("armv8-a", ("fmla v*.4s", "ldaxr", "stlxr")),
    Level("armv8.1-a", ("ldaddal", "ldumaxal", "casal", "swpal", "sqrdmlah", "crc32cx")),
    Level("armv8.2-a", ("dc cvap", "fmla v*.8h"), option="+fp16",
          note="of what the level requires only DC CVAP runs in user mode; FEAT_FP16 is optional"),
    Level("armv8.3-a", ("pacda", "autda", "pacga", "fjcvtzs", "fcmla", "ldapr")),
    Level("armv8.4-a", ("sdot", "setf8", "rmif", "cfinv", "ldapur", "stlur", "msr DIT")),
    Level("armv8.5-a", ("frint32z", "frint64x", "xaflag", "axflag", "dc cvadp", "sb", "bti c"),
          cflags=("-mbranch-protection=standard",)),
    Level("armv8.6-a", ("bfcvtn", "bfdot", "bfmmla", "smmla", "usmmla", "usdot")),
    Level("armv8.7-a", ("wfet", "wfit", "dsb synxs"),
          note="in user mode the level adds waits and barriers only, nothing that computes"),
    Level("armv8.8-a", ("cpyfp", "cpyp", "setp", "bc.hs")),
    Level("armv8.9-a", ("cnt x*", "ctz x*", "abs x*", "smax x*", "chkfeat", "prfm pldslckeep",
                        "clrbhb")),
    Level("armv9-a", ("whilelo", "fmla z*.s", "match", "eor3 z*", "bcax z*")),
    Level("armv9.1-a", ("bfcvt z*", "bfdot z*", "bfmmla z*", "smmla z*", "usdot z*")),
    Level("armv9.2-a", ("wfet", "wfit", "dsb synxs", "fmopa"), option="+sme",
          note="of what the level requires only waits and barriers run in user mode; FEAT_SME is "
               "optional"),
    Level("armv9.3-a", ("cpyfp", "cpyp", "setp", "bc.hs")),
    Level("armv9.4-a", ("cnt x*", "ctz x*", "abs x*", "smax x*", "chkfeat", "fclamp", "whilelo pn*",
                        "ld1d { z*.d z*.d }")),
    Level("armv9.5-a", ("famax v*", "famin v*", "famax z*", "luti2", "luti4"),
          note="FEAT_CPA, which the level requires as well, is not emulated by qemu 11"),
    Level("armv9.6-a", ("cbge x*", "cbbhi", "cblt"),
          note="FEAT_LSUI and FEAT_OCCMO, which the level requires as well, are not emulated by "
               "qemu 11"),
)
