/* SPDX-License-Identifier: MIT */
#include "defect.h"

#include "repair.h"

#include <inttypes.h>

static const struct defect *const rows[] = {
	&defect_wide_bounds,
	&defect_lost_irelative,
	&defect_biased_weak,
};

const struct defect *defect_row(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? rows[index] : NULL;
}

/* ---- diagnosis ------------------------------------------------------------------------------ */

static bool healthy(struct finding *out, const char *text)
{
	*out = (struct finding){ .status = IRELFIX_OK };
	outcome_set(&out->why, IRELFIX_OK, "healthy: %s", text);
	return true;
}

/* None of the classes. That it will start nobody promises: it may lack what no repair gives. */
static bool healthy_static(const struct subject *subject, struct finding *out)
{
	const char *kind = subject->image->kind == IMAGE_STATIC ? "statically linked"
	                                                         : "static-PIE linked";
	struct outcome lack;

	healthy(out, kind);
	if (!repair_is_complete(subject, &lack))
		outcome_set(&out->why, IRELFIX_OK, "healthy: %s, but %.400s", kind, lack.text);
	return true;
}

static bool unexamined(const struct image *image, struct finding *out)
{
	*out = (struct finding){ .status = IRELFIX_OK, .unexamined = true };
	outcome_set(&out->why, IRELFIX_OK, "not examined: e_machine %d, ELF%d, %s-endian is not "
	            "supported", image->machine, image->is64 ? 64 : 32,
	            image->order == ORDER_LITTLE ? "little" : "big");
	return true;
}

/*
 * musl has neither the note nor IRELATIVE, and never looks at the same entries. FreeBSD's startup
 * walks the same bounds, but passes over what is not IRELATIVE (lib/csu/amd64/reloc.c).
 */
static bool is_glibc(const struct subject *subject)
{
	return subject->image->osabi != ELFOSABI_FREEBSD &&
	       (subject->image->has_abi_tag || repair_total_irelative(subject) > 0);
}

bool defect_diagnose(const struct image *image, struct subject *subject, struct finding *out,
                     struct outcome *why)
{
	*subject = (struct subject){ .image = image, .arch = arch_find(image->machine) };
	if (subject->arch && (!image->is64 || image->order != ORDER_LITTLE))
		subject->arch = NULL; /* ILP32 or big-endian: other tables, other startup code */
	if (image->kind == IMAGE_OTHER)
		return healthy(out, "not an executable");
	if (image->kind == IMAGE_DYNAMIC)
		return healthy(out, "dynamically linked");
	if (!subject->arch)
		return unexamined(image, out);
	if (!reloc_find(image, &subject->tables, why))
		return false;
	if (!is_glibc(subject))
		return healthy(out, "not glibc's startup code");
	if (image->kind == IMAGE_STATIC)
		bounds_locate(image, subject->arch, &subject->tables, &subject->bounds,
		              &subject->no_bounds);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*out = (struct finding){ .defect = rows[i], .status = IRELFIX_BROKEN };
		if (rows[i]->detect(subject, out))
			return true;
	}
	return healthy_static(subject, out);
}

/* ---- verification --------------------------------------------------------------------------- */

/* What apply_irel will do with one entry: store what the resolver returns in the slot. */
static bool verify_entry(const struct subject *subject, const struct reloc_table *table,
                         uint64_t index, struct outcome *why)
{
	const struct image *image = subject->image;
	struct reloc reloc = reloc_get(image, table, index);
	char buffer[24];

	if (reloc.type != subject->arch->irelative)
		return outcome_set(why, IRELFIX_UNVERIFIED, "entry %" PRIu64 " of the result is %s",
		                   index, repair_type_name(subject->arch, reloc.type, buffer));
	if (!image_allows(image, reloc.offset, image_word_size(image), PF_W))
		return outcome_set(why, IRELFIX_UNVERIFIED, "entry %" PRIu64 ": its slot 0x%" PRIx64
		                   " is not writable", index, reloc.offset);
	if (!image_allows(image, reloc.addend, 1, PF_X))
		return outcome_set(why, IRELFIX_UNVERIFIED, "entry %" PRIu64 ": its resolver 0x%"
		                   PRIx64 " is not executable", index, reloc.addend);
	return true;
}

static bool verify_range(const struct subject *subject, uint64_t start, uint64_t end,
                         struct outcome *why)
{
	struct reloc_table range;

	if (!reloc_range(subject->image, start, end, true, &range))
		return outcome_set(why, IRELFIX_UNVERIFIED, "the bounds 0x%" PRIx64 "..0x%" PRIx64
		                   " of the result are no table", start, end);
	for (uint64_t i = 0; i < range.count; i++)
		if (!verify_entry(subject, &range, i, why))
			return false;
	return true;
}

/* No IRELATIVE entry of the tables may be left outside [@start, @end). */
static bool verify_outside(const struct subject *subject, uint64_t start, uint64_t end,
                           struct outcome *why)
{
	for (size_t i = 0; i < subject->tables.count; i++) {
		const struct reloc_table *table = &subject->tables.items[i];
		for (uint64_t j = 0; j < table->count; j++) {
			uint64_t address = table->address + j * table->entsize;
			if ((address < start || address >= end) &&
			    repair_is_irelative(subject, table, j))
				return outcome_set(why, IRELFIX_UNVERIFIED, "IRELATIVE at 0x%" PRIx64
				                   " is outside the bounds 0x%" PRIx64 "..0x%" PRIx64
				                   " of the result", address, start, end);
		}
	}
	return true;
}

static bool verify_bounds(const struct subject *subject, const struct finding *before,
                          struct outcome *why)
{
	const struct bounds *found = &subject->bounds;

	if (found->method == BOUNDS_NONE)
		return outcome_set(why, IRELFIX_UNVERIFIED, "the bounds of the result were not "
		                   "found: %s", subject->no_bounds.text);
	if (found->start != before->new_start || found->end != before->new_end)
		return outcome_set(why, IRELFIX_UNVERIFIED, "startup reads the bounds 0x%" PRIx64
		                   "..0x%" PRIx64 " from the result, expected 0x%" PRIx64 "..0x%"
		                   PRIx64, found->start, found->end, before->new_start,
		                   before->new_end);
	return true;
}

bool defect_plan(const struct subject *subject, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *plan, struct outcome *why)
{
	return finding->defect->plan(subject, finding, strategy, plan, why) &&
	       plan_settle(plan, why);
}

bool defect_verify(const struct image *image, const struct finding *before,
                   const struct plan *plan, struct outcome *why)
{
	struct subject subject;
	struct finding after;
	uint64_t start = before->new_start, end = before->new_end;

	if (!defect_diagnose(image, &subject, &after, why))
		return outcome_set(why, IRELFIX_UNVERIFIED, "the result is malformed");
	if (after.status != IRELFIX_OK)
		return outcome_set(why, IRELFIX_UNVERIFIED, "the result is still %s: %.300s",
		                   after.defect->name, after.why.text);
	if (image->kind != IMAGE_STATIC)
		return true;
	if (plan->strategy && plan->strategy[0] == 'p') {
		start = before->range.address;
		end = reloc_end(&before->range);
	} else if (!verify_bounds(&subject, before, why)) {
		return false;
	}
	return verify_range(&subject, start, end, why) &&
	       verify_outside(&subject, start, end, why);
}
