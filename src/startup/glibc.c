/* SPDX-License-Identifier: MIT */
#include "glibc.h"

#include "functions.h"

#include <inttypes.h>

/*
 * elf_get_dynamic_info (elf/get-dynamic-info.h) compares each d_tag with DT_NUM. That is 35
 * before glibc 2.36, which added DT_RELR, and 38 from there on; the comparison tells the age. The
 * function is known by two values that it expects, DT_PLTREL and DT_RELAENT.
 */
enum { DT_NUM_OLD = 35, PLTREL_EXPECTED = 7, RELAENT_EXPECTED = 24 };

struct inspection {
	const struct image *image;
	const struct arch *arch;
	const struct reloc_tables *tables;
	bool old_glibc;
	bool knows_bias; /* it finds out where it was linked, which need not be at 0 */
	uint64_t unrelocated; /* a word that startup reads before it is relocated, or 0 */
};

/* Whether one of @origins is a word that only a RELATIVE relocation fills. */
static void note_unrelocated(struct inspection *inspection, const struct origins *origins)
{
	struct reloc reloc;

	for (size_t i = 0; i < origins->count; i++)
		if (origins->items[i].kind == ORIGIN_WORD &&
		    reloc_at(inspection->image, inspection->tables, inspection->arch->relative,
		             origins->items[i].word, &reloc))
			inspection->unrelocated = origins->items[i].word;
}

/*
 * _start calls and passes on what it got from the GOT, if the linker did not relax that. Its first
 * call is the one to __libc_start_main; what stands behind it may be another function already.
 */
static bool visit_start(void *context, struct flow *flow)
{
	struct inspection *inspection = context;
	const struct operand argument = {
		.kind = OPERAND_REG, .reg = inspection->arch->first_argument, .index = REG_NONE,
		.width = 8,
	};
	struct origins origins = { .count = 0 };
	size_t i = 0;

	while (i < flow->count && flow->insns[i].flow != FLOW_CALL)
		i++;
	if (i == flow->count)
		return false;
	flow_origins(flow, &flow->insns[i], &flow->insns[i].via, ORIGIN_EXACT, &origins);
	flow_origins(flow, &flow->insns[i], &argument, ORIGIN_EXACT, &origins);
	note_unrelocated(inspection, &origins);
	return false;
}

/* Whether a 64-bit value is compared with this one. */
static bool compares_with(const struct flow *flow, uint64_t value)
{
	for (size_t i = 0; i < flow->count; i++) {
		for (int j = 0; j < EFFECT_MAX; j++) {
			const struct effect *effect = &flow->insns[i].effects[j];
			if (effect->kind == EFFECT_COMPARE && effect->a.width == 8 &&
			    effect->b.kind == OPERAND_CONST && effect->b.value == value)
				return true;
		}
	}
	return false;
}

/*
 * The load bias is &_DYNAMIC minus _DYNAMIC as linked; before glibc 2.35 that stood in GOT[0].
 * From there on startup takes the address of the ELF header for the bias, until glibc 2.40.
 */
static void note_bias(struct inspection *inspection, struct flow *flow, const struct insn *insn)
{
	uint64_t dynamic = inspection->image->dynamic_segment.vaddr;

	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		struct origins here = { .count = 0 }, linked = { .count = 0 };
		if (effect->kind != EFFECT_COMPARE || effect->a.kind != OPERAND_REG ||
		    effect->b.kind == OPERAND_CONST)
			continue;
		flow_origins(flow, insn, &effect->b, ORIGIN_EXACT, &linked);
		if (linked.count != 1 || linked.items[0].kind != ORIGIN_WORD)
			continue;
		flow_origins(flow, insn, &effect->a, ORIGIN_EXACT, &here);
		if (here.count != 1 || here.items[0].value != dynamic)
			continue;
		if (linked.items[0].value == dynamic)
			inspection->knows_bias = true;
		else
			inspection->unrelocated = linked.items[0].word;
	}
}

static bool visit_reached(void *context, struct flow *flow)
{
	struct inspection *inspection = context;

	for (size_t i = 0; i < flow->count; i++)
		note_bias(inspection, flow, &flow->insns[i]);
	inspection->old_glibc |= (compares_with(flow, DT_NUM_OLD) ||
	                          compares_with(flow, DT_NUM_OLD - 1)) &&
	                         compares_with(flow, PLTREL_EXPECTED) &&
	                         compares_with(flow, RELAENT_EXPECTED);
	return true;
}

/* Linux finds AT_PHDR by the PT_LOAD that holds the program headers (fs/binfmt_elf.c). */
static bool phdrs_are_loaded(const struct image *image)
{
	for (size_t i = 0; i < image->load_count; i++) {
		const struct segment *load = &image->loads[i];
		if (image->phdrs >= load->offset && image->phdrs - load->offset < load->filesz)
			return true;
	}
	return false;
}

/* What no startup code of glibc's gets past, whatever its age: elf/get-dynamic-info.h. */
static bool check_headers(const struct image *image, struct outcome *why)
{
	const uint64_t *dynamic = image->dynamic;

	if (dynamic[DYN_ANDROID_RELA] != 0 || dynamic[DYN_ANDROID_REL] != 0)
		return refused(why, "packed (APS2) relocations, which glibc's startup does not read; "
		               "link without --pack-dyn-relocs=android");
	if (dynamic[DYN_ANDROID_RELR] != 0)
		return refused(why, "relocations in DT_ANDROID_RELR, which glibc's startup does not "
		               "read: it fails without any shared library, too; link without "
		               "--use-android-relr-tags");
	if (dynamic[DYN_RPATH] != 0 || dynamic[DYN_RUNPATH] != 0)
		return refused(why, "a %s, which glibc's startup asserts not to be there: it fails "
		               "without any shared library, too; link without -rpath, or take it away "
		               "with patchelf --remove-rpath",
		               dynamic[DYN_RPATH] != 0 ? "DT_RPATH" : "DT_RUNPATH");
	if (!phdrs_are_loaded(image))
		return refused(why, "program headers that are in no PT_LOAD (e_phoff 0x%" PRIx64 "), "
		               "so that startup does not find them: it fails without any shared "
		               "library, too; link without -N", image->phdrs);
	return true;
}

/* What depends on the startup code that is there. */
static bool check_code(const struct inspection *inspection, struct outcome *why)
{
	const struct image *image = inspection->image;

	if (inspection->unrelocated != 0)
		return refused(why, "startup reads the GOT word at 0x%" PRIx64 " before it is "
		               "relocated: it fails without any shared library, too; link without "
		               "--no-relax and, on AArch64, with glibc 2.35 or newer",
		               inspection->unrelocated);
	if (image->load_count > 0 && image->loads[0].vaddr != 0 && !inspection->knows_bias)
		return refused(why, "an image base of 0x%" PRIx64 " instead of 0, which glibc before "
		               "2.40 takes for its load address, and which glibc this is cannot be "
		               "told; link without --image-base", image->loads[0].vaddr);
	if (inspection->old_glibc && !image_allows(image, image->dynamic_segment.vaddr, 1, PF_W))
		return refused(why, "a read-only PT_DYNAMIC at 0x%" PRIx64 ", into which this glibc's "
		               "startup (older than 2.36) writes: it fails without any shared library, "
		               "too; link without -z rodynamic", image->dynamic_segment.vaddr);
	if (inspection->old_glibc && image->dynamic[DYN_RELR] != 0)
		return refused(why, "RELR relocations, which this glibc's startup (older than 2.36) "
		               "does not read: it fails without any shared library, too; link "
		               "without --pack-dyn-relocs=relr");
	return true;
}

bool pie_can_start(const struct image *image, const struct arch *arch,
                   const struct reloc_tables *tables, struct outcome *why)
{
	struct inspection inspection = { .image = image, .arch = arch, .tables = tables };
	struct budget budget = reach_budget;

	if (!check_headers(image, why))
		return false;
	reach_one(image, arch, image->entry, &budget, visit_start, &inspection);
	reach_all(image, arch, &budget, visit_reached, &inspection);
	return check_code(&inspection, why);
}
