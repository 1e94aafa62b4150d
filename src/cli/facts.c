/* SPDX-License-Identifier: MIT */
#include "facts.h"

struct irelfix_report facts_of(const struct irelfix *file)
{
	struct irelfix_report report;

	irelfix_report(file, &report, sizeof(report));
	return report;
}

const char *facts_sentence(const struct irelfix *file, enum irelfix_status status)
{
	const struct irelfix_report report = facts_of(file);
	bool known = status == IRELFIX_OK || status == IRELFIX_BROKEN;

	return known && report.finding ? report.finding : irelfix_message(file);
}

const char *facts_subject(const struct irelfix_edit *edit)
{
	bool bound = edit->stage == IRELFIX_STAGE_START || edit->stage == IRELFIX_STAGE_END;

	if (bound)
		return edit->instruction ? "instruction" : "GOT word";
	return edit->symbol;
}
