/* SPDX-License-Identifier: MIT */
/* Runs the startup code of an executable, but not its main. */
#ifndef IRELFIX_PROVE_H
#define IRELFIX_PROVE_H

#include "../disk/map.h"
#include "../edit/plan.h"
#include "../startup/startup.h"

enum { PROOFS_MAX = 64 }; /* that are named; an emulator may have more */

struct proof {
	char model[64];
	enum irelfix_proof_result result;
	char detail[256];
	char missing[128]; /**< the emulator that was not found, or "" */
	bool traced; /**< the addresses below are known; they are virtual ones of the file */
	uint64_t died_at; /**< of the instruction */
	uint64_t caller;  /**< if it was called into nowhere: from where */
};

struct proofs {
	struct proof *items; /**< owned */
	size_t count;
};

/** Who is told of each run as it ends. */
struct prove_watch {
	void (*ended)(void *context, struct proof *proof);
	void *context;
};

/**
 * Starts a temporary copy of @in with the edits of @plan once for each model.
 *
 * @param out to be freed by proofs_free()
 * @return false with the reason in @why when no run could be made at all, or when it was stopped
 */
bool prove_startup(struct startup *startup, const struct map *in, const struct plan *plan,
                   const struct irelfix_prove_options *options, const struct prove_watch *watch,
                   struct proofs *out, struct outcome *why);

/** Whether @models, which may be NULL, are names, so that each of them has to be run. */
bool prove_is_by_name(const char *models);

void proofs_free(struct proofs *proofs);

#endif
