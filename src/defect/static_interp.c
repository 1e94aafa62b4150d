/* SPDX-License-Identifier: MIT */
/*
 * static-interp: a static program that names a dynamic linker. -static with --dynamic-linker, libc.a
 * taken into a dynamic link, and some linkers' defaults leave a PT_INTERP in what has a C library's
 * static startup inside. The kernel starts ld.so, ld.so the program, and both set up the same process:
 * it dies. Without the header the kernel starts the program itself, which is what it was linked for.
 */
#include "defect.h"
#include "obstacle.h"

#include "../edit/put.h"

static bool detect(struct startup *startup, struct finding *out)
{
	if (!startup->image->has_interp)
		return false;
	if (obstacle_free(startup, &out->why))
		outcome_set(&out->why, IRELFIX_BROKEN, IRELFIX_REASON_NONE, "a static startup inside of "
		            "what names a dynamic linker (%.100s)", image_interp(startup->image));
	return true;
}

/* The header itself goes with those of other classes: see defect_plan(). */
static bool plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *out, struct outcome *why)
{
	(void)finding;
	if (strategy == IRELFIX_PAD)
		return blocked(why, STRATEGY, "nothing to pad: a program header has to go");
	out->strategy = IRELFIX_DETACH;
	out->ordered = put_can_be_ordered(startup);
	return true;
}

const struct defect defect_static_interp = {
	.name = "static-interp",
	.meaning = "a static program that names a dynamic linker",
	.detect = detect,
	.plan = plan,
};
