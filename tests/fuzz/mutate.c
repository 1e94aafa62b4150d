/* SPDX-License-Identifier: MIT */
#include "mutate.h"

#include "../../src/elf/bytes.h"
#include "../../src/elf/elfdef.h"

#include <string.h>

/* libFuzzer has it; other fuzzers mutate themselves. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* The file under mutation, and the random numbers for it. */
struct victim {
	unsigned char *data;
	struct bytes file;
	bool is64;
	enum byte_order order;
	uint64_t random;
};

/* splitmix64 */
static uint64_t draw(struct victim *victim)
{
	uint64_t z = victim->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t below(struct victim *victim, uint64_t n)
{
	return n ? draw(victim) % n : 0;
}

static uint64_t get(const struct victim *victim, uint64_t base, struct elf_field field)
{
	uint64_t value = 0;

	if (base <= victim->file.size)
		bytes_read(victim->file, base + field.offset[victim->is64],
		           field.width[victim->is64], victim->order, &value);
	return value;
}

static void set(struct victim *victim, uint64_t base, struct elf_field field, uint64_t value)
{
	uint64_t at = base + field.offset[victim->is64];
	unsigned width = field.width[victim->is64];

	if (base <= victim->file.size && bytes_has(victim->file, at, width))
		bytes_store(victim->data + at, width, victim->order, value);
}

/* ---- tables --------------------------------------------------------------------------------- */

/* A table of structures in the file. */
struct array {
	uint64_t offset, count;
	unsigned size;
};

static uint64_t pick(struct victim *victim, struct array array)
{
	return array.offset + below(victim, array.count) * array.size;
}

static struct array phdrs(const struct victim *victim)
{
	return (struct array){ get(victim, 0, E_PHOFF), get(victim, 0, E_PHNUM),
	                       PHDR_SIZE(victim->is64) };
}

static struct array sections(const struct victim *victim)
{
	return (struct array){ get(victim, 0, E_SHOFF), get(victim, 0, E_SHNUM),
	                       SHDR_SIZE(victim->is64) };
}

/* The program header of @type, or 0. */
static uint64_t phdr_of(const struct victim *victim, uint64_t type)
{
	struct array all = phdrs(victim);

	for (uint64_t i = 0; i < all.count; i++)
		if (get(victim, all.offset + i * all.size, P_TYPE) == type)
			return all.offset + i * all.size;
	return 0;
}

static struct array dynamics(const struct victim *victim)
{
	uint64_t phdr = phdr_of(victim, PT_DYNAMIC);
	unsigned size = DYN_SIZE(victim->is64);

	if (phdr == 0)
		return (struct array){ 0 };
	return (struct array){ get(victim, phdr, P_OFFSET), get(victim, phdr, P_FILESZ) / size,
	                       size };
}

static uint64_t dynamic_value(const struct victim *victim, uint64_t tag)
{
	struct array all = dynamics(victim);

	for (uint64_t i = 0; i < all.count && i < 256; i++)
		if (get(victim, all.offset + i * all.size, D_TAG) == tag)
			return get(victim, all.offset + i * all.size, D_VAL);
	return 0;
}

/* File offset of virtual @address, or the end of the file. */
static uint64_t offset_of(const struct victim *victim, uint64_t address)
{
	struct array all = phdrs(victim);

	for (uint64_t i = 0; i < all.count; i++) {
		uint64_t at = all.offset + i * all.size;
		uint64_t start = get(victim, at, P_VADDR);
		if (get(victim, at, P_TYPE) == PT_LOAD && address >= start &&
		    address - start < get(victim, at, P_FILESZ))
			return get(victim, at, P_OFFSET) + (address - start);
	}
	return victim->file.size;
}

static struct array relocations(struct victim *victim)
{
	bool plt = below(victim, 4) == 0;
	uint64_t address = dynamic_value(victim, plt ? DT_JMPREL : DT_RELA);
	uint64_t bytes = dynamic_value(victim, plt ? DT_PLTRELSZ : DT_RELASZ);
	unsigned size = RELA_SIZE(victim->is64);

	return (struct array){ offset_of(victim, address), bytes / size, size };
}

static struct array symbols(const struct victim *victim)
{
	return (struct array){ offset_of(victim, dynamic_value(victim, DT_SYMTAB)), 16,
	                       SYM_SIZE(victim->is64) };
}

/* ---- values --------------------------------------------------------------------------------- */

/* Any address that the headers name, or the end of what they name. */
static uint64_t some_address(struct victim *victim)
{
	uint64_t phdr = pick(victim, phdrs(victim));
	uint64_t start = get(victim, phdr, P_VADDR), size = get(victim, phdr, P_MEMSZ);

	switch (below(victim, 5)) {
	case 0: return start;
	case 1: return start + size;
	case 2: return start + get(victim, phdr, P_FILESZ);
	case 3: return get(victim, pick(victim, dynamics(victim)), D_VAL);
	default: return start + below(victim, size);
	}
}

static uint64_t interesting(struct victim *victim, uint64_t old)
{
	static const uint64_t values[] = {
		0, 1, 2, 7, 8, 16, 23, 24, 25, 37, 56, 64, 0x7f, 0xff, 0xffff, 1024, 1025, 1026,
		1027, 1032, 0x411, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX - 7, UINT64_MAX,
	};

	switch (below(victim, 8)) {
	case 0: return values[below(victim, sizeof(values) / sizeof(values[0]))];
	case 1: return old + below(victim, 33) - 16;
	case 2: return old + 24 * (below(victim, 9) - 4);
	case 3: return old ^ (uint64_t)1 << below(victim, 64);
	case 4: return victim->file.size + below(victim, 17) - 8;
	case 5: return draw(victim);
	default: return some_address(victim);
	}
}

static void change(struct victim *victim, uint64_t base, const struct elf_field *fields, size_t n)
{
	struct elf_field field = fields[below(victim, n)];

	set(victim, base, field, interesting(victim, get(victim, base, field)));
}

#define CHANGE(victim, base, ...) \
	do { \
		const struct elf_field fields[] = { __VA_ARGS__ }; \
		change(victim, base, fields, sizeof(fields) / sizeof(fields[0])); \
	} while (0)

/* A relocation gets another type, or takes the place or the value of one of its neighbours. */
static void change_relocation(struct victim *victim)
{
	static const uint64_t types[] = {
		0, 1, 6, 7, 8, 37, 256, 257, 1025, 1026, 1027, 1032, 0x411,
	};
	struct array all = relocations(victim);
	uint64_t one = pick(victim, all), other = pick(victim, all);
	uint64_t info = get(victim, one, R_INFO);

	switch (below(victim, 4)) {
	case 0:
		set(victim, one, R_INFO, (info & ~(uint64_t)0xffff) |
		    types[below(victim, sizeof(types) / sizeof(types[0]))]);
		return;
	case 1:
		if (one <= victim->file.size && bytes_has(victim->file, one, all.size) &&
		    other <= victim->file.size && bytes_has(victim->file, other, all.size))
			memmove(victim->data + one, victim->data + other, all.size);
		return;
	default:
		CHANGE(victim, one, R_OFFSET, R_INFO, R_ADDEND);
	}
}

static void change_structure(struct victim *victim)
{
	switch (below(victim, 10)) {
	case 0:
		CHANGE(victim, 0, E_TYPE, E_MACHINE, E_VERSION, E_ENTRY, E_PHOFF, E_SHOFF,
		       E_PHENTSIZE, E_PHNUM, E_SHENTSIZE, E_SHNUM, E_SHSTRNDX);
		return;
	case 1: case 2:
		CHANGE(victim, pick(victim, phdrs(victim)), P_TYPE, P_OFFSET, P_VADDR, P_FILESZ,
		       P_MEMSZ, P_FLAGS);
		return;
	case 3: case 4:
		CHANGE(victim, pick(victim, dynamics(victim)), D_TAG, D_VAL, D_VAL, D_VAL);
		return;
	case 5:
		CHANGE(victim, pick(victim, symbols(victim)), ST_NAME, ST_INFO, ST_SHNDX, ST_VALUE);
		return;
	case 6:
		CHANGE(victim, pick(victim, sections(victim)), SH_NAME, SH_TYPE, SH_ADDR,
		       SH_OFFSET, SH_SIZE, SH_LINK, SH_INFO, SH_ENTSIZE);
		return;
	default:
		change_relocation(victim);
	}
}

size_t mutate_elf(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct victim victim = { .data = data, .file = { data, size }, .random = seed };
	uint64_t changes;

	if (size < EHDR_SIZE(true) || memcmp(data, "\177ELF", 4) != 0 || below(&victim, 2) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	victim.is64 = data[EI_CLASS] == ELFCLASS64;
	victim.order = data[EI_DATA] == ELFDATA2MSB ? ORDER_BIG : ORDER_LITTLE;
	changes = 1 + below(&victim, 3);
	for (uint64_t i = 0; i < changes; i++)
		change_structure(&victim);
	return size;
}
