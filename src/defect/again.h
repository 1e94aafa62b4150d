/* SPDX-License-Identifier: MIT */
/*
 * A decision made twice. Another process may change a byte through a mapping, of which neither size nor
 * time of the file tell. So what was decided is decided again on the very bytes that are going to be
 * edited in place, and must come out the same. In a copy the verification of the result shows it; then
 * this tells that the file is the reason.
 */
#ifndef IRELFIX_AGAIN_H
#define IRELFIX_AGAIN_H

#include "defect.h"

struct decision {
	const struct finding *finding;
	const struct plan *plan;
	enum irelfix_strategy asked; /**< the strategy that the plan was asked for with */
	const char *allowed;         /**< see struct startup */
	struct effort *effort;       /**< what making it again takes from; see struct image */
};

/**
 * Whether the file @now leads to @decision. Edits that another irelfix has made meanwhile may be there.
 * @return false with IRELFIX_FILE in @why when it does not
 */
bool decided_again(const struct decision *decision, struct bytes now, struct outcome *why);

#endif
