/* SPDX-License-Identifier: MIT */
/*
 * The failure classes. One file a class: how it is recognised, how it is repaired, its wording.
 * To add one: a file beside this one and a row in defect.c.
 */
#ifndef IRELFIX_DEFECT_H
#define IRELFIX_DEFECT_H

#include "../startup/loop.h"
#include "../edit/plan.h"

/** What is examined: an image with everything that the classes need to know of it. */
struct subject {
	const struct image *image;
	const struct arch *arch;
	struct reloc_tables tables;
	struct bounds bounds;     /**< method BOUNDS_NONE: not found, or not static ET_EXEC */
	struct outcome no_bounds; /**< why they were not found */
};

struct defect;

/** What is wrong with it. */
struct finding {
	const struct defect *defect; /**< NULL: nothing */
	enum irelfix_status status;  /**< IRELFIX_OK, IRELFIX_BROKEN or IRELFIX_REFUSED */
	struct outcome why;          /**< one sentence */
	bool unexamined;             /**< static, and for a machine that nobody knows here */
	bool has_range;              /**< @range is valid */
	struct reloc_table range;    /**< the entries at stake */
	uint64_t stray, irelative;   /**< entries of @range */
	uint64_t new_start, new_end; /**< the bounds after the repair */
};

/** A failure class. */
struct defect {
	const char *name; /**< as users see it */

	/**
	 * Whether @subject is of this class. Then @out has status IRELFIX_BROKEN, or
	 * IRELFIX_REFUSED when no repair is certain to be right.
	 */
	bool (*detect)(const struct subject *subject, struct finding *out);

	/**
	 * Plans the repair of a finding with status IRELFIX_BROKEN. @plan is empty before and
	 * has its strategy afterwards.
	 * @return false with IRELFIX_REFUSED and the reason in @why.
	 */
	bool (*plan)(const struct subject *subject, const struct finding *finding,
	             enum irelfix_strategy strategy, struct plan *plan, struct outcome *why);
};

extern const struct defect defect_wide_bounds;
extern const struct defect defect_lost_irelative;
extern const struct defect defect_biased_weak;

/** Row @index of the table of classes, or NULL behind the last one. */
const struct defect *defect_row(size_t index);

/**
 * Examines @image.
 *
 * @param subject receives what was learnt about the image
 * @param out     receives the finding; a healthy file has defect NULL and says why in @out->why
 * @return false with IRELFIX_FILE in @why when the image is malformed
 */
bool defect_diagnose(const struct image *image, struct subject *subject, struct finding *out,
                     struct outcome *why);

/**
 * Plans the repair of a finding with status IRELFIX_BROKEN, as its class does, without edits
 * that contradict each other or change nothing.
 */
bool defect_plan(const struct subject *subject, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *plan, struct outcome *why);

/**
 * Checks what startup will do with a repaired image: it must be healthy, each entry that will
 * be processed IRELATIVE with a writable slot and an executable resolver, and none left out.
 *
 * @param before the finding that was repaired
 * @return false with IRELFIX_UNVERIFIED and the reason in @why
 */
bool defect_verify(const struct image *image, const struct finding *before,
                   const struct plan *plan, struct outcome *why);

#endif
