/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What keeps the defects out of an executable when it is linked, per linker version. */
#define REASON_LINK_FLAGS "-Wl,-Bstatic before the shared library, " \
	"-z nodynamic-undefined-weak (LLVM 21 and later) or --no-dynamic-linker (LLVM 19)"

static const struct {
	const char *name, *meaning, *advice;
} rows[] = {
#define REASON(reason, name, meaning, advice) [IRELFIX_REASON_##reason] = { name, meaning, advice },
#include "reasons.def"
#undef REASON
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == IRELFIX_REASON_COUNT, "reasons.def lacks a row");

static bool is_row(enum irelfix_reason reason)
{
	return reason >= 0 && reason < IRELFIX_REASON_COUNT && rows[reason].name;
}

const char *irelfix_strerror(enum irelfix_reason reason)
{
	return is_row(reason) ? rows[reason].meaning : "an unknown reason";
}

const char *irelfix_reason_name(enum irelfix_reason reason)
{
	return is_row(reason) ? rows[reason].name : "";
}

const char *irelfix_advice(enum irelfix_reason reason)
{
	return is_row(reason) ? rows[reason].advice : NULL;
}

bool outcome_set(struct outcome *out, enum irelfix_status status, enum irelfix_reason reason,
                 const char *format, ...)
{
	va_list args;

	out->status = status;
	out->reason = reason;
	va_start(args, format);
	vsnprintf(out->text, sizeof(out->text), format, args);
	va_end(args);
	return false;
}

bool outcome_advise(struct outcome *out)
{
	const char *advice = irelfix_advice(out->reason);
	size_t length = strlen(out->text);

	if (advice)
		snprintf(out->text + length, sizeof(out->text) - length, "; %s", advice);
	return false;
}
