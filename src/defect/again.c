/* SPDX-License-Identifier: MIT */
#include "again.h"

#include <string.h>

static bool is_equal(const struct irelfix_edit *a, const struct irelfix_edit *b)
{
	return a->offset == b->offset && a->size == b->size && a->stage == b->stage &&
	       memcmp(a->new_bytes, b->new_bytes, a->size) == 0;
}

static bool is_made(const struct irelfix_edit *edit, struct bytes now)
{
	struct bytes there;

	return bytes_sub(now, edit->offset, edit->size, &there) &&
	       memcmp(there.data, edit->new_bytes, edit->size) == 0;
}

/* Both are in the order of their stages; the new one lacks what is there already. */
static bool is_same_plan(const struct plan *was, const struct plan *is, struct bytes now)
{
	size_t at = 0;

	for (size_t i = 0; i < was->count; i++) {
		if (at < is->count && is_equal(&was->edits[i], &is->edits[at]))
			at++;
		else if (!is_made(&was->edits[i], now))
			return false;
	}
	return at == is->count;
}

/* A file that another irelfix has completed has no defect any more. */
static bool plans_again(const struct decision *decision, struct startup *startup,
                        const struct finding *finding, struct bytes now, struct outcome *why)
{
	struct plan plan;
	bool same;

	plan_begin(&plan, startup->image);
	same = (!finding->defect ||
	        defect_plan(startup, finding, decision->asked, &plan, why)) &&
	       is_same_plan(decision->plan, &plan, now);
	plan_free(&plan);
	return same;
}

static bool diagnoses_again(const struct decision *decision, const struct image *image,
                            struct outcome *why)
{
	struct startup startup;
	struct finding finding;
	bool same = defect_diagnose(image, decision->allowed, &startup, &finding, why);

	if (same && !decision->finding->defect)
		same = finding.verdict == decision->finding->verdict;
	else if (same)
		same = plans_again(decision, &startup, &finding, image->file, why);
	startup_free(&startup);
	return same;
}

bool decided_again(const struct decision *decision, struct bytes now, struct outcome *why)
{
	struct outcome first = { .status = IRELFIX_OK };
	struct image image;
	bool same = image_parse(now, &image, &first);

	image.effort = decision->effort;
	same = same && diagnoses_again(decision, &image, &first);
	image_free(&image);
	if (!same && first.reason == IRELFIX_REASON_MEMORY)
		*why = first;
	else if (!same)
		outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CHANGED, "the file changed meanwhile: what "
		            "was decided on is not what is there now");
	return same;
}
