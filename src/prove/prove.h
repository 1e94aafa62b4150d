/* SPDX-License-Identifier: MIT */
/* Runs the startup code of an executable, but not its main. */
#ifndef IRELFIX_PROVE_H
#define IRELFIX_PROVE_H

#include "../disk/map.h"
#include "../edit/plan.h"
#include "../startup/startup.h"

enum { PROOFS_MAX = 64 };

struct proof {
	char model[64];
	enum irelfix_proof_result result;
	char detail[256];
	bool traced; /**< the addresses below are known; they are virtual ones of the file */
	uint64_t died_at; /**< of the instruction */
	uint64_t caller;  /**< if it was called into nowhere: from where */
};

struct proofs {
	struct proof *items; /**< owned */
	size_t count;
};

/**
 * Starts a temporary copy of @in with the edits of @plan once for each model.
 *
 * @param out to be freed by proofs_free()
 * @return false with the reason in @why when no run could be made at all
 */
bool prove_startup(struct startup *startup, const struct map *in, const struct plan *plan,
                   const struct irelfix_prove_options *options, struct proofs *out,
                   struct outcome *why);

void proofs_free(struct proofs *proofs);

#endif
