/* SPDX-License-Identifier: MIT */
#include "obstacle.h"

#include "absent_call.h"
#include "entries.h"
#include "lost_code.h"
#include "pages.h"
#include "resolvers.h"

#include "../elf/aps2.h"
#include "../elf/symbols.h"

#include <inttypes.h>

/* ---- entries -------------------------------------------------------------------------------- */

static bool is_other_form(const struct startup *startup, const struct reloc_table *table)
{
	return table->form.rela != startup->form.rela &&
	       (startup->image->kind == IMAGE_STATIC_PIE || entries_irelative(startup, table) > 0);
}

/* An ET_EXEC's startup looks at nothing but IRELATIVE entries. */
static bool find_form(struct startup *startup, struct outcome *why)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		if (is_other_form(startup, table))
			return !blocked(why, FORM, "%s: entries in %s, which this machine's startup "
			                "does not read", table->tag,
			                table->form.rela ? "RELA form (-z rela)" : "REL form (-z rel)");
	}
	return false;
}

/* Whether startup dies of an entry of this verdict, or the program of what it stands for. */
static bool is_lacking(enum image_kind kind, const struct entry *entry)
{
	switch (entry->verdict) {
	case ENTRY_UNDEFINED: case ENTRY_CANONICAL: case ENTRY_THREAD_LOCAL:
		return true;
	case ENTRY_NO_SYMBOL: case ENTRY_WEAK_ODD: /* an ET_EXEC's startup never looks at it */
		return kind == IMAGE_STATIC_PIE;
	default:
		return false;
	}
}

/* The first entry that lacks something; @kind as above. */
static bool find_lacking(struct startup *startup, enum image_kind kind, struct outcome *why)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		for (uint64_t j = 0; reloc_has(startup->image, table, j); j++) {
			struct entry entry = entry_at(startup, table, j);
			if (is_lacking(kind, &entry))
				return !entry_blocks(startup, &entry, why);
		}
	}
	return false;
}

static bool find_absent(struct startup *startup, struct outcome *why)
{
	return find_lacking(startup, IMAGE_STATIC, why);
}

static bool find_unresolvable(struct startup *startup, struct outcome *why)
{
	return find_lacking(startup, IMAGE_STATIC_PIE, why);
}

static bool find_undefined_in(struct startup *startup, const struct symtab *table,
                              struct outcome *why)
{
	struct symbol symbol;

	for (uint64_t i = 1; symtab_get(startup->image, table, i, &symbol); i++) {
		if (symbol.shndx != SHN_UNDEF || symbol.binding != STB_GLOBAL ||
		    symbol.type == STT_NOTYPE || entry_is_allowed(startup, symbol.name))
			continue;
		blocked(why, UNDEFINED, "`%s' is undefined and not weak: it needs a dynamic linker",
		        symbol.name);
		return !entry_advise(startup->image, symbol.name, why);
	}
	return false;
}

/*
 * mold leaves out PT_DYNAMIC, which names the entries; the symbols stay, with the type that they have in
 * the shared library. One without a type may be no more than a call that was relaxed (__tls_get_addr).
 */
static bool find_undefined(struct startup *startup, struct outcome *why)
{
	struct symtab table;

	return !startup->image->has_dynamic &&
	       ((image_symtab(startup->image, &table) &&
	         find_undefined_in(startup, &table, why)) ||
	        (image_dynsym_section(startup->image, &table) &&
	         find_undefined_in(startup, &table, why)));
}

/* What a dynamic linker would have to copy out of a shared library (R_*_COPY). */
static bool find_copy(struct startup *startup, struct outcome *why)
{
	const struct reloc_tables *tables = &startup->tables;

	for (size_t i = 0; startup->image->has_interp && i < tables->count; i++) {
		for (uint64_t j = 0; reloc_has(startup->image, &tables->items[i], j); j++) {
			struct entry entry = entry_at(startup, &tables->items[i], j);
			if (entry.verdict == ENTRY_DEFINED_ODD)
				return !blocked(why, COPY, "`%s' has its value from a shared library (%s)",
				                entry.symbol, image_needed(startup->image, 0)
				                ? image_needed(startup->image, 0) : "which is not named");
		}
	}
	return false;
}

static bool find_absent_call(struct startup *startup, struct outcome *why)
{
	struct entry entry;

	return absent_call_find(startup, &entry) && !entry_blocks(startup, &entry, why);
}

/* ---- resolvers ------------------------------------------------------------------------------ */

static bool find_misplaced(struct startup *startup, struct outcome *why)
{
	uint64_t resolver, function;

	return resolvers_misplaced(startup, &resolver, &function) &&
	       !blocked(why, RESOLVER, "an IRELATIVE entry whose resolver is at 0x%" PRIx64
	                ", inside the function that begins at 0x%" PRIx64, resolver, function);
}

/* ---- segments ------------------------------------------------------------------------------- */

static bool find_lost_code(struct startup *startup, struct outcome *why)
{
	const char *what;
	uint64_t address;

	return lost_code_find(startup, &address, &what) &&
	       !blocked(why, PAGES, "PT_LOADs that share the page of 0x%" PRIx64 " (%s), of which the "
	                "later one takes away the other's bytes or rights", address, what);
}

static uint64_t headers_size(const struct image *image)
{
	return image_known(image, image->file, 0, E_PHNUM) * PHDR_SIZE(image->is64);
}

/* Startup finds them by AT_PHDR, or else where the ELF header would be: pages of the file. */
static bool find_unmapped_headers(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	return !pages_hold(image, image->phdrs, headers_size(image)) &&
	       !blocked(why, HEADERS, "program headers that are in no page of a PT_LOAD (e_phoff 0x%"
	                PRIx64 "), so that startup does not find them", image->phdrs);
}

/* Linux finds AT_PHDR by the PT_LOAD that holds the program headers (fs/binfmt_elf.c). */
static bool find_unloaded_headers(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	for (size_t i = 0; i < image->load_count; i++) {
		const struct segment *load = &image->loads[i];
		if (image->phdrs >= load->offset && image->phdrs - load->offset < load->filesz)
			return false;
	}
	return !blocked(why, HEADERS, "program headers that are in no PT_LOAD (e_phoff 0x%" PRIx64
	                "), so that startup does not find them", image->phdrs);
}

/* ---- PT_DYNAMIC of a static-PIE: elf/get-dynamic-info.h, whatever its age --------------------- */

/* No more of them are looked at: what nobody applies is not worth a second. */
enum { PACKED_MAX = 1 << 16 };

/* Nobody applies them: a weak undefined symbol's slot must hold what a static link means already. */
static bool is_harmless(const struct startup *startup, struct reloc reloc, bool rela)
{
	struct entry entry = entry_of(startup, reloc, rela);
	uint64_t slot = 0;

	image_word(startup->image, reloc.offset, &slot); /* what is not in the file is 0 */
	return entry.verdict == ENTRY_NONE ||
	       (entry.verdict == ENTRY_WEAK &&
	        slot == (entry.value & image_word_mask(startup->image)));
}

static bool find_packed(struct startup *startup, struct outcome *why)
{
	struct aps2 walk;
	struct reloc reloc;
	bool harmless = true;

	if (!aps2_begin(startup->image, &walk))
		return false;
	for (int i = 0; i < PACKED_MAX && harmless && aps2_next(&walk, &reloc); i++)
		harmless = is_harmless(startup, reloc, walk.rela);
	return (!harmless || walk.left > 0 || walk.malformed) &&
	       !blocked(why, PACKED, "packed (APS2) relocations, which glibc's startup does not read");
}

static bool find_android_relr(struct startup *startup, struct outcome *why)
{
	return startup->image->dynamic[DYN_ANDROID_RELR] != 0 &&
	       !blocked(why, ANDROID_RELR, "relocations in DT_ANDROID_RELR, which glibc's startup does "
	                "not read");
}

static bool find_rpath(struct startup *startup, struct outcome *why)
{
	const uint64_t *dynamic = startup->image->dynamic;

	return (dynamic[DYN_RPATH] != 0 || dynamic[DYN_RUNPATH] != 0) &&
	       !blocked(why, RPATH, "a %s, which glibc's startup asserts not to be there",
	                dynamic[DYN_RPATH] != 0 ? "DT_RPATH" : "DT_RUNPATH");
}

/* ---- what depends on the startup code of a static-PIE ----------------------------------------- */

static bool find_complexity(struct startup *startup, struct outcome *why)
{
	return startup_glibc(startup)->limit != LIMIT_NONE &&
	       !blocked(why, COMPLEX, "the startup code is too complex to tell whether it could start");
}

/* crt1.o's _dl_relocate_static_pie (csu/static-reloc.c): a return, perhaps behind endbr64 or bti. */
enum { EMPTY_MAX = 16 };

/* The size of that function, and of its namesake in libc.a that rcrt1.o asks for; 0 when not known. */
static uint64_t relocator_size(const struct image *image)
{
	struct symbol symbol;

	return image_symbol(image, "_dl_relocate_static_pie", &symbol) ? symbol.size : 0;
}

/*
 * crt1.o in a static-PIE, or Scrt1.o, which is for what a dynamic linker relocates. That the code which
 * does it is not seen says too little by itself, but is enough not to take the dynamic linker away.
 */
static bool find_start_file_of_exec(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;
	uint64_t size = relocator_size(image);

	return startup_glibc(startup)->dynamic == 0 &&
	       (image->has_interp || (size != 0 && size <= EMPTY_MAX)) &&
	       !blocked(why, START_FILE, "a position-independent program whose startup does not "
	                "relocate it");
}

/* rcrt1.o in an ET_EXEC: it takes the image base for the load bias before 2.40, and needs PT_DYNAMIC. */
static bool find_start_file_of_pie(struct startup *startup, struct outcome *why)
{
	return relocator_size(startup->image) > EMPTY_MAX &&
	       (!startup->image->has_dynamic || !startup_glibc(startup)->knows_bias) &&
	       !blocked(why, START_FILE, "a program at a fixed address whose startup relocates it");
}

/* elf_get_dynamic_info reads where the linker had put it. */
static bool find_moved_dynamic(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;
	uint64_t expected = startup_glibc(startup)->dynamic;

	return expected != 0 && expected != image->dynamic_segment.vaddr &&
	       !blocked(why, MOVED_DYNAMIC, "PT_DYNAMIC is at 0x%" PRIx64 ", but startup looks for it at "
	                "0x%" PRIx64, image->dynamic_segment.vaddr, expected);
}

static bool find_unrelocated(struct startup *startup, struct outcome *why)
{
	uint64_t word = startup_entry(startup)->unrelocated;

	if (word == 0)
		word = startup_glibc(startup)->unrelocated;
	return word != 0 &&
	       !blocked(why, UNRELOCATED, "startup reads the GOT word at 0x%" PRIx64 " before it is "
	                "relocated", word);
}

static bool find_image_base(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	return image->load_count > 0 && image->loads[0].vaddr != 0 &&
	       !startup_glibc(startup)->knows_bias &&
	       !blocked(why, IMAGE_BASE, "an image base of 0x%" PRIx64 " instead of 0, which glibc "
	                "before 2.40 takes for its load address, and which glibc this is cannot be "
	                "told", image->loads[0].vaddr);
}

static bool find_read_only_dynamic(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	return startup_glibc(startup)->old &&
	       !image_allows(image, image->dynamic_segment.vaddr, 1, PF_W) &&
	       !blocked(why, DYNAMIC, "a read-only PT_DYNAMIC at 0x%" PRIx64 ", into which this glibc's "
	                "startup (older than 2.36) writes", image->dynamic_segment.vaddr);
}

static bool find_relr(struct startup *startup, struct outcome *why)
{
	return startup_glibc(startup)->old && startup->image->dynamic[DYN_RELR] != 0 &&
	       !blocked(why, RELR, "RELR relocations, which this glibc's startup (older than 2.36) does "
	                "not read");
}

/* ---- the rows ------------------------------------------------------------------------------- */

/* Which files a row is about. */
enum { EXEC = 1 << IMAGE_STATIC, PIE = 1 << IMAGE_STATIC_PIE };

/* What a row is said of: files with a defect, because it would be in vain or uncertain to repair them;
   those without one, because they are known to die. */
enum { BROKEN = 1, SOUND = 2 };

struct obstacle {
	unsigned kinds, of;
	bool glibc; /* it is glibc's startup that dies of it */
	bool (*find)(struct startup *startup, struct outcome *why); /* true: it is there */
};

/* Of several the first one is said: what costs least, and what explains most. */
static const struct obstacle rows[] = {
	{ EXEC | PIE, BROKEN | SOUND, true, find_form },
	{ PIE, BROKEN, true, find_unresolvable },
	{ EXEC | PIE, BROKEN | SOUND, false, find_absent },
	{ EXEC, BROKEN | SOUND, false, find_undefined },
	{ EXEC | PIE, BROKEN | SOUND, false, find_copy },
	{ EXEC, BROKEN, true, find_absent_call },
	{ EXEC, BROKEN | SOUND, true, find_start_file_of_pie },
	{ EXEC, BROKEN | SOUND, true, find_unmapped_headers },
	{ EXEC | PIE, BROKEN | SOUND, false, find_lost_code },
	{ EXEC | PIE, BROKEN | SOUND, false, find_misplaced },
	{ PIE, BROKEN | SOUND, true, find_packed },
	{ PIE, BROKEN | SOUND, true, find_android_relr },
	{ PIE, BROKEN | SOUND, true, find_moved_dynamic },
	{ PIE, BROKEN | SOUND, true, find_rpath },
	{ PIE, BROKEN | SOUND, true, find_unloaded_headers },
	{ PIE, BROKEN, true, find_complexity },
	{ PIE, BROKEN | SOUND, true, find_unrelocated },
	{ PIE, BROKEN | SOUND, true, find_start_file_of_exec },
	{ PIE, BROKEN | SOUND, true, find_image_base },
	{ PIE, BROKEN | SOUND, true, find_read_only_dynamic },
	{ PIE, BROKEN | SOUND, true, find_relr },
};

static bool find(struct startup *startup, unsigned of, struct outcome *why)
{
	bool glibc = startup->library == LIBRARY_GLIBC;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].kinds >> startup->image->kind & 1) && (rows[i].of & of) &&
		    (glibc || !rows[i].glibc) && rows[i].find(startup, why))
			return true;
	return false;
}

bool obstacle_free(struct startup *startup, struct outcome *why)
{
	return !find(startup, BROKEN, why);
}

bool obstacle_known(struct startup *startup, struct outcome *why)
{
	return find(startup, SOUND, why);
}
