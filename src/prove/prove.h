/* SPDX-License-Identifier: MIT */
/* Runs the startup code of an executable, but not its main. */
#ifndef IRELFIX_PROVE_H
#define IRELFIX_PROVE_H

#include "../defect/defect.h"
#include "../disk/map.h"

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
	struct proof items[PROOFS_MAX];
	size_t count;
};

/**
 * Finds main: what the code at e_entry passes as first argument to the function that it calls
 * (glibc's start.S: __libc_start_main), or else the symbol; through branch stubs.
 *
 * @return false when it cannot be found
 */
bool prove_find_main(const struct subject *subject, uint64_t *main_address);

/**
 * Starts a temporary copy of @in with the edits of @plan once for each model.
 * @return false with IRELFIX_FILE in @why when no copy could be made; @out has no proofs then.
 */
bool prove_startup(const struct subject *subject, const struct map *in, const struct plan *plan,
                   const struct irelfix_prove_options *options, struct proofs *out,
                   struct outcome *why);

#endif
