# SPDX-License-Identifier: MIT
"""The structures of the gABI: where each field stands, in every form that a file can have."""
import struct
from dataclasses import dataclass
from functools import lru_cache

# FIELD:WIDTH in bytes, in the order of the structure.
STRUCTURES = {
    "Ehdr": {
        32: "ei_mag:4 ei_class:1 ei_data:1 ei_version:1 ei_osabi:1 ei_abiversion:1 ei_pad:7 "
            "e_type:2 e_machine:2 e_version:4 e_entry:4 e_phoff:4 e_shoff:4 e_flags:4 e_ehsize:2 "
            "e_phentsize:2 e_phnum:2 e_shentsize:2 e_shnum:2 e_shstrndx:2",
        64: "ei_mag:4 ei_class:1 ei_data:1 ei_version:1 ei_osabi:1 ei_abiversion:1 ei_pad:7 "
            "e_type:2 e_machine:2 e_version:4 e_entry:8 e_phoff:8 e_shoff:8 e_flags:4 e_ehsize:2 "
            "e_phentsize:2 e_phnum:2 e_shentsize:2 e_shnum:2 e_shstrndx:2",
    },
    "Phdr": {
        32: "p_type:4 p_offset:4 p_vaddr:4 p_paddr:4 p_filesz:4 p_memsz:4 p_flags:4 p_align:4",
        64: "p_type:4 p_flags:4 p_offset:8 p_vaddr:8 p_paddr:8 p_filesz:8 p_memsz:8 p_align:8",
    },
    "Shdr": {
        32: "sh_name:4 sh_type:4 sh_flags:4 sh_addr:4 sh_offset:4 sh_size:4 sh_link:4 sh_info:4 "
            "sh_addralign:4 sh_entsize:4",
        64: "sh_name:4 sh_type:4 sh_flags:8 sh_addr:8 sh_offset:8 sh_size:8 sh_link:4 sh_info:4 "
            "sh_addralign:8 sh_entsize:8",
    },
    "Dyn": {32: "d_tag:4 d_val:4", 64: "d_tag:8 d_val:8"},
    "Sym": {
        32: "st_name:4 st_value:4 st_size:4 st_info:1 st_other:1 st_shndx:2",
        64: "st_name:4 st_info:1 st_other:1 st_shndx:2 st_value:8 st_size:8",
    },
    "Rela": {
        32: "r_offset:4 r_info:4 r_addend:4",
        64: "r_offset:8 r_info:8 r_addend:8",
    },
    "Rel": {32: "r_offset:4 r_info:4", 64: "r_offset:8 r_info:8"},
    "Nhdr": {bits: "n_namesz:4 n_descsz:4 n_type:4" for bits in (32, 64)},
}

ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
PT = {"PT_LOAD": 1, "PT_DYNAMIC": 2, "PT_INTERP": 3, "PT_NOTE": 4, "PT_TLS": 7,
      "PT_GNU_EH_FRAME": 0x6474e550, "PT_GNU_STACK": 0x6474e551}
PF_X, PF_W, PF_R = 1, 2, 4
DT = {"DT_NULL": 0, "DT_NEEDED": 1, "DT_PLTRELSZ": 2, "DT_STRTAB": 5, "DT_SYMTAB": 6,
      "DT_RELA": 7, "DT_RELASZ": 8, "DT_RELAENT": 9, "DT_STRSZ": 10, "DT_SYMENT": 11,
      "DT_REL": 17, "DT_RELSZ": 18, "DT_RELENT": 19, "DT_PLTREL": 20, "DT_DEBUG": 21,
      "DT_JMPREL": 23, "DT_RELRSZ": 35, "DT_RELR": 36, "DT_ANDROID_REL": 0x6000000f,
      "DT_ANDROID_RELSZ": 0x60000010, "DT_ANDROID_RELA": 0x60000011,
      "DT_ANDROID_RELASZ": 0x60000012, "DT_FLAGS_1": 0x6ffffffb}
DF_1_PIE = 0x08000000
SHT = {"SHT_NULL": 0, "SHT_PROGBITS": 1, "SHT_SYMTAB": 2, "SHT_STRTAB": 3, "SHT_RELA": 4,
       "SHT_NOBITS": 8, "SHT_REL": 9, "SHT_DYNSYM": 11}
SHF_ALLOC = 2
SHN_UNDEF = 0
STB_LOCAL, STB_GLOBAL, STB_WEAK = 0, 1, 2
STT_NOTYPE, STT_OBJECT, STT_FUNC = 0, 1, 2
NT_GNU_ABI_TAG = 1


@lru_cache(maxsize=None)
def fields_of(structure: str, bits: int) -> dict[str, tuple[int, int]]:
    """By name, the offset and width of each field."""
    fields, at = {}, 0
    for word in STRUCTURES[structure][bits].split():
        name, width = word.split(":")
        fields[name] = (at, int(width))
        at += int(width)
    return fields


@lru_cache(maxsize=None)
def reader_of(structure: str, bits: int, order: str) -> struct.Struct:
    """Reads all fields at once: tables of a real file are long."""
    letters = {1: "B", 2: "H", 4: "I", 7: "7s", 8: "Q"}
    return struct.Struct({"little": "<", "big": ">"}[order] + "".join(
        letters[width] for _, width in fields_of(structure, bits).values()))


@dataclass(frozen=True)
class Form:
    """What the layout of a file follows from: class, byte order, entries with or without addend."""
    bits: int = 64
    order: str = "little"
    rela: bool = True

    def __str__(self) -> str:
        return f"{self.bits}-{self.order}-{self.entry.lower()}"

    @property
    def word(self) -> int:
        """The bytes of an address."""
        return self.bits // 8

    @property
    def entry(self) -> str:
        return "Rela" if self.rela else "Rel"

    @property
    def entry_size(self) -> int:
        return self.size(self.entry)

    @property
    def prefix(self) -> str:
        """Of what linkers name after the entries: .rela.dyn, __rela_iplt_start."""
        return self.entry.lower()

    def fields(self, structure: str) -> dict[str, tuple[int, int]]:
        return fields_of(structure, self.bits)

    def size(self, structure: str) -> int:
        return reader_of(structure, self.bits, self.order).size

    def rows(self, structure: str, data: bytes):
        """The structures of a table, each as the tuple of its fields."""
        return reader_of(structure, self.bits, self.order).iter_unpack(data)

    def number(self, raw: bytes, signed: bool = False) -> int:
        return int.from_bytes(raw, self.order, signed=signed)

    def raw(self, value: int, width: int | None = None) -> bytes:
        """The bytes of a number, as much of it as they hold; of an address, if nothing is said."""
        width = width or self.word
        return (value % (1 << 8 * width)).to_bytes(width, self.order)

    def info(self, symbol: int, kind: int) -> int:
        """The r_info of a relocation of type kind against a symbol."""
        return symbol << (32 if self.bits == 64 else 8) | kind

    def split_info(self, info: int) -> tuple[int, int]:
        """The symbol and the type."""
        shift = 32 if self.bits == 64 else 8
        return info >> shift, info & ((1 << shift) - 1)

    def tag(self, name: str) -> str:
        """What stands for DT_RELA, DT_RELASZ, ... where entries have no addends."""
        return name if self.rela else name.replace("RELA", "REL")


FORMS = tuple(Form(bits, order, rela) for bits in (64, 32) for order in ("little", "big")
              for rela in (True, False))
