/* SPDX-License-Identifier: MIT */
#include "entries.h"

#include "../elf/symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the verdict ---------------------------------------------------------------------------- */

/* Types whose slot a static link fills with symbol + addend. */
static bool is_plain(const struct arch *arch, uint32_t type)
{
	return type != RELOC_ABSENT && (type == arch->absolute || type == arch->glob_dat ||
	                                type == arch->jump_slot);
}

/* Types that a static link resolves at all. */
static bool is_resolvable(const struct arch *arch, uint32_t type)
{
	return is_plain(arch, type) || type == arch->relative;
}

/* A GLOB_DAT has no addend: psABIs with REL entries say S, and what is in the slot is nothing. */
static uint64_t value_of(const struct startup *startup, const struct reloc *reloc, bool rela)
{
	return !rela && reloc->type == startup->arch->glob_dat ? 0 : reloc->addend;
}

bool entry_is_allowed(const struct startup *startup, const char *name)
{
	const char *at = startup->allowed;
	size_t length = strlen(name);

	if (!at || strcmp(at, "all") == 0)
		return at != NULL;
	for (; *at; at += strcspn(at, ","), at += *at == ',')
		if (strncmp(at, name, length) == 0 && (at[length] == ',' || !at[length]))
			return true;
	return false;
}

static enum entry_verdict judge_symbol(const struct startup *startup, struct entry *entry)
{
	struct symbol symbol;

	if (!image_dynsym(startup->image, entry->reloc.symbol, &symbol))
		return ENTRY_NO_SYMBOL;
	entry->symbol = symbol.name;
	entry->defined_at = symbol.value;
	if (symbol.shndx != SHN_UNDEF && symbol.type == STT_TLS)
		return ENTRY_THREAD_LOCAL;
	if (symbol.shndx != SHN_UNDEF)
		return is_resolvable(startup->arch, entry->reloc.type) ? ENTRY_DEFINED
		                                                       : ENTRY_DEFINED_ODD;
	if (symbol.binding != STB_WEAK && !entry_is_allowed(startup, symbol.name))
		return ENTRY_UNDEFINED;
	if (!is_resolvable(startup->arch, entry->reloc.type))
		return ENTRY_WEAK_ODD;
	return symbol.value == 0 ? ENTRY_WEAK : ENTRY_CANONICAL;
}

static enum entry_verdict judge(const struct startup *startup, struct entry *entry)
{
	const struct arch *arch = startup->arch;
	uint32_t type = entry->reloc.type;

	if (type == arch->none)
		return ENTRY_NONE;
	if (arch_is_irelative(arch, type))
		return ENTRY_IRELATIVE;
	if (entry->reloc.symbol != 0)
		return judge_symbol(startup, entry);
	return is_resolvable(arch, type) ? ENTRY_OWN : ENTRY_ODD;
}

struct entry entry_of(const struct startup *startup, struct reloc reloc, bool rela)
{
	struct entry entry = { .reloc = reloc, .value = value_of(startup, &reloc, rela) };

	entry.verdict = judge(startup, &entry);
	return entry;
}

struct entry entry_at(const struct startup *startup, const struct reloc_table *table,
                      uint64_t index)
{
	return entry_of(startup, reloc_get(startup->image, table, index), table->form.rela);
}

bool entry_is_biased(const struct startup *startup, const struct entry *entry)
{
	return entry->verdict == ENTRY_WEAK && is_plain(startup->arch, entry->reloc.type);
}

bool entry_does_harm(const struct startup *startup, const struct entry *entry)
{
	return entry_is_biased(startup, entry) &&
	       entry->reloc.type != startup->arch->jump_slot;
}

/* ---- words ---------------------------------------------------------------------------------- */

const char *entry_type_name(const struct arch *arch, uint32_t type, char buffer[24])
{
	const char *name = arch_reloc_name(arch, type);

	if (name)
		return name;
	snprintf(buffer, 24, "type %" PRIu32, type);
	return buffer;
}

bool entry_advise(const struct image *image, const char *symbol, struct outcome *why)
{
	const char *library = image_needed(image, 0);

	if (library && !image_needed(image, 1))
		return outcome_advise_to(why, "link with the archive instead of %s (in Rust: kind = "
		                         "\"static\"), or dynamically; --allow-undefined=%s takes it "
		                         "for absent", library, symbol);
	return outcome_advise_to(why, "link with the archive that defines it (in Rust: kind = "
	                         "\"static\"), or dynamically; --allow-undefined=%s takes it for "
	                         "absent", symbol);
}

bool entry_blocks(const struct startup *startup, const struct entry *entry, struct outcome *why)
{
	char buffer[24];
	const char *type = entry_type_name(startup->arch, entry->reloc.type, buffer);

	switch (entry->verdict) {
	case ENTRY_NO_SYMBOL:
		return blocked(why, NO_SYMBOL, "%s against symbol %" PRIu32 ", which is not in "
		               "DT_SYMTAB", type, entry->reloc.symbol);
	case ENTRY_DEFINED:
		return blocked(why, DEFINED, "%s against `%s', which is defined (0x%" PRIx64 "): its "
		               "slot needs a dynamic linker", type, entry->symbol,
		               entry->defined_at);
	case ENTRY_CANONICAL:
		return blocked(why, CANONICAL_PLT, "%s against `%s', which is undefined, but whose "
		               "address in the code is that of a PLT entry (0x%" PRIx64 "): it is "
		               "taken for present and called", type, entry->symbol,
		               entry->defined_at);
	case ENTRY_UNDEFINED:
		blocked(why, UNDEFINED, "%s against `%s', which is undefined and not weak: it needs a "
		        "dynamic linker", type, entry->symbol);
		return entry_advise(startup->image, entry->symbol, why);
	case ENTRY_THREAD_LOCAL:
		return blocked(why, THREAD_LOCAL, "%s against `%s', which is thread-local: glibc's "
		               "static startup cannot resolve it", type, entry->symbol);
	default:
		return blocked(why, TYPE, "%s at 0x%" PRIx64 " is not a type that can be resolved "
		               "without a dynamic linker", type, entry->reloc.offset);
	}
}

/* ---- counting ------------------------------------------------------------------------------- */

bool entry_is_irelative(const struct startup *startup, const struct reloc_table *table,
                        uint64_t index)
{
	return arch_is_irelative(startup->arch, reloc_type(startup->image, table, index));
}

uint64_t entries_irelative(const struct startup *startup, const struct reloc_table *table)
{
	uint64_t n = 0;

	for (uint64_t i = 0; reloc_has(startup->image, table, i); i++)
		n += entry_is_irelative(startup, table, i);
	return n;
}

uint64_t entries_irelative_in_all(const struct startup *startup)
{
	uint64_t n = 0;

	for (size_t i = 0; i < startup->tables.count; i++)
		n += entries_irelative(startup, &startup->tables.items[i]);
	return n;
}
