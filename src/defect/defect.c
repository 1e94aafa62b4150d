/* SPDX-License-Identifier: MIT */
#include "defect.h"

#include "earlier.h"
#include "obstacle.h"

#include "../arch/foreign.h"
#include "../edit/put.h"
#include "../edit/slots.h"
#include "../startup/library.h"

#include <inttypes.h>
#include <stdio.h>

static const struct defect *const rows[] = {
	&defect_wide_bounds,
	&defect_lost_irelative,
	&defect_biased_weak,
	&defect_static_interp, /* what of the others it is as well comes first */
};

const struct defect *defect_row(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? rows[index] : NULL;
}

/* ---- without a defect ----------------------------------------------------------------------- */

/* @text follows the verdict's name, which is what everything without a defect begins with. */
#define conclude(out, verdict_, status, reason, format, ...) \
	((out)->verdict = (verdict_), \
	 outcome_set(&(out)->why, status, IRELFIX_REASON_##reason, "%s: " format, \
	             irelfix_verdict_name(verdict_), __VA_ARGS__))

/* @why: the end of an IRELFIX_REASON_. */
#define not_examined(out, why, ...) \
	(*(out) = (struct finding){ .verdict = IRELFIX_VERDICT_NOT_EXAMINED }, \
	 conclude(out, IRELFIX_VERDICT_NOT_EXAMINED, IRELFIX_OK, why, __VA_ARGS__))

static void not_concerned(struct finding *out, const char *text)
{
	conclude(out, IRELFIX_VERDICT_NOT_CONCERNED, IRELFIX_OK, NONE, "%s", text);
}

static void unknown_machine(const struct image *image, struct finding *out)
{
	const char *name = foreign_name(image->machine, image->is64, image->order);
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "e_machine %d, ELF%d, %s-endian", image->machine,
	         image->is64 ? 64 : 32, image->order == ORDER_LITTLE ? "little" : "big");
	if (name)
		not_examined(out, MACHINE, "%s is not supported (%s)", name, numbers);
	else
		not_examined(out, MACHINE, "%s is not supported", numbers);
}

/* Its code does not tell what it has to be decoded with. */
static void unreadable_code(const struct startup *startup, struct finding *out)
{
	not_examined(out, NOT_FOUND, "%.400s", startup->no_loop.text);
}

static void packed_program(struct finding *out)
{
	not_examined(out, PACKER, "%s", "packed by UPX");
	outcome_advise(&out->why);
}

/* None of the classes: it is healthy unless startup is known to die of something else. */
static void judge_rest(struct startup *startup, struct finding *out)
{
	struct outcome why;

	*out = (struct finding){ .verdict = IRELFIX_VERDICT_HEALTHY };
	if (obstacle_known(startup, &why)) {
		out->verdict = IRELFIX_VERDICT_CANNOT_START;
		out->why = why;
	} else {
		out->earlier = earlier_repaired(startup);
		conclude(out, IRELFIX_VERDICT_HEALTHY, IRELFIX_OK, NONE, "%s%s",
		         startup->image->kind == IMAGE_STATIC ? "statically linked" : "static-PIE linked",
		         out->earlier ? ", repaired earlier" : "");
	}
}

/* ---- the verdict ---------------------------------------------------------------------------- */

/* What is said of the file's other fault comes behind the dynamic linker that it names. */
static void add_interp(const struct image *image, struct finding *out)
{
	struct outcome other = out->why;

	if (other.advice_at)
		other.text[other.advice_at - 2] = '\0';
	outcome_set(&out->why, other.status, other.reason, "names a dynamic linker (%.100s), and %.400s",
	            image_interp(image), other.text);
	if (other.advice_at)
		outcome_advise_to(&out->why, "%s", other.text + other.advice_at);
}

/* What is not glibc's has nothing more, and without its dynamic linker it is not concerned. */
static bool may_be(const struct startup *startup, const struct defect *row)
{
	return startup->library != LIBRARY_OTHER || row == &defect_static_interp;
}

static bool find_class(struct startup *startup, struct finding *out)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!may_be(startup, rows[i]))
			continue;
		*out = (struct finding){
			.defect = rows[i], .detach = startup->image->has_interp,
		};
		if (!rows[i]->detect(startup, out))
			continue;
		out->verdict = out->why.status == IRELFIX_BROKEN ? IRELFIX_VERDICT_BROKEN
		                                                 : IRELFIX_VERDICT_REFUSED;
		if (out->detach && rows[i] != &defect_static_interp)
			add_interp(startup->image, out);
		return true;
	}
	return false;
}

/* A static startup, of a machine that is known. */
static void judge(struct startup *startup, struct finding *out)
{
	library_find(startup);
	if (startup->library == LIBRARY_OTHER && !startup->image->has_interp)
		not_concerned(out, "not glibc's startup code");
	else if (find_class(startup, out))
		return;
	else if (startup->unreadable)
		unreadable_code(startup, out);
	else
		judge_rest(startup, out);
}

/* What has nothing static inside, or nothing that could be looked at. */
static bool is_done(const struct image *image, struct finding *out)
{
	if (image->kind == IMAGE_OTHER)
		not_concerned(out, "not an executable");
	else if (image_is_packed(image))
		packed_program(out);
	else if (image->kind == IMAGE_DYNAMIC)
		not_concerned(out, image->has_interp ? "dynamically linked" : "a shared library");
	else
		return false;
	return true;
}

static bool diagnose(const struct image *image, const char *allowed, struct startup *startup,
                     struct finding *out, struct outcome *why)
{
	bool found;

	*startup = (struct startup){ .image = image };
	*out = (struct finding){ .verdict = IRELFIX_VERDICT_NOT_CONCERNED };
	if (is_done(image, out))
		return true;
	found = startup_begin(startup, image, why);
	startup->allowed = allowed;
	if (image->has_interp && (!found || !startup->arch || !library_is_inside(startup)))
		not_concerned(out, "dynamically linked");
	else if (!found)
		return false;
	else if (!startup->arch)
		unknown_machine(image, out);
	else
		judge(startup, out);
	return startup->functions.context.budget.met != LIMIT_MEMORY ||
	       no_memory(why, "no memory to follow the startup code");
}

/* Whether nothing was found, but not all of the code was followed. */
static bool is_cut_short(const struct startup *startup, const struct finding *finding)
{
	return startup->functions.context.budget.met != LIMIT_NONE &&
	       (finding->verdict == IRELFIX_VERDICT_HEALTHY ||
	        finding->verdict == IRELFIX_VERDICT_NOT_CONCERNED);
}

/* Of each it is noted down what it is. Real files have some hundred, large ones a million. */
enum { ENTRIES_MAX = 1 << 22 };

bool defect_diagnose(const struct image *image, const char *allowed, struct startup *startup,
                     struct finding *out, struct outcome *why)
{
	bool ok = diagnose(image, allowed, startup, out, why);
	uint64_t entries = out->has_range ? out->range.count : 0;
	struct outcome spent;

	if (ok && is_cut_short(startup, out))
		not_examined(out, COMPLEX, "%s", "the startup code is too complex to be followed");
	if (ok && !effort_sufficed(image->effort, &spent))
		not_examined(out, COSTLY, "%.400s", spent.text);
	else if (ok && entries > ENTRIES_MAX)
		not_examined(out, COSTLY, "startup walks %" PRIu64 " entries, and more than %d are not "
		             "looked at", entries, ENTRIES_MAX);
	return ok;
}

bool defect_plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *plan, struct outcome *why)
{
	bool ok = finding->defect->plan(startup, finding, strategy, plan, why) &&
	          slots_are_data(startup, plan, why) &&
	          (!finding->detach || put_no_interp(startup, plan, why));

	return effort_sufficed(startup->image->effort, why) && ok && plan_settle(plan, why);
}
