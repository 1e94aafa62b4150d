/* SPDX-License-Identifier: MIT */
#include "next.h"

#include "explain.h"
#include "facts.h"
#include "page.h"

/* Batches have one line a file, and what is named twice is told once. */
static bool is_one(const struct options *options)
{
	return options->file_count == 1 && !options->input && !options->recursive && !options->list;
}

static void put_path(const char *path, FILE *out)
{
	if (!page_put_word(path, out))
		fputs("FILE", out); /* no copy of what is shown would name it */
}

static void put_repair(const char *path, const char *fate, FILE *out)
{
	fprintf(out, "   %s To repair it: irelfix ", fate);
	put_path(path, out);
	fputs(" -o ", out);
	put_path(path, out);
	fputs(".fixed, or in place: irelfix -i ", out);
	put_path(path, out);
	fputc('\n', out);
}

void next_put(const struct options *options, const char *path, const struct irelfix *file,
              enum irelfix_status status, FILE *out)
{
	const struct irelfix_report report = facts_of(file);
	bool healthy = status == IRELFIX_OK && report.verdict == IRELFIX_VERDICT_HEALTHY;
	const char *fate = report.defect ? explain_fate(report.defect) : NULL;

	if (options->columns == 0 || !is_one(options))
		return;
	if (status == IRELFIX_BROKEN && fate && !options->dry_run) {
		put_repair(path, fate, out);
	} else if (healthy && options->verbose && !options->output && !options->prove) {
		fputs("   if it still crashes: irelfix --prove ", out);
		put_path(path, out);
		fputc('\n', out);
	}
}

void next_put_refused(const struct options *options, const struct irelfix *file,
                      enum irelfix_status status, FILE *err)
{
	const char *reason = irelfix_reason_name(irelfix_reason(file));

	if (options->error_columns > 0 && is_one(options) && status == IRELFIX_REFUSED && reason[0])
		fprintf(err, "   more about it: irelfix --explain %s\n", reason);
}
