/* SPDX-License-Identifier: MIT */
/*
 * A small executable in memory, laid out as ld.lld does:
 *
 *     0x200000 R   headers, note, .dynsym, .dynstr, .rela.dyn, .rela.plt
 *     0x202000 RX  code
 *     0x204000 RW  .dynamic, .got; from 0x205000 to 0x206000 memory only
 *
 * The tests fill it piece by piece and then let image_parse() look at it.
 */
#ifndef TEST_SYNTHETIC_H
#define TEST_SYNTHETIC_H

#include "../../src/arch/arch.h"
#include "../../src/elf/image.h"
#include "../../src/elf/reloc.h"
#include "../../src/elf/symbols.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE UINT64_C(0x200000)
#define TEXT UINT64_C(0x202000)
#define DATA UINT64_C(0x204000)
#define MEMORY_ONLY UINT64_C(0x205000)
#define DATA_END UINT64_C(0x206000)
#define NOTE (BASE + 0x300)
#define DYNSYM (BASE + 0x340)
#define DYNSTR (BASE + 0x600)
#define RELA_DYN (BASE + 0x800)
#define RELA_PLT (BASE + 0xc00)
#define DYNAMIC DATA
#define GOT (DATA + 0x400)

enum { FILE_SIZE = 0x3000, PHDRS_AT = 64 };

struct synthetic {
	unsigned char data[FILE_SIZE];
	const struct arch *arch; /* whose startup will run it */
	bool is64, rela;
	enum byte_order order;
	unsigned phdrs, tags, symbols, entries, plt_entries;
	unsigned strings; /* bytes of .dynstr */
	struct image image;
	struct outcome why;
};

/* ---- raw access ----------------------------------------------------------------------------- */

/* File offset of an address. */
static inline uint64_t synthetic_offset(uint64_t address)
{
	return address >= DATA ? address - DATA + 0x2000
	       : address >= TEXT ? address - TEXT + 0x1000 : address - BASE;
}

static inline void synthetic_set(struct synthetic *s, uint64_t offset, struct elf_field field,
                                 uint64_t value)
{
	offset += field.offset[s->is64];
	assert_true(offset + field.width[s->is64] <= FILE_SIZE);
	bytes_store(s->data + offset, field.width[s->is64], s->order, value);
}

/* Stores an address-sized word. */
static inline void synthetic_word(struct synthetic *s, uint64_t address, uint64_t value)
{
	uint64_t at = synthetic_offset(address);

	assert_true(at < FILE_SIZE - 8);
	bytes_store(s->data + at % FILE_SIZE, s->is64 ? 8 : 4, s->order, value);
}

/* ---- headers and tables --------------------------------------------------------------------- */

static inline void synthetic_phdr(struct synthetic *s, uint32_t type, uint64_t address,
                                  uint64_t filesz, uint64_t memsz, uint32_t flags)
{
	uint64_t at = PHDRS_AT + s->phdrs++ * PHDR_SIZE(s->is64);

	synthetic_set(s, at, P_TYPE, type);
	synthetic_set(s, at, P_FLAGS, flags);
	synthetic_set(s, at, P_OFFSET, synthetic_offset(address));
	synthetic_set(s, at, P_VADDR, address);
	synthetic_set(s, at, P_FILESZ, filesz);
	synthetic_set(s, at, P_MEMSZ, memsz);
	synthetic_set(s, 0, E_PHNUM, s->phdrs);
}

static inline void synthetic_tag(struct synthetic *s, uint64_t tag, uint64_t value)
{
	uint64_t at = synthetic_offset(DYNAMIC) + s->tags++ * DYN_SIZE(s->is64);

	synthetic_set(s, at, D_TAG, tag);
	synthetic_set(s, at, D_VAL, value);
}

/* Adds a dynamic symbol. @return its index. */
static inline uint32_t synthetic_symbol(struct synthetic *s, const char *name, unsigned binding,
                                        unsigned shndx, uint64_t value)
{
	uint64_t at = synthetic_offset(DYNSYM) + ++s->symbols * SYM_SIZE(s->is64);

	assert_true(at + SYM_SIZE(s->is64) <= synthetic_offset(DYNSTR));
	synthetic_set(s, at, ST_NAME, s->strings);
	synthetic_set(s, at, ST_INFO, binding << 4);
	synthetic_set(s, at, ST_SHNDX, shndx);
	synthetic_set(s, at, ST_VALUE, value);
	memcpy(s->data + synthetic_offset(DYNSTR) + s->strings, name, strlen(name) + 1);
	s->strings += (unsigned)strlen(name) + 1;
	return s->symbols;
}

static inline uint32_t synthetic_weak(struct synthetic *s, const char *name)
{
	return synthetic_symbol(s, name, STB_WEAK, SHN_UNDEF, 0);
}

static inline unsigned synthetic_entsize(const struct synthetic *s)
{
	return s->rela ? RELA_SIZE(s->is64) : REL_SIZE(s->is64);
}

static inline unsigned synthetic_word_size(const struct synthetic *s)
{
	return s->is64 ? 8 : 4;
}

/* A REL entry's addend goes into its slot. */
static inline void synthetic_put_entry(struct synthetic *s, uint64_t table, unsigned index,
                                       struct reloc reloc)
{
	uint64_t at = synthetic_offset(table) + index * synthetic_entsize(s);

	synthetic_set(s, at, R_OFFSET, reloc.offset);
	synthetic_set(s, at, R_INFO, s->is64 ? (uint64_t)reloc.symbol << 32 | reloc.type
	                                     : (uint64_t)reloc.symbol << 8 | reloc.type);
	if (s->rela)
		synthetic_set(s, at, R_ADDEND, reloc.addend);
	else if (reloc.offset != 0)
		synthetic_word(s, reloc.offset, reloc.addend);
}

/* Adds an entry to .rela.dyn. */
static inline void synthetic_entry(struct synthetic *s, struct reloc reloc)
{
	synthetic_put_entry(s, RELA_DYN, s->entries++, reloc);
}

/* Adds an entry to .rela.plt. */
static inline void synthetic_plt_entry(struct synthetic *s, struct reloc reloc)
{
	synthetic_put_entry(s, RELA_PLT, s->plt_entries++, reloc);
}

static inline uint64_t rela_end(const struct synthetic *s)
{
	return RELA_DYN + s->entries * synthetic_entsize(s);
}

/* ---- code ----------------------------------------------------------------------------------- */

/* Stores machine code. @return the address behind it. */
static inline uint64_t put_code(struct synthetic *s, uint64_t at, const char *code, size_t size)
{
	memcpy(s->data + synthetic_offset(at), code, size);
	return at + size;
}

/* x86-64: an opcode given as a string, at the end of which stands nothing else. */
#define X86(s, at, code) put_code(s, at, code, sizeof(code) - 1)

/* x86-64: an opcode and the distance to @target as its last four bytes. */
static inline uint64_t put_rel32(struct synthetic *s, uint64_t at, const char *code, size_t size,
                                 uint64_t target)
{
	at = put_code(s, at, code, size);
	bytes_store(s->data + synthetic_offset(at), 4, ORDER_LITTLE, target - (at + 4));
	return at + 4;
}

#define X86_REL(s, at, code, target) put_rel32(s, at, code, sizeof(code) - 1, target)

/* x86-64: an opcode and the constant @value as its last four bytes. */
static inline uint64_t put_imm32(struct synthetic *s, uint64_t at, const char *code, size_t size,
                                 uint64_t value)
{
	at = put_code(s, at, code, size);
	bytes_store(s->data + synthetic_offset(at), 4, ORDER_LITTLE, value);
	return at + 4;
}

#define X86_IMM(s, at, code, value) put_imm32(s, at, code, sizeof(code) - 1, value)

/* AArch64: one instruction. */
static inline uint64_t put_word(struct synthetic *s, uint64_t at, uint32_t word)
{
	bytes_store(s->data + synthetic_offset(at), 4, ORDER_LITTLE, word);
	return at + 4;
}

static inline uint32_t adr_fields(unsigned rd, uint64_t distance)
{
	return (uint32_t)((distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | rd);
}

static inline uint64_t put_adr(struct synthetic *s, uint64_t at, unsigned rd, uint64_t target)
{
	return put_word(s, at, 0x10000000 | adr_fields(rd, target - at));
}

static inline uint64_t put_adrp(struct synthetic *s, uint64_t at, unsigned rd, uint64_t target)
{
	return put_word(s, at, 0x90000000 | adr_fields(rd, (target >> 12) - (at >> 12)));
}

/* add rd, rn, the part of @target that its page lacks */
static inline uint64_t put_add_lo12(struct synthetic *s, uint64_t at, unsigned rd, unsigned rn,
                                    uint64_t target)
{
	return put_word(s, at, (uint32_t)(0x91000000 | (target & 0xfff) << 10 | rn << 5 | rd));
}

/* ldr rd, [rn, the part of @target that its page lacks] */
static inline uint64_t put_ldr_lo12(struct synthetic *s, uint64_t at, unsigned rd, unsigned rn,
                                    uint64_t target)
{
	return put_word(s, at, (uint32_t)(0xf9400000 | (target & 0xfff) / 8 << 10 | rn << 5 | rd));
}

/* b.cond, cbz, ... with a distance of 19 bits */
static inline uint64_t put_branch19(struct synthetic *s, uint64_t at, uint32_t word,
                                    uint64_t target)
{
	return put_word(s, at, word | (uint32_t)((target - at) >> 2 & 0x7ffff) << 5);
}

/* b, bl */
static inline uint64_t put_branch26(struct synthetic *s, uint64_t at, uint32_t word,
                                    uint64_t target)
{
	return put_word(s, at, word | (uint32_t)((target - at) >> 2 & 0x3ffffff));
}

/* ---- sections and .symtab ------------------------------------------------------------------- */

enum { BOUND_SECTIONS_AT = 0x2a00, BOUND_SYMTAB_AT = 0x2c00, BOUND_STRTAB_AT = 0x2d00,
       BOUND_SECTIONS = 5 };

static inline void synthetic_section(struct synthetic *s, unsigned index, uint32_t type,
                                     uint64_t address, uint64_t offset, uint64_t size,
                                     uint32_t link)
{
	uint64_t at = BOUND_SECTIONS_AT + index * SHDR_SIZE(s->is64);

	synthetic_set(s, at, SH_TYPE, type);
	synthetic_set(s, at, SH_ADDR, address);
	synthetic_set(s, at, SH_OFFSET, offset);
	synthetic_set(s, at, SH_SIZE, size);
	synthetic_set(s, at, SH_LINK, link);
	synthetic_set(s, at, SH_ENTSIZE, type == SHT_SYMTAB ? SYM_SIZE(s->is64) : 0);
}

/* .symtab with the symbols of the bounds, in the section of .text as if they were lost. */
static inline void synthetic_bound_symbols(struct synthetic *s, uint64_t start, uint64_t end)
{
	const char *const names[] = { s->arch->start_symbol, s->arch->end_symbol };
	const uint64_t values[] = { start, end };
	unsigned strings = 1;

	synthetic_set(s, 0, E_SHOFF, BOUND_SECTIONS_AT);
	synthetic_set(s, 0, E_SHNUM, BOUND_SECTIONS);
	synthetic_set(s, 0, E_SHENTSIZE, SHDR_SIZE(s->is64));
	synthetic_section(s, 1, SHT_PROGBITS, RELA_DYN, synthetic_offset(RELA_DYN), 0x800, 0);
	synthetic_section(s, 2, SHT_PROGBITS, TEXT, synthetic_offset(TEXT), 0x1000, 0);
	synthetic_set(s, BOUND_SECTIONS_AT + 2 * SHDR_SIZE(s->is64), SH_FLAGS, SHF_EXECINSTR);
	synthetic_section(s, 3, SHT_SYMTAB, 0, BOUND_SYMTAB_AT, 3 * SYM_SIZE(s->is64), 4);
	synthetic_section(s, 4, 3, 0, BOUND_STRTAB_AT, 0x100, 0);
	for (unsigned i = 0; i < 2; i++) {
		uint64_t at = BOUND_SYMTAB_AT + (i + 1) * SYM_SIZE(s->is64);
		synthetic_set(s, at, ST_NAME, strings);
		synthetic_set(s, at, ST_INFO, STB_LOCAL << 4);
		synthetic_set(s, at, ST_SHNDX, 2);
		synthetic_set(s, at, ST_VALUE, values[i]);
		memcpy(s->data + BOUND_STRTAB_AT + strings, names[i], strlen(names[i]) + 1);
		strings += (unsigned)strlen(names[i]) + 1;
	}
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* An executable without code, symbols and relocations. */
static inline void synthetic_begin(struct synthetic *s, const struct arch *arch)
{
	*s = (struct synthetic){
		.arch = arch, .is64 = arch->is64, .rela = arch->rela, .order = arch->order,
		.strings = 1,
	};
	memcpy(s->data, "\177ELF\2\1\1", 7);
	s->data[EI_CLASS] = s->is64 ? ELFCLASS64 : ELFCLASS32;
	s->data[EI_DATA] = s->order == ORDER_BIG ? ELFDATA2MSB : ELFDATA2LSB;
	synthetic_set(s, 0, E_TYPE, ET_EXEC);
	synthetic_set(s, 0, E_MACHINE, arch->machine);
	synthetic_set(s, 0, E_VERSION, EV_CURRENT);
	synthetic_set(s, 0, E_ENTRY, TEXT);
	synthetic_set(s, 0, E_PHOFF, PHDRS_AT);
	synthetic_set(s, 0, E_PHENTSIZE, PHDR_SIZE(s->is64));
	synthetic_phdr(s, PT_LOAD, BASE, 0x1000, 0x1000, PF_R);
	synthetic_phdr(s, PT_LOAD, TEXT, 0x1000, 0x1000, PF_R | PF_X);
	synthetic_phdr(s, PT_LOAD, DATA, 0x1000, 0x2000, PF_R | PF_W);
	synthetic_phdr(s, PT_NOTE, NOTE, 0x20, 0x20, PF_R);
	bytes_store(s->data + synthetic_offset(NOTE), 4, s->order, 4);
	bytes_store(s->data + synthetic_offset(NOTE) + 4, 4, s->order, 16);
	bytes_store(s->data + synthetic_offset(NOTE) + 8, 4, s->order, NT_GNU_ABI_TAG);
	memcpy(s->data + synthetic_offset(NOTE) + 12, "GNU", 4);
}

/* Writes PT_DYNAMIC for what was added. */
static inline void synthetic_finish(struct synthetic *s)
{
	synthetic_tag(s, DT_SYMTAB, DYNSYM);
	synthetic_tag(s, DT_STRTAB, DYNSTR);
	synthetic_tag(s, DT_STRSZ, s->strings);
	if (s->entries > 0) {
		synthetic_tag(s, s->rela ? DT_RELA : DT_REL, RELA_DYN);
		synthetic_tag(s, s->rela ? DT_RELASZ : DT_RELSZ,
		              s->entries * synthetic_entsize(s));
	}
	if (s->plt_entries > 0) {
		synthetic_tag(s, DT_JMPREL, RELA_PLT);
		synthetic_tag(s, DT_PLTRELSZ, s->plt_entries * synthetic_entsize(s));
		synthetic_tag(s, DT_PLTREL, s->rela ? DT_RELA : DT_REL);
	}
	synthetic_phdr(s, PT_DYNAMIC, DYNAMIC, s->tags * DYN_SIZE(s->is64),
	               s->tags * DYN_SIZE(s->is64), PF_R | PF_W);
}

/* Parses the image, which must succeed. */
static inline void synthetic_parse(struct synthetic *s)
{
	if (!image_parse((struct bytes){ s->data, FILE_SIZE }, &s->image, &s->why))
		fail_msg("%s", s->why.text);
}

static inline void synthetic_end(struct synthetic *s)
{
	synthetic_finish(s);
	synthetic_parse(s);
}

static inline void synthetic_free(struct synthetic *s)
{
	image_free(&s->image);
}

#endif
