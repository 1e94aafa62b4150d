# SPDX-License-Identifier: MIT
"""
PYTHONPATH=tests/lib python3 tests/fuzz/seeds.py FOLDER [FILE...]

Writes seeds for the fuzzer. FOLDER/small: hand-made files of every class, machine, width and byte
order. FOLDER/real: the executables among the files. Both are reduced to what a diagnosis looks
at: every range that is kept becomes a PT_LOAD of its own at its old address, and what lies between
takes no room in the file. Some two kilobytes are left of a small one, ten of a real megabyte.
"""
import hashlib
import sys
from pathlib import Path
from typing import Iterator

from elf import build
from elf.fields import Elf
from elf.layout import ET_DYN, ET_REL, FORMS, PF_W, PF_X, PT
from machines import ARCHS

STARTUP = ("_start", "__wrap_main", "apply_irel", "__libc_start_main", "__libc_start_call_main",
           "_dl_relocate_static_pie")
LARGEST = 1 << 16
GAP = 64  # a smaller one is not worth a program header

Range = tuple[int, int]  # of virtual addresses, the end is outside


def main(folder: Path, executables: list[Path]) -> None:
    for elf in hand_made():
        save(folder / "small", compact(elf) or bytes(elf.data))
    for path in executables:
        data = path.read_bytes()
        if data[:4] == b"\177ELF":
            save(folder / "real", compact(Elf(data)))


def save(folder: Path, data: bytes | None) -> None:
    if data is None or len(data) > LARGEST:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def hand_made() -> Iterator[Elf]:
    for machine in ARCHS.values():
        for letters in ("GGAII", "IGIAGI", "GG", "II", "GNJI", "GRII"):
            yield build.build(build.broken(machine, letters))
        for spec in (build.healthy(machine), build.lost(machine), build.biased(machine),
                     build.broken(machine, sections=False),
                     build.broken(machine, interpreter=True)):
            yield build.build(spec)
        for form in FORMS:
            yield build.build(build.broken(machine, form=form))
        for kind in (ET_REL, ET_DYN):
            yield build.build(build.broken(machine, type=kind))


def compact(elf: Elf) -> bytes | None:
    """
    The file with nothing in it but what a diagnosis looks at. One without .symtab does not tell
    which of its functions matter.
    """
    try:
        keep = merge(sorted(wanted(elf)))
    except KeyError:
        return None
    pieces = [piece for load in elf.program_headers("PT_LOAD") for piece in split(elf, load, keep)]
    others = [base for kind in ("PT_INTERP", "PT_DYNAMIC", "PT_NOTE", "PT_GNU_EH_FRAME")
              for base in elf.program_headers(kind)]
    return lay_out(elf, pieces, others)


def wanted(elf: Elf) -> Iterator[Range]:
    for kind in ("PT_DYNAMIC", "PT_NOTE"):
        for base in elf.program_headers(kind):
            yield sized(elf.read("Phdr", base, "p_vaddr"), elf.read("Phdr", base, "p_filesz"))
    if elf.program_headers("PT_DYNAMIC"):
        yield from named_tables(elf)
    for name in (f".{elf.form.prefix}.dyn", f".{elf.form.prefix}.plt", ".got"):
        yield from section(elf, name)
    yield from functions(elf)
    yield from copies_of_bounds(elf)


def sized(start: int, size: int) -> Range:
    return start, start + size


def named_tables(elf: Elf) -> Iterator[Range]:
    for table, size in (("DT_RELA", "DT_RELASZ"), ("DT_JMPREL", "DT_PLTRELSZ"),
                        ("DT_STRTAB", "DT_STRSZ"), ("DT_REL", "DT_RELSZ"),
                        ("DT_ANDROID_RELA", "DT_ANDROID_RELASZ")):
        try:
            yield sized(elf[table], elf[size])
        except KeyError:
            continue
    yield elf["DT_SYMTAB"], elf["DT_STRTAB"]  # lld puts nothing but hash tables between them


def section(elf: Elf, name: str) -> Iterator[Range]:
    try:
        yield sized(elf[f"section[{name}].sh_addr"], elf[f"section[{name}].sh_size"])
    except KeyError:
        pass


def functions(elf: Elf) -> Iterator[Range]:
    for name, fields in elf.symbols():
        if name.startswith(STARTUP) and fields["st_size"]:
            yield sized(fields["st_value"], fields["st_size"])
    yield sized(elf["e_entry"], 64)


def copies_of_bounds(elf: Elf) -> Iterator[Range]:
    """Words in data that hold a bound: some compilers keep addresses among the constants."""
    prefix = f"__{elf.form.prefix}_iplt"
    values = {fields["st_value"] for name, fields in elf.symbols() if name.startswith(prefix)}
    for base in elf.program_headers("PT_LOAD"):
        if elf.read("Phdr", base, "p_flags") & (PF_X | PF_W):
            continue
        start, size = elf.read("Phdr", base, "p_offset"), elf.read("Phdr", base, "p_filesz")
        address = elf.read("Phdr", base, "p_vaddr")
        for value in values:
            word = elf.form.raw(value)
            at = elf.data.find(word, start, start + size)
            while at >= 0:
                yield sized(address + at - start, len(word))
                at = elf.data.find(word, at + 1, start + size)


def merge(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in ranges:
        if merged and start - merged[-1][1] < GAP:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif end > start:
            merged.append((start, end))
    return merged


def split(elf: Elf, load: int, keep: list[Range]) -> Iterator[tuple[int, Range, Range]]:
    """Flags, address range and the part of it that is kept, which stands at its start."""
    flags = elf.read("Phdr", load, "p_flags")
    at = elf.read("Phdr", load, "p_vaddr")
    file_end = at + elf.read("Phdr", load, "p_filesz")
    end = at + elf.read("Phdr", load, "p_memsz")
    for first, last in keep:
        first, last = max(first, at), min(last, file_end)
        if first >= last:
            continue
        if first > at:
            yield flags, (at, first), (at, at)
        yield flags, (first, last), (first, last)
        at = last
    if at < end:
        yield flags, (at, end), (at, at)


def lay_out(elf: Elf, pieces: list[tuple[int, Range, Range]], others: list[int]) -> bytes:
    form = elf.form
    out = build.Writer(build.Spec(form=form))
    out.write(0, bytes(elf.data[:form.size("Ehdr")]))
    header = form.size("Ehdr")
    at = header + (len(pieces) + len(others)) * form.size("Phdr")
    offsets = {}
    for flags, (start, end), (first, last) in pieces:
        header = out.put(header, "Phdr", p_type=PT["PT_LOAD"], p_flags=flags, p_offset=at,
                         p_vaddr=start, p_filesz=last - first, p_memsz=end - start)
        if last > first:
            source = elf.offset_of(first)
            offsets[first, last] = at
            at = out.write(at, bytes(elf.data[source:source + last - first]))
    for base in others:
        values = {name: elf.read("Phdr", base, name) for name in form.fields("Phdr")}
        values["p_offset"] = moved(offsets, values["p_vaddr"])
        header = out.put(header, "Phdr", **values)
    result = Elf(bytes(out.data))
    result["e_phoff"], result["e_phnum"] = form.size("Ehdr"), len(pieces) + len(others)
    result["e_shoff"] = result["e_shnum"] = 0
    return bytes(result.data)


def moved(offsets: dict[Range, int], address: int) -> int:
    """Where an address stands in the new file; 0 when it was not kept."""
    for (first, last), at in offsets.items():
        if first <= address < last:
            return at + address - first
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
