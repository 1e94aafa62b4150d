/* SPDX-License-Identifier: MIT */
#include "obstacle.h"

#include "entries.h"

#include <inttypes.h>

/* Linux on x86-64, and on most AArch64 machines. */
enum { SMALLEST_PAGE = 4096 };

/* Says that it is not a shared library's doing. */
#define ANYWAY ": it fails without any shared library, too"

/* ---- entries -------------------------------------------------------------------------------- */

static bool find_form(struct startup *startup, struct outcome *why)
{
	for (size_t i = 0; i < startup->tables.count; i++) {
		const struct reloc_table *table = &startup->tables.items[i];
		if (table->form.rela != startup->form.rela)
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
	case ENTRY_UNDEFINED: case ENTRY_THREAD_LOCAL:
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
		for (uint64_t j = 0; j < table->count; j++) {
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

/* ---- segments ------------------------------------------------------------------------------- */

/* Whether the kernel cannot give each PT_LOAD its own rights. */
static bool find_shared_page(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	for (size_t i = 1; i < image->load_count; i++) {
		const struct segment *before = &image->loads[i - 1], *load = &image->loads[i];
		uint64_t page = load->vaddr & ~(uint64_t)(SMALLEST_PAGE - 1);
		if (before->memsz > 0 && before->vaddr + (before->memsz - 1) >= page &&
		    before->flags != load->flags)
			return !blocked(why, PAGES, "PT_LOADs that share the page 0x%" PRIx64 ", of which "
			                "one takes away the other's rights" ANYWAY, page);
	}
	return false;
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
	                "), so that startup does not find them" ANYWAY, image->phdrs);
}

/* ---- PT_DYNAMIC of a static-PIE: elf/get-dynamic-info.h, whatever its age --------------------- */

static bool find_packed(struct startup *startup, struct outcome *why)
{
	const uint64_t *dynamic = startup->image->dynamic;

	if (dynamic[DYN_ANDROID_RELA] == 0 && dynamic[DYN_ANDROID_REL] == 0)
		return false;
	return !blocked(why, PACKED, "packed (APS2) relocations, which glibc's startup does not read");
}

static bool find_android_relr(struct startup *startup, struct outcome *why)
{
	if (startup->image->dynamic[DYN_ANDROID_RELR] == 0)
		return false;
	return !blocked(why, ANDROID_RELR, "relocations in DT_ANDROID_RELR, which glibc's startup does "
	                "not read" ANYWAY);
}

static bool find_rpath(struct startup *startup, struct outcome *why)
{
	const uint64_t *dynamic = startup->image->dynamic;

	if (dynamic[DYN_RPATH] == 0 && dynamic[DYN_RUNPATH] == 0)
		return false;
	return !blocked(why, RPATH, "a %s, which glibc's startup asserts not to be there" ANYWAY,
	                dynamic[DYN_RPATH] != 0 ? "DT_RPATH" : "DT_RUNPATH");
}

/* ---- what depends on the startup code of a static-PIE ----------------------------------------- */

static bool find_complexity(struct startup *startup, struct outcome *why)
{
	if (startup_glibc(startup)->limit == LIMIT_NONE)
		return false;
	return !blocked(why, COMPLEX, "the startup code is too complex to tell whether it could "
	                "start");
}

static bool find_unrelocated(struct startup *startup, struct outcome *why)
{
	uint64_t word = startup_entry(startup)->unrelocated;

	if (word == 0)
		word = startup_glibc(startup)->unrelocated;
	if (word == 0)
		return false;
	return !blocked(why, UNRELOCATED, "startup reads the GOT word at 0x%" PRIx64 " before it is "
	                "relocated" ANYWAY, word);
}

static bool find_image_base(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	if (image->load_count == 0 || image->loads[0].vaddr == 0 ||
	    startup_glibc(startup)->knows_bias)
		return false;
	return !blocked(why, IMAGE_BASE, "an image base of 0x%" PRIx64 " instead of 0, which glibc "
	                "before 2.40 takes for its load address, and which glibc this is cannot be "
	                "told", image->loads[0].vaddr);
}

static bool find_read_only_dynamic(struct startup *startup, struct outcome *why)
{
	const struct image *image = startup->image;

	if (!startup_glibc(startup)->old ||
	    image_allows(image, image->dynamic_segment.vaddr, 1, PF_W))
		return false;
	return !blocked(why, DYNAMIC, "a read-only PT_DYNAMIC at 0x%" PRIx64 ", into which this "
	                "glibc's startup (older than 2.36) writes" ANYWAY,
	                image->dynamic_segment.vaddr);
}

static bool find_relr(struct startup *startup, struct outcome *why)
{
	if (!startup_glibc(startup)->old || startup->image->dynamic[DYN_RELR] == 0)
		return false;
	return !blocked(why, RELR, "RELR relocations, which this glibc's startup (older than 2.36) "
	                "does not read" ANYWAY);
}

/* ---- the rows ------------------------------------------------------------------------------- */

/* Which files a row is about. */
enum { EXEC = 1 << IMAGE_STATIC, PIE = 1 << IMAGE_STATIC_PIE };

struct obstacle {
	unsigned kinds;
	bool of_healthy; /* said of files without a defect as well */
	bool (*find)(struct startup *startup, struct outcome *why); /* true: it is there */
};

/* Of several the first one is said: what costs least, and what explains most. */
static const struct obstacle rows[] = {
	{ EXEC, false, find_shared_page },
	{ EXEC | PIE, true, find_form },
	{ PIE, false, find_unresolvable },
	{ EXEC | PIE, true, find_absent },
	{ PIE, false, find_packed },
	{ PIE, false, find_android_relr },
	{ PIE, false, find_rpath },
	{ PIE, false, find_unloaded_headers },
	{ PIE, false, find_complexity },
	{ PIE, false, find_unrelocated },
	{ PIE, false, find_image_base },
	{ PIE, false, find_read_only_dynamic },
	{ PIE, false, find_relr },
};

static bool free_of(struct startup *startup, bool healthy, struct outcome *why)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].kinds >> startup->image->kind & 1) &&
		    (rows[i].of_healthy || !healthy) && rows[i].find(startup, why))
			return false;
	return true;
}

bool obstacle_free(struct startup *startup, struct outcome *why)
{
	return free_of(startup, false, why);
}

bool obstacle_complete(struct startup *startup, struct outcome *why)
{
	return free_of(startup, true, why);
}
