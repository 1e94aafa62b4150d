/* SPDX-License-Identifier: MIT */
#include "facts.h"

struct irelfix_report facts_of(const struct irelfix *file)
{
	struct irelfix_report report;

	irelfix_report(file, &report, sizeof(report));
	return report;
}

enum irelfix_status facts_judge(const struct irelfix *file, enum irelfix_status status, bool strict)
{
	bool unexamined = facts_of(file).verdict == IRELFIX_VERDICT_NOT_EXAMINED;

	return strict && status == IRELFIX_OK && unexamined ? IRELFIX_REFUSED : status;
}

const char *facts_sentence(const struct irelfix *file, enum irelfix_status status)
{
	const struct irelfix_report report = facts_of(file);
	bool known = status == IRELFIX_OK || status == IRELFIX_BROKEN;

	return known && report.finding ? report.finding : irelfix_message(file);
}

enum irelfix_reason facts_reason(const struct irelfix *file, enum irelfix_status status)
{
	bool known = status == IRELFIX_OK || status == IRELFIX_BROKEN;

	return known ? facts_of(file).reason : irelfix_reason(file);
}

const char *facts_rule(const struct irelfix *file, enum irelfix_status status)
{
	enum irelfix_reason reason = facts_reason(file, status);

	return reason == IRELFIX_REASON_NONE ? facts_of(file).defect : irelfix_reason_name(reason);
}

const char *facts_advice(const struct irelfix *file, enum irelfix_status status)
{
	const struct irelfix_report report = facts_of(file);
	enum irelfix_reason reason = facts_reason(file, status);

	return reason == report.reason && report.advice ? report.advice : irelfix_advice(reason);
}

const char *facts_verdict(const struct options *options, const struct irelfix *file,
                          enum irelfix_status status)
{
	const struct irelfix_report report = facts_of(file);

	switch (status) {
	case IRELFIX_OK:
		return report.defect && !options->dry_run ? "repaired"
		                                          : irelfix_verdict_name(report.verdict);
	case IRELFIX_BROKEN: return irelfix_verdict_name(IRELFIX_VERDICT_BROKEN);
	case IRELFIX_REFUSED:
		return irelfix_verdict_name(report.verdict == IRELFIX_VERDICT_CANNOT_START
		                            ? IRELFIX_VERDICT_CANNOT_START
		                            : IRELFIX_VERDICT_REFUSED);
	case IRELFIX_UNVERIFIED: return "unverified";
	default: return "error";
	}
}

bool facts_is_fault(const struct options *options, const struct irelfix *file,
                    enum irelfix_status status)
{
	return facts_judge(file, status, options->strict) != IRELFIX_OK;
}

const char *facts_output(const struct options *options, const char *path,
                         const struct irelfix *file, enum irelfix_status status)
{
	if (status != IRELFIX_OK || options->dry_run)
		return NULL;
	if (options->output)
		return options->output;
	return options->in_place && facts_of(file).defect ? path : NULL;
}

const char *facts_subject(const struct irelfix_edit *edit)
{
	bool bound = edit->stage == IRELFIX_STAGE_START || edit->stage == IRELFIX_STAGE_END;

	if (bound)
		return edit->instruction ? "instruction" : "GOT word";
	return edit->symbol;
}
