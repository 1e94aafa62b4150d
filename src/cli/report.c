/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "facts.h"
#include "format.h"
#include "next.h"
#include "page.h"
#include "proofs.h"
#include "stream.h"
#include "table.h"
#include "text.h"

#include <inttypes.h>

static void put_hex(FILE *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void put_edits(const struct page *page, const struct irelfix *file)
{
	FILE *out = page->out;
	struct irelfix_edit edit;

	for (size_t i = 0; irelfix_edit(file, i, &edit, sizeof(edit)); i++) {
		fprintf(out, "   0x%" PRIx64 ": ", edit.offset);
		put_hex(out, edit.old_bytes, edit.size);
		fprintf(out, " %s ", PAGE_ARROW(page));
		put_hex(out, edit.new_bytes, edit.size);
		fprintf(out, "  %s", irelfix_stage_name(edit.stage));
		if (facts_subject(&edit)) {
			fputs(", ", out);
			text_put(facts_subject(&edit), out);
		}
		fputc('\n', out);
	}
}

static void put_origin(FILE *out, const struct irelfix_report *report)
{
	if (!report->machine)
		return;
	fputs(" (", out);
	if (report->linker)
		fprintf(out, "%s, ", report->linker);
	fprintf(out, "%s %s)", report->machine, report->type);
}

static bool is_repaired(const struct options *options, const struct irelfix *file,
                        enum irelfix_status status)
{
	return status == IRELFIX_OK && facts_of(file).defect && !options->dry_run;
}

/* What was written, if anything was. */
static void put_result(const struct options *options, const struct page *page,
                       const struct irelfix_report *report)
{
	FILE *out = page->out;

	if (!report->defect && !options->output)
		return;
	fputs("   ", out);
	page_put(page, report->defect ? GOOD : PLAIN, report->defect ? "repaired" : "copied");
	if (report->defect)
		fprintf(out, " (%s)", irelfix_strategy_name(report->strategy));
	fputs(options->output ? " into " : " in place", out);
	if (options->output && stream_is(options->output))
		fputs("standard output", out);
	else if (options->output)
		text_put(options->output, out);
	fputc('\n', out);
}

static struct page page_of(const struct options *options, FILE *out)
{
	return (struct page){ out, options->color, options->utf8, options->columns };
}

/* Of many files, those are reported that something is wrong with. */
static bool is_reported(const struct options *options, const struct irelfix *file)
{
	bool many = options->recursive || options->list;

	return !options->quiet && options->format == FORMAT_TEXT &&
	       (!many || facts_of(file).defect || options->verbose);
}

/* All that is known without a proof. */
static void put_findings(const struct options *options, const char *path,
                         const struct irelfix *file, enum irelfix_status status, FILE *out)
{
	const struct page page = page_of(options, out);
	const struct irelfix_report report = facts_of(file);

	text_put(path, out);
	fputs(": ", out);
	if (report.defect) {
		page_put(&page, is_repaired(options, file, status) ? PLAIN : BAD, report.defect);
		fputs(": ", out);
	}
	text_put(facts_sentence(file, status), out);
	if (report.defect)
		put_origin(out, &report);
	fputc('\n', out);
	if (options->verbose)
		table_put(&page, file);
	if (options->dry_run || options->verbose > 1)
		put_edits(&page, file);
	if ((report.defect || options->verbose) && irelfix_hint(file))
		fprintf(out, "   note: %s\n", irelfix_hint(file));
}

static bool is_begun(const struct options *options)
{
	return options->live && options->live->begun;
}

/* What is found is not repaired yet. */
void report_begin(const struct options *options, const char *path, const struct irelfix *file)
{
	bool broken = facts_of(file).defect != NULL;

	if (!is_reported(options, file))
		return;
	put_findings(options, path, file, broken ? IRELFIX_BROKEN : IRELFIX_OK, options->live->out);
	fflush(options->live->out);
	options->live->begun = true;
}

static void report_text(const struct options *options, const char *path,
                        const struct irelfix *file, enum irelfix_status status, FILE *out)
{
	const struct page page = page_of(options, out);
	const struct irelfix_report report = facts_of(file);

	if (!is_reported(options, file))
		return;
	if (!is_begun(options)) {
		put_findings(options, path, file, status, out);
		proofs_put(&page, file);
	}
	if (status == IRELFIX_OK && !options->dry_run)
		put_result(options, &page, &report);
	next_put(options, path, file, status, out);
}

/* What an error means for the file that would have been written. */
static const char *consequence(const struct options *options, const struct irelfix *file,
                               enum irelfix_status status)
{
	if (status == IRELFIX_REFUSED)
		return facts_of(file).verdict == IRELFIX_VERDICT_CANNOT_START ? ": cannot start: "
		                                                              : ": refused: ";
	if (status != IRELFIX_UNVERIFIED || !(options->output || options->in_place))
		return ": ";
	return ": not written, the result failed verification: ";
}

static void report_error(const struct options *options, const char *path,
                         const struct irelfix *file, enum irelfix_status status, FILE *err)
{
	const struct page page = {
		.out = err, .utf8 = options->utf8, .columns = options->error_columns,
	};
	const struct irelfix_report report = facts_of(file);

	fputs("irelfix: ", err);
	text_put(path, err);
	if (report.defect)
		fprintf(err, ": %s", report.defect);
	fputs(consequence(options, file, status), err);
	text_put(irelfix_message(file), err);
	fputc('\n', err);
	if (!file)
		return;
	if (options->verbose && status == IRELFIX_REFUSED)
		table_put(&page, file);
	if (!is_begun(options))
		proofs_put(&page, file);
	next_put_refused(options, file, status, err);
}

void report_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out, FILE *err)
{
	format_file(options, path, file, status, out);
	if (status != IRELFIX_OK && status != IRELFIX_BROKEN)
		report_error(options, path, file, status, err);
	else if (options->format == FORMAT_TEXT)
		report_text(options, path, file, status, out);
}
