/* SPDX-License-Identifier: MIT */
/*
 * A bound may stand in several places, and each place may be a word or several instructions that form
 * the value together. Every place gets the new value: the machine rewrites the instructions of one
 * place as a whole. A part that other instructions build upon, such as the ADRP of a shared page, must
 * come out as it was. What is put where is checked once more by the stages that found the places: see
 * defect/verify.c.
 */
#include "put.h"

#include "../elf/symbols.h"

#include <inttypes.h>
#include <string.h>

/* ---- headers -------------------------------------------------------------------------------- */

bool put_no_interp(const struct startup *startup, struct plan *plan, struct outcome *why)
{
	const struct image *image = startup->image;
	const struct purpose purpose = { .stage = IRELFIX_STAGE_HEADER, .symbol = "PT_INTERP" };
	unsigned width = P_TYPE.width[image->is64];
	unsigned char type[8];
	uint64_t offset;

	bytes_store(type, width, image->order, PT_NULL);
	for (uint64_t i = 0; image_phdr(image, PT_INTERP, &i, &offset); i++)
		if (!plan_bytes(plan, &purpose, offset, 0, type, width, why))
			return false;
	return true;
}

/* ---- slots ---------------------------------------------------------------------------------- */

bool put_slot(const struct startup *startup, uint64_t slot, uint64_t value, const char *symbol,
              struct plan *plan, struct outcome *why)
{
	const struct image *image = startup->image;
	const struct segment *segment = image_segment(image, slot, image_word_size(image));
	const struct purpose purpose = { .stage = IRELFIX_STAGE_SLOT, .symbol = symbol };

	if (segment && !(segment->flags & PF_W))
		return blocked(why, PLACE, "slot at 0x%" PRIx64 " (%s) is in a segment that is not "
		               "writable", slot, symbol ? symbol : "no symbol");
	if (segment && (segment->flags & PF_X))
		plan->ordered = false; /* it might be what tells where the bounds are */
	return plan_word(plan, &purpose, slot, value, why);
}

/* ---- entries -------------------------------------------------------------------------------- */

bool put_entry(const struct startup *startup, const struct reloc_table *table, uint64_t index,
               struct reloc reloc, const struct purpose *purpose, struct plan *plan,
               struct outcome *why)
{
	unsigned char entry[RELOC_SIZE_MAX];

	reloc_put(startup->image, table->form, reloc, entry);
	return plan_bytes(plan, purpose, table->offset + index * table->form.entsize,
	                  reloc_address(table, index), entry, table->form.entsize, why);
}

struct reloc put_none(const struct startup *startup, struct reloc reloc)
{
	reloc.type = startup->arch->none;
	reloc.symbol = 0;
	return reloc;
}

/* ---- symbols -------------------------------------------------------------------------------- */

/* Plans @value into a field of the symbol at file offset @at. */
static bool put_field(const struct image *image, const char *name, uint64_t at,
                      struct elf_field field, uint64_t value, struct plan *plan,
                      struct outcome *why)
{
	const struct purpose purpose = { .stage = IRELFIX_STAGE_SYMTAB, .symbol = name };
	unsigned char bytes[8];
	unsigned width = field.width[image->is64];

	bytes_store(bytes, width, image->order, value);
	return plan_bytes(plan, &purpose, at + field.offset[image->is64], 0, bytes, width, why);
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

bool put_symbol(const struct startup *startup, const char *name, uint64_t old, uint64_t value,
                uint64_t table, struct plan *plan, struct outcome *why)
{
	const struct image *image = startup->image;
	struct symtab symbols;
	struct symbol symbol;

	if (!image_symtab(image, &symbols))
		return true;
	for (uint64_t i = 0; symtab_find(image, &symbols, name, &i, &symbol); i++) {
		uint64_t at = symbols.offset + i * SYM_SIZE(image->is64);
		uint16_t section;
		if (symbol.value != old)
			continue;
		section = section_of(image, table, symbol.shndx);
		if (!put_field(image, name, at, ST_SHNDX, section, plan, why) ||
		    !put_field(image, name, at, ST_VALUE, value, plan, why))
			return false;
	}
	return true;
}

/* ---- bounds --------------------------------------------------------------------------------- */

/* The bytes of an instruction in the file. */
static bool read_part(const struct startup *startup, const struct insn *part, uint64_t *offset,
                      struct bytes *out, struct outcome *why)
{
	uint64_t address = part->address & ~startup->arch->state_bits;

	return (image_offset(startup->image, address, part->length, offset) &&
	        bytes_sub(startup->image->file, *offset, part->length, out)) ||
	       blocked(why, PLACE, "the instruction at 0x%" PRIx64 " is not in the file", address);
}

bool put_form(const struct startup *startup, const struct site *site, uint64_t value,
              unsigned char code[][INSN_MAX], struct outcome *why)
{
	struct bytes old = { 0 };
	uint64_t offset;

	for (unsigned i = 0; i < site->part_count; i++) {
		if (!read_part(startup, site->parts[i], &offset, &old, why))
			return false;
		memcpy(code[i], old.data, (size_t)old.size);
	}
	return startup->arch->form(site->parts, site->part_count, value,
	                           &startup->functions.context.decoder, code) ||
	       blocked(why, REACH, "the instruction at 0x%" PRIx64 " cannot form 0x%" PRIx64,
	               site->address, value);
}

/* Plans the new bytes of part @index of @site. */
static bool put_part(const struct startup *startup, const struct site *site, unsigned index,
                     const unsigned char *code, enum irelfix_stage stage, struct plan *plan,
                     struct outcome *why)
{
	const struct purpose purpose = { .stage = stage, .instruction = true };
	const struct insn *part = site->parts[index];
	uint64_t offset, address = part->address & ~startup->arch->state_bits;
	struct bytes old = { 0 };

	if (!read_part(startup, part, &offset, &old, why))
		return false;
	if ((site->shared >> index & 1) && memcmp(old.data, code, part->length) != 0)
		return blocked(why, SHARED, "the instruction at 0x%" PRIx64 " forms a part (0x%" PRIx64
		               ") of other addresses, too, which would change with it", address,
		               part->effects[0].a.value);
	return plan_bytes(plan, &purpose, offset, address, code, part->length, why);
}

static bool put_code(const struct startup *startup, const struct site *site, uint64_t value,
                     enum irelfix_stage stage, struct plan *plan, struct outcome *why)
{
	unsigned char code[PARTS_MAX][INSN_MAX];

	if (!put_form(startup, site, value, code, why))
		return false;
	for (unsigned i = 0; i < site->part_count; i++)
		if (!put_part(startup, site, i, code[i], stage, plan, why))
			return false;
	return true;
}

bool put_bound(const struct startup *startup, const struct sites *sites, uint64_t value,
               enum irelfix_stage stage, struct plan *plan, struct outcome *why)
{
	const struct purpose word = { .stage = stage };

	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->items[i];
		bool ok = site->kind == ORIGIN_WORD
		          ? plan_word(plan, &word, site->address, value - site->base, why)
		          : put_code(startup, site, value, stage, plan, why);
		if (!ok)
			return false;
	}
	return true;
}

bool put_is_one_write(const struct sites *sites)
{
	return sites->count == 1 && (sites->items[0].kind == ORIGIN_WORD ||
	                             sites->items[0].part_count == 1);
}

bool put_can_be_ordered(const struct startup *startup)
{
	return !startup->image->shares_bytes && !startup->tables.overlap;
}
