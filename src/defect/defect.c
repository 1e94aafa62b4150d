/* SPDX-License-Identifier: MIT */
#include "defect.h"

#include "entries.h"
#include "obstacle.h"

static const struct defect *const rows[] = {
	&defect_wide_bounds,
	&defect_lost_irelative,
	&defect_biased_weak,
};

const struct defect *defect_row(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? rows[index] : NULL;
}

static bool healthy(struct finding *out, const char *text)
{
	*out = (struct finding){ .status = IRELFIX_OK };
	outcome_set(&out->why, IRELFIX_OK, IRELFIX_REASON_NONE, "healthy: %s", text);
	return true;
}

/* None of our classes. The file may still not start; then say what it lacks. */
static bool healthy_static(struct startup *startup, struct finding *out)
{
	const char *kind = startup->image->kind == IMAGE_STATIC ? "statically linked"
	                                                        : "static-PIE linked";
	struct outcome lack;

	healthy(out, kind);
	if (!obstacle_complete(startup, &lack))
		outcome_set(&out->why, IRELFIX_OK, lack.reason, "healthy: %s, but %.400s", kind,
		            lack.text);
	return true;
}

static bool unexamined(const struct image *image, struct finding *out)
{
	*out = (struct finding){ .status = IRELFIX_OK, .unexamined = true };
	outcome_set(&out->why, IRELFIX_OK, IRELFIX_REASON_NONE, "not examined: e_machine %d, ELF%d, "
	            "%s-endian is not supported", image->machine, image->is64 ? 64 : 32,
	            image->order == ORDER_LITTLE ? "little" : "big");
	return true;
}

/*
 * musl has neither the note nor IRELATIVE, and never looks at the same entries. FreeBSD's startup
 * walks the same bounds, but passes over what is not IRELATIVE (lib/csu/amd64/reloc.c).
 */
static bool is_glibc(const struct startup *startup)
{
	return startup->image->osabi != ELFOSABI_FREEBSD &&
	       (startup->image->has_abi_tag || entries_irelative_in_all(startup) > 0);
}

/* Tries the classes in turn. */
static bool classify(struct startup *startup, struct finding *out)
{
	if (startup->image->kind == IMAGE_STATIC)
		startup_find_loop(startup);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*out = (struct finding){ .defect = rows[i], .status = IRELFIX_BROKEN };
		if (rows[i]->detect(startup, out))
			return true;
	}
	return healthy_static(startup, out);
}

bool defect_diagnose(const struct image *image, struct startup *startup, struct finding *out,
                     struct outcome *why)
{
	bool executable = image->kind == IMAGE_STATIC || image->kind == IMAGE_STATIC_PIE;

	*startup = (struct startup){
		.image = image, .arch = arch_find(image->machine, image->is64, image->order),
	};
	if (!executable)
		return healthy(out, image->kind == IMAGE_OTHER ? "not an executable"
		                                               : "dynamically linked");
	if (!startup_begin(startup, image, why))
		return false;
	if (!startup->arch)
		return unexamined(image, out);
	if (!is_glibc(startup))
		return healthy(out, "not glibc's startup code");
	classify(startup, out);
	return startup->functions.context.budget.met != LIMIT_MEMORY ||
	       no_memory(why, "no memory to follow the startup code");
}

bool defect_plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *plan, struct outcome *why)
{
	return finding->defect->plan(startup, finding, strategy, plan, why) &&
	       plan_settle(plan, why);
}
