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

const char *irelfix_verdict_name(enum irelfix_verdict verdict)
{
	static const char *const names[] = {
		[IRELFIX_VERDICT_HEALTHY] = "healthy",
		[IRELFIX_VERDICT_BROKEN] = "broken",
		[IRELFIX_VERDICT_REFUSED] = "refused",
		[IRELFIX_VERDICT_CANNOT_START] = "cannot start",
		[IRELFIX_VERDICT_NOT_EXAMINED] = "not examined",
		[IRELFIX_VERDICT_NOT_CONCERNED] = "not concerned",
	};

	return (unsigned)verdict < sizeof(names) / sizeof(names[0]) ? names[verdict] : "unknown";
}

bool outcome_set(struct outcome *out, enum irelfix_status status, enum irelfix_reason reason,
                 const char *format, ...)
{
	va_list args;

	out->status = status;
	out->reason = reason;
	out->advice_at = 0;
	va_start(args, format);
	vsnprintf(out->text, sizeof(out->text), format, args);
	va_end(args);
	return false;
}

bool outcome_advise(struct outcome *out)
{
	const char *advice = irelfix_advice(out->reason);

	return advice && outcome_advise_to(out, "%s", advice);
}

bool outcome_advise_to(struct outcome *out, const char *format, ...)
{
	size_t length = out->advice_at ? out->advice_at - 2u : strlen(out->text);
	va_list args;

	if (length + 2 >= sizeof(out->text))
		return false;
	strcpy(out->text + length, "; ");
	out->advice_at = (uint16_t)(length + 2);
	va_start(args, format);
	vsnprintf(out->text + out->advice_at, sizeof(out->text) - out->advice_at, format, args);
	va_end(args);
	return false;
}
