/* SPDX-License-Identifier: MIT */
/*
 * The failure classes. One file a class: how it is recognised, how it is repaired, its wording.
 * To add one: a file beside this one and a row in defect.c.
 */
#ifndef IRELFIX_DEFECT_H
#define IRELFIX_DEFECT_H

#include "../edit/plan.h"
#include "../startup/startup.h"

struct defect;
struct entry;

/** What is wrong with an image. */
struct finding {
	enum irelfix_verdict verdict;
	const struct defect *defect; /**< the class, for BROKEN and REFUSED; else NULL */
	bool detach;                 /**< it names a dynamic linker, which has to go as well */
	bool earlier;                /**< it is healthy because a repair left it so */
	struct outcome why;          /**< one sentence, with the status that the verdict means */
	bool has_range;              /**< @range is valid */
	struct reloc_table range;    /**< the entries at stake */
	uint64_t irelative;          /**< IRELATIVE entries of @range */
	uint64_t stray;              /**< entries of @range that startup must not meet as they are */
	uint64_t new_start, new_end; /**< the bounds after the repair */
};

/** A failure class. */
struct defect {
	const char *name; /**< as users see it */
	const char *meaning; /**< what is wrong, one sentence */

	/**
	 * Whether the image is of this class. Then @out->why has status IRELFIX_BROKEN, or
	 * IRELFIX_REFUSED when no repair is certain to be right.
	 */
	bool (*detect)(struct startup *startup, struct finding *out);

	/** Whether finding->stray counts @entry of the range; NULL: it counts none. */
	bool (*is_stray)(const struct startup *startup, const struct entry *entry);

	/**
	 * Plans the repair of a finding with verdict BROKEN. @plan is empty before and
	 * has its strategy afterwards.
	 * @return false with IRELFIX_REFUSED and the reason in @why.
	 */
	bool (*plan)(struct startup *startup, const struct finding *finding,
	             enum irelfix_strategy strategy, struct plan *plan, struct outcome *why);
};

extern const struct defect defect_wide_bounds;
extern const struct defect defect_lost_irelative;
extern const struct defect defect_biased_weak;
extern const struct defect defect_static_interp;

/** Row @index of the table of classes, or NULL behind the last one. */
const struct defect *defect_row(size_t index);

/**
 * Examines an image.
 *
 * @param allowed undefined symbols that count as weak: see irelfix_allow_undefined(); or NULL
 * @param startup receives what was worked out of its startup; to be freed by startup_free(), also
 *                after a failure
 * @param out     receives the finding; one without a defect says why in @out->why
 * @return false with IRELFIX_FILE in @why when the image is malformed
 */
bool defect_diagnose(const struct image *image, const char *allowed, struct startup *startup,
                     struct finding *out, struct outcome *why);

/**
 * Plans the repair of a finding with verdict BROKEN, as its class does, without edits
 * that contradict each other or change nothing. Where another strategy than the first choice had to
 * be taken, @why says the reason.
 */
bool defect_plan(struct startup *startup, const struct finding *finding,
                 enum irelfix_strategy strategy, struct plan *plan, struct outcome *why);

#endif
