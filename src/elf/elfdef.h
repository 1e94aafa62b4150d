/* SPDX-License-Identifier: MIT */
/*
 * The numbers of the ELF gABI and its GNU, LLVM and Android extensions that irelfix reads, and
 * where each field stands.
 */
#ifndef IRELFIX_ELFDEF_H
#define IRELFIX_ELFDEF_H

#include <stdbool.h>

/* e_ident */
enum { EI_CLASS = 4, EI_DATA = 5, EI_VERSION = 6, EI_OSABI = 7, EI_NIDENT = 16 };
enum { ELFCLASS32 = 1, ELFCLASS64 = 2 };
enum { ELFDATA2LSB = 1, ELFDATA2MSB = 2 };
enum { EV_CURRENT = 1 };
enum { ELFOSABI_FREEBSD = 9 };

enum { ET_NONE = 0, ET_REL = 1, ET_EXEC = 2, ET_DYN = 3, ET_CORE = 4 };
enum { EM_X86_64 = 62, EM_AARCH64 = 183 };

enum { PT_NULL = 0, PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_NOTE = 4, PT_GNU_EH_FRAME = 0x6474e550 };
enum { PF_X = 1, PF_W = 2, PF_R = 4 };

/* e_shstrndx: the real number stands in sh_link of section 0 */
enum { SHN_UNDEF = 0, SHN_LORESERVE = 0xff00, SHN_XINDEX = 0xffff };

enum { SHF_EXECINSTR = 4 };
enum { SHT_NULL = 0, SHT_PROGBITS = 1, SHT_SYMTAB = 2, SHT_NOBITS = 8, SHT_DYNSYM = 11 };

enum { STB_LOCAL = 0, STB_GLOBAL = 1, STB_WEAK = 2 };
enum { STT_NOTYPE = 0, STT_FUNC = 2, STT_TLS = 6, STT_GNU_IFUNC = 10 };

enum { NT_GNU_ABI_TAG = 1 };

/* d_tag; an enum cannot hold the larger ones everywhere */
#define DT_NULL          0u
#define DT_NEEDED        1u
#define DT_PLTRELSZ      2u
#define DT_STRTAB        5u
#define DT_SYMTAB        6u
#define DT_RELA          7u
#define DT_RELASZ        8u
#define DT_RELAENT       9u
#define DT_STRSZ         10u
#define DT_SYMENT        11u
#define DT_RPATH         15u
#define DT_REL           17u
#define DT_RELSZ         18u
#define DT_RELENT        19u
#define DT_PLTREL        20u
#define DT_JMPREL        23u
#define DT_RUNPATH       29u
#define DT_RELRSZ        35u
#define DT_RELR          36u
#define DT_ANDROID_REL   0x6000000fu
#define DT_ANDROID_RELSZ 0x60000010u
#define DT_ANDROID_RELA  0x60000011u
#define DT_ANDROID_RELASZ 0x60000012u
#define DT_ANDROID_RELR  0x6fffe000u
#define DT_FLAGS_1       0x6ffffffbu
#define DF_1_PIE         0x08000000u

/* One field of a structure: its offset and its width in bytes in ELF32 [0] and ELF64 [1]. */
struct elf_field {
	unsigned char offset[2];
	unsigned char width[2];
};

#define FIELD(offset32, offset64, width32, width64) \
	((struct elf_field){ { offset32, offset64 }, { width32, width64 } })

#define E_TYPE      FIELD(16, 16, 2, 2)
#define E_MACHINE   FIELD(18, 18, 2, 2)
#define E_VERSION   FIELD(20, 20, 4, 4)
#define E_ENTRY     FIELD(24, 24, 4, 8)
#define E_PHOFF     FIELD(28, 32, 4, 8)
#define E_SHOFF     FIELD(32, 40, 4, 8)
#define E_PHENTSIZE FIELD(42, 54, 2, 2)
#define E_PHNUM     FIELD(44, 56, 2, 2)
#define E_SHENTSIZE FIELD(46, 58, 2, 2)
#define E_SHNUM     FIELD(48, 60, 2, 2)
#define E_SHSTRNDX  FIELD(50, 62, 2, 2)

#define P_TYPE   FIELD(0, 0, 4, 4)
#define P_OFFSET FIELD(4, 8, 4, 8)
#define P_VADDR  FIELD(8, 16, 4, 8)
#define P_FILESZ FIELD(16, 32, 4, 8)
#define P_MEMSZ  FIELD(20, 40, 4, 8)
#define P_FLAGS  FIELD(24, 4, 4, 4)

#define SH_NAME    FIELD(0, 0, 4, 4)
#define SH_TYPE    FIELD(4, 4, 4, 4)
#define SH_FLAGS   FIELD(8, 8, 4, 8)
#define SH_ADDR    FIELD(12, 16, 4, 8)
#define SH_OFFSET  FIELD(16, 24, 4, 8)
#define SH_SIZE    FIELD(20, 32, 4, 8)
#define SH_LINK    FIELD(24, 40, 4, 4)
#define SH_INFO    FIELD(28, 44, 4, 4)
#define SH_ENTSIZE FIELD(36, 56, 4, 8)

#define D_TAG FIELD(0, 0, 4, 8)
#define D_VAL FIELD(4, 8, 4, 8)

#define ST_NAME  FIELD(0, 0, 4, 4)
#define ST_INFO  FIELD(12, 4, 1, 1)
#define ST_SHNDX FIELD(14, 6, 2, 2)
#define ST_VALUE FIELD(4, 8, 4, 8)
#define ST_SIZE  FIELD(8, 16, 4, 8)

#define R_OFFSET FIELD(0, 0, 4, 8)
#define R_INFO   FIELD(4, 8, 4, 8)
#define R_ADDEND FIELD(8, 16, 4, 8)

/* sizes of the structures in ELF32 [0] and ELF64 [1], bytes */
static inline unsigned elf_pick(bool is64, unsigned size32, unsigned size64)
{
	return is64 ? size64 : size32;
}
#define EHDR_SIZE(is64) elf_pick(is64, 52, 64)
#define PHDR_SIZE(is64) elf_pick(is64, 32, 56)
#define SHDR_SIZE(is64) elf_pick(is64, 40, 64)
#define DYN_SIZE(is64)  elf_pick(is64, 8, 16)
#define SYM_SIZE(is64)  elf_pick(is64, 16, 24)
#define REL_SIZE(is64)  elf_pick(is64, 8, 16)
#define RELA_SIZE(is64) elf_pick(is64, 12, 24)

#endif
