/* SPDX-License-Identifier: MIT */
/* The outcome of a stage: a status, a reason, and one sentence that names the field and both numbers. */
#ifndef IRELFIX_STATUS_H
#define IRELFIX_STATUS_H

#include "../../include/irelfix.h"

struct outcome {
	enum irelfix_status status;
	enum irelfix_reason reason;
	uint16_t advice_at; /* where in @text the advice begins; 0: there is none */
	char text[640];
};

#ifdef __GNUC__
#define OUTCOME_FORMAT __attribute__((format(printf, 4, 5)))
#else
#define OUTCOME_FORMAT
#endif

/** Sets status, reason and sentence. @return false, so that a stage can end with it. */
OUTCOME_FORMAT
bool outcome_set(struct outcome *out, enum irelfix_status status, enum irelfix_reason reason,
                 const char *format, ...);

/** Adds what to do about the reason of @out behind its sentence, where something is known. */
bool outcome_advise(struct outcome *out);

/** Adds another advice, in place of the one that is there. @return false */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
bool outcome_advise_to(struct outcome *out, const char *format, ...);

/** The file contradicts itself or ends too early. */
#define malformed(out, ...) \
	outcome_set(out, IRELFIX_FILE, IRELFIX_REASON_MALFORMED, __VA_ARGS__)

/** The system did not do what was asked of it. */
#define failed(out, ...) outcome_set(out, IRELFIX_FILE, IRELFIX_REASON_SYSTEM, __VA_ARGS__)

/** There is no memory for what the sentence says. */
#define no_memory(out, ...) outcome_set(out, IRELFIX_FILE, IRELFIX_REASON_MEMORY, __VA_ARGS__)

/** The result is not what it should be. */
#define unverified(out, ...) \
	outcome_set(out, IRELFIX_UNVERIFIED, IRELFIX_REASON_RESULT, __VA_ARGS__)

/**
 * What is tried is impossible or would be a guess, for the named reason (the end of an
 * IRELFIX_REASON_); what is known to help is added.
 */
#define blocked(out, name, ...) \
	(outcome_set(out, IRELFIX_REFUSED, IRELFIX_REASON_##name, __VA_ARGS__), \
	 outcome_advise(out))

#endif
