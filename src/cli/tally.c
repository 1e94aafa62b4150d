/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include "facts.h"

/* A file without a failure class. */
static enum ending ending_of(enum irelfix_verdict verdict)
{
	switch (verdict) {
	case IRELFIX_VERDICT_NOT_EXAMINED: return ENDING_NOT_EXAMINED;
	case IRELFIX_VERDICT_NOT_CONCERNED: return ENDING_NOT_CONCERNED;
	default: return ENDING_HEALTHY;
	}
}

enum ending tally_ending(const struct irelfix *file, enum irelfix_status status)
{
	const struct irelfix_report report = facts_of(file);

	switch (status) {
	case IRELFIX_OK: return report.defect ? ENDING_REPAIRED : ending_of(report.verdict);
	case IRELFIX_BROKEN: return ENDING_BROKEN;
	case IRELFIX_REFUSED:
		return report.verdict == IRELFIX_VERDICT_CANNOT_START ? ENDING_CANNOT_START
		                                                      : ENDING_REFUSED;
	default: return ENDING_ERROR;
	}
}

void tally_add(struct tally *tally, enum ending ending)
{
	tally->files++;
	tally->counts[ending]++;
}

void tally_put(const struct tally *tally, FILE *out)
{
	static const char *const names[] = {
		[ENDING_HEALTHY] = "healthy", [ENDING_REPAIRED] = "repaired",
		[ENDING_BROKEN] = "broken", [ENDING_REFUSED] = "refused",
		[ENDING_CANNOT_START] = "cannot start", [ENDING_NOT_EXAMINED] = "not examined",
		[ENDING_NOT_CONCERNED] = "not concerned",
	};
	size_t errors = tally->counts[ENDING_ERROR];

	fprintf(out, "%zu file%s: ", tally->files, tally->files == 1 ? "" : "s");
	for (size_t i = 0; i < ENDING_ERROR; i++)
		fprintf(out, "%zu %s, ", tally->counts[i], names[i]);
	fprintf(out, "%zu error%s\n", errors, errors == 1 ? "" : "s");
}
