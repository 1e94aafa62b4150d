/* SPDX-License-Identifier: MIT */
#include "repair.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Linux on x86-64, and on most AArch64 machines. */
enum { SMALLEST_PAGE = 4096 };

/* ---- looking at entries --------------------------------------------------------------------- */

const char *repair_type_name(const struct arch *arch, uint32_t type, char buffer[24])
{
	const char *name = arch_reloc_name(arch, type);

	if (name)
		return name;
	snprintf(buffer, 24, "type %" PRIu32, type);
	return buffer;
}

bool repair_is_irelative(const struct subject *subject, const struct reloc_table *table,
                         uint64_t index)
{
	return reloc_get(subject->image, table, index).type == subject->arch->irelative;
}

uint64_t repair_count_irelative(const struct subject *subject, const struct reloc_table *table)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < table->count; i++)
		n += repair_is_irelative(subject, table, i);
	return n;
}

uint64_t repair_total_irelative(const struct subject *subject)
{
	uint64_t n = 0;

	for (size_t i = 0; i < subject->tables.count; i++)
		n += repair_count_irelative(subject, &subject->tables.items[i]);
	return n;
}

const char *repair_symbol(const struct subject *subject, struct reloc reloc)
{
	struct symbol symbol;

	return reloc.symbol != 0 && image_dynsym(subject->image, reloc.symbol, &symbol)
	       ? symbol.name : NULL;
}

/* The symbol must be one that a static link resolves to 0. */
static bool check_symbol(const struct subject *subject, struct reloc reloc, struct outcome *why)
{
	char buffer[24];
	const char *type = repair_type_name(subject->arch, reloc.type, buffer);
	struct symbol symbol;

	if (!image_dynsym(subject->image, reloc.symbol, &symbol))
		return refused(why, "%s against symbol %" PRIu32 ", which is not in DT_SYMTAB", type,
		               reloc.symbol);
	if (symbol.shndx != SHN_UNDEF)
		return refused(why, "%s against `%s', which is defined (0x%" PRIx64 "): its slot "
		               "needs a dynamic linker; link with " REPAIR_LINK_FLAGS, type,
		               symbol.name, symbol.value);
	if (symbol.binding != STB_WEAK)
		return refused(why, "%s against `%s', which is undefined and not weak: the program "
		               "needs a dynamic linker, or the archive that defines it; link with "
		               "-Wl,-Bstatic before that library", type, symbol.name);
	return true;
}

bool repair_resolve(const struct subject *subject, struct reloc reloc, uint64_t *value,
                    struct outcome *why)
{
	const struct arch *arch = subject->arch;
	char buffer[24];

	*value = reloc.addend;
	if (reloc.type != arch->absolute && reloc.type != arch->glob_dat &&
	    reloc.type != arch->jump_slot && reloc.type != arch->relative)
		return refused(why, "%s at 0x%" PRIx64 " is not a type that can be resolved without "
		               "a dynamic linker",
		               repair_type_name(arch, reloc.type, buffer), reloc.offset);
	return reloc.symbol == 0 || check_symbol(subject, reloc, why);
}

/* Whether the kernel can give each PT_LOAD its own rights. */
static bool is_mappable(const struct subject *subject, struct outcome *why)
{
	const struct image *image = subject->image;

	for (size_t i = 1; i < image->load_count; i++) {
		const struct segment *before = &image->loads[i - 1], *load = &image->loads[i];
		uint64_t page = load->vaddr & ~(uint64_t)(SMALLEST_PAGE - 1);
		if (before->memsz > 0 && before->vaddr + (before->memsz - 1) >= page &&
		    before->flags != load->flags)
			return refused(why, "PT_LOADs that share the page 0x%" PRIx64 ", of which "
			               "one takes away the other's rights: it fails without any "
			               "shared library, too; link without -n, or with a linker "
			               "script that gives each its own pages", page);
	}
	return true;
}

/* Whether startup gets past an entry against a symbol of the file. */
static bool check_entry(const struct subject *subject, struct reloc reloc, struct outcome *why)
{
	char buffer[24];
	struct symbol symbol;

	if (reloc.symbol == 0 || reloc.type == subject->arch->none ||
	    !image_dynsym(subject->image, reloc.symbol, &symbol))
		return true;
	if (symbol.shndx == SHN_UNDEF)
		return check_symbol(subject, reloc, why);
	return symbol.type != STT_TLS ||
	       refused(why, "%s against `%s', which is thread-local: glibc's static startup cannot "
	               "resolve it; link without the shared library and without --export-dynamic",
	               repair_type_name(subject->arch, reloc.type, buffer), symbol.name);
}

bool repair_is_complete(const struct subject *subject, struct outcome *why)
{
	for (size_t i = 0; i < subject->tables.count; i++) {
		const struct reloc_table *table = &subject->tables.items[i];
		if (!table->rela)
			return refused(why, "%s: entries in REL form (-z rel), which this machine's "
			               "startup does not read; link without -z rel", table->tag);
		for (uint64_t j = 0; j < table->count; j++)
			if (!check_entry(subject, reloc_get(subject->image, table, j), why))
				return false;
	}
	return true;
}

bool repair_can_start(const struct subject *subject, struct outcome *why)
{
	return is_mappable(subject, why) && repair_is_complete(subject, why);
}

/* ---- edits ---------------------------------------------------------------------------------- */

static const char *slot_name(const struct subject *subject, struct reloc reloc)
{
	const char *name = repair_symbol(subject, reloc);

	return name ? name : "no symbol";
}

/* A slot is data: neither a header nor what tells where the tables are. */
static bool check_slot(const struct subject *subject, struct reloc reloc,
                       const struct segment *segment, struct outcome *why)
{
	const struct image *image = subject->image;
	bool dynamic = image->has_dynamic &&
	               reloc.offset - image->dynamic_segment.vaddr < image->dynamic_segment.memsz;

	if ((segment->flags & PF_W) && !dynamic)
		return true;
	return refused(why, "slot at 0x%" PRIx64 " (%s) is in %s", reloc.offset,
	               slot_name(subject, reloc),
	               dynamic ? "PT_DYNAMIC" : "a segment that is not writable");
}

bool repair_slot(const struct subject *subject, struct reloc reloc, struct plan *plan,
                 struct outcome *why)
{
	const struct segment *segment = image_segment(subject->image, reloc.offset,
	                                              image_word_size(subject->image));
	uint64_t value;

	if (reloc.type == subject->arch->none)
		return true;
	if (!repair_resolve(subject, reloc, &value, why) ||
	    (segment && !check_slot(subject, reloc, segment, why)))
		return false;
	if (segment && (segment->flags & PF_X))
		plan->ordered = false; /* it might be what tells where the bounds are */
	return plan_word(plan, subject->image, reloc.offset, value, "slot",
	                 repair_symbol(subject, reloc), why);
}

bool repair_entry(const struct subject *subject, const struct reloc_table *table, uint64_t index,
                  struct reloc reloc, struct plan *plan, struct outcome *why)
{
	unsigned char entry[RELOC_SIZE_MAX];
	uint64_t at = index * table->entsize;
	struct reloc old = reloc_get(subject->image, table, index);

	reloc_put(subject->image, table, reloc, entry);
	return plan_bytes(plan, subject->image, table->offset + at, table->address + at, entry,
	                  table->entsize, "entry", repair_symbol(subject, old), why);
}

bool repair_none(const struct subject *subject, const struct reloc_table *table, uint64_t index,
                 struct plan *plan, struct outcome *why)
{
	struct reloc reloc = reloc_get(subject->image, table, index);

	reloc.type = subject->arch->none;
	reloc.symbol = 0;
	return repair_entry(subject, table, index, reloc, plan, why);
}

/* Plans @value into a field of the symbol at file offset @at. */
static bool edit_symbol(const struct subject *subject, const char *name, uint64_t at,
                        struct elf_field field, uint64_t value, struct plan *plan,
                        struct outcome *why)
{
	const struct image *image = subject->image;
	unsigned char bytes[8];
	unsigned width = field.width[image->is64];

	bytes_store(bytes, width, image->order, value);
	return plan_bytes(plan, image, at + field.offset[image->is64], 0, bytes, width, ".symtab",
	                  name, why);
}

/* The index of the section that holds @address; @old where none does, or it already does. */
static uint16_t section_of(const struct image *image, uint64_t address, uint16_t old)
{
	struct section section;

	if (image_section(image, old, &section) && address >= section.address &&
	    address - section.address < section.size)
		return old;
	for (uint64_t i = 1; i < SHN_LORESERVE && image_section(image, i, &section); i++)
		if (section.type != SHT_NOBITS && address >= section.address &&
		    address - section.address < section.size)
			return (uint16_t)i;
	return old;
}

bool repair_symtab(const struct subject *subject, const char *name, uint64_t old, uint64_t value,
                   uint64_t table, struct plan *plan, struct outcome *why)
{
	const struct image *image = subject->image;
	struct symtab symbols;
	struct symbol symbol;

	if (!image_symtab(image, &symbols))
		return true;
	for (uint64_t i = 0; symtab_get(image, &symbols, i, &symbol); i++) {
		uint64_t at = symbols.offset + i * SYM_SIZE(image->is64);
		uint16_t section;
		if (symbol.value != old || strcmp(symbol.name, name) != 0)
			continue;
		section = section_of(image, table, symbol.shndx);
		if (!edit_symbol(subject, symbol.name, at, ST_SHNDX, section, plan, why) ||
		    !edit_symbol(subject, symbol.name, at, ST_VALUE, value, plan, why))
			return false;
	}
	return true;
}

/* Plans one instruction's share of @value. */
static bool edit_insn(const struct subject *subject, const struct insn *insn, uint64_t value,
                      const char *what, struct plan *plan, struct outcome *why)
{
	unsigned char code[INSN_MAX];
	struct bytes old;
	uint64_t offset;

	if (!image_offset(subject->image, insn->address, insn->length, &offset) ||
	    !bytes_sub(subject->image->file, offset, insn->length, &old))
		return refused(why, "the instruction at 0x%" PRIx64 " is not in the file",
		               insn->address);
	memcpy(code, old.data, insn->length);
	if (!subject->arch->encode(insn, value, code))
		return refused(why, "the instruction at 0x%" PRIx64 " cannot form 0x%" PRIx64,
		               insn->address, value);
	return plan_bytes(plan, subject->image, offset, insn->address, code, insn->length, what,
	                  "instruction", why);
}

/* Whether the page that an ADRP forms would change for the others that build upon it. */
static bool page_moves(const struct site *site, uint64_t value)
{
	return site->shared_page && site->parts[0].effects[0].a.value != (value & ~(uint64_t)0xfff);
}

static bool edit_site(const struct subject *subject, const struct site *site, uint64_t value,
                      const char *what, struct plan *plan, struct outcome *why)
{
	if (site->kind == ORIGIN_WORD)
		return plan_word(plan, subject->image, site->address, value, what, "GOT word", why);
	if (page_moves(site, value))
		return refused(why, "the ADRP at 0x%" PRIx64 " forms page 0x%" PRIx64 " for other "
		               "instructions too, and 0x%" PRIx64 " is on another page",
		               site->address, site->parts[0].effects[0].a.value, value);
	for (unsigned i = 0; i < site->part_count; i++)
		if (!edit_insn(subject, &site->parts[i], value, what, plan, why))
			return false;
	return true;
}

bool repair_can_be_ordered(const struct subject *subject)
{
	return !subject->image->shares_bytes && !subject->tables.overlap;
}

bool repair_is_one_write(const struct sites *sites)
{
	return sites->count == 1 && (sites->items[0].kind == ORIGIN_WORD ||
	                             sites->items[0].part_count == 1);
}

bool repair_bound(const struct subject *subject, const struct sites *sites, uint64_t value,
                  const char *what, struct plan *plan, struct outcome *why)
{
	for (size_t i = 0; i < sites->count; i++)
		if (!edit_site(subject, &sites->items[i], value, what, plan, why))
			return false;
	return true;
}
