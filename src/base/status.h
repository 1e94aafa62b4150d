/* SPDX-License-Identifier: MIT */
/* The outcome of a stage: a status and one sentence that names the field and both numbers. */
#ifndef IRELFIX_STATUS_H
#define IRELFIX_STATUS_H

#include "../../include/irelfix.h"

#include <stdarg.h>
#include <stdio.h>

struct outcome {
	enum irelfix_status status;
	char text[480];
};

#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
/** Sets status and sentence. @return false, so that a stage can end with it. */
static inline bool outcome_set(struct outcome *out, enum irelfix_status status,
                               const char *format, ...)
{
	va_list args;

	out->status = status;
	va_start(args, format);
	vsnprintf(out->text, sizeof(out->text), format, args);
	va_end(args);
	return false;
}

/** The file contradicts itself or ends too early. */
#define malformed(out, ...) outcome_set(out, IRELFIX_FILE, __VA_ARGS__)

/** The file is affected, but repairing it would be a guess. */
#define refused(out, ...) outcome_set(out, IRELFIX_REFUSED, __VA_ARGS__)

#endif
