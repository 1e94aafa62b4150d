/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "json.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* The table's picture has a letter per entry, up to this many; then it counts. */
enum { PICTURE_MAX = 96 };

/* Where a report goes, and whether colors are understood there. */
struct page {
	FILE *out;
	bool color;
};

/* What a color says; the numbers are those of ISO 6429's "select graphic rendition". */
enum tone { PLAIN = 0, BAD = 31, GOOD = 32, UNSURE = 33 };

static void set_tone(const struct page *page, enum tone tone)
{
	if (page->color)
		fprintf(page->out, "\033[%dm", (int)tone);
}

static void put_toned(const struct page *page, enum tone tone, const char *text)
{
	set_tone(page, tone);
	fputs(text, page->out);
	set_tone(page, PLAIN);
}

/* One letter for a relocation type: its own name's, and a dot for none. */
static const char *letter_of(const char *name)
{
	static const struct { const char *part, *letter; } letters[] = {
		{ "IRELATIVE", "I" }, { "GLOB_DAT", "G" }, { "JUMP", "J" }, { "NONE", "·" },
		{ "RELATIVE", "R" }, { "64", "A" },
	};

	for (size_t i = 0; name && i < sizeof(letters) / sizeof(letters[0]); i++)
		if (strstr(name, letters[i].part))
			return letters[i].letter;
	return "?";
}

static const char *letter_at(const struct irelfix *file, size_t index, bool after)
{
	return letter_of(irelfix_entry(file, index, after));
}

/* Entries of one type: a letter for each, or one and how many there are. */
static void put_run(const struct page *page, const char *letter, size_t n, bool counted)
{
	set_tone(page, *letter == 'I' ? GOOD : isalpha((unsigned char)*letter) ? BAD : PLAIN);
	for (size_t i = 0; i < (counted ? 1 : n); i++)
		fputs(letter, page->out);
	set_tone(page, PLAIN);
	if (counted)
		fprintf(page->out, "×%zu ", n);
}

/* Prints entries [@from, @to), counted where there are many. */
static void put_entries(const struct page *page, const struct irelfix *file, size_t from,
                        size_t to, bool after)
{
	bool counted = to - from > PICTURE_MAX;

	while (from < to) {
		const char *letter = letter_at(file, from, after);
		size_t n = 1;
		while (from + n < to && letter_at(file, from + n, after) == letter)
			n++;
		put_run(page, letter, n, counted);
		from += n;
	}
}

/* The bars stand where the bounds are. */
static void put_picture(const struct page *page, const struct irelfix *file, const char *label,
                        uint64_t start, uint64_t end, bool after)
{
	const struct irelfix_report *report = irelfix_report(file);
	size_t size = report->entries;
	uint64_t entsize = size ? (report->table_end - report->table_start) / size : 1;
	size_t from = start < report->table_start ? 0
	              : (size_t)((start - report->table_start) / entsize);
	size_t to = end < report->table_start ? 0
	            : (size_t)((end - report->table_start) / entsize);

	from = from < size ? from : size;
	to = to < from ? from : to < size ? to : size;
	fprintf(page->out, "   %-8s", label);
	put_entries(page, file, 0, from, after);
	fputs("▐", page->out);
	put_entries(page, file, from, to, after);
	fputs("▌", page->out);
	put_entries(page, file, to, size, after);
	fputc('\n', page->out);
}

static void put_moved_bound(FILE *out, const struct irelfix *file, const char *which, uint64_t from,
                            uint64_t to)
{
	const struct irelfix_edit *edits;
	size_t count = irelfix_edits(file, &edits), places = 0;
	char where[256];

	if (from == to)
		return;
	fprintf(out, "   %s bound 0x%" PRIx64 " → 0x%" PRIx64, which, from, to);
	for (size_t i = 0; i < count; i++) {
		bool named = strncmp(edits[i].why, which, strlen(which)) == 0;
		if (!named)
			continue;
		fputs(places++ ? ", " : " at ", out);
		if (irelfix_where(file, edits[i].address, where, sizeof(where)))
			text_put(where, out);
		else
			fputs("the startup code", out);
		fprintf(out, " (%s, 0x%" PRIx64 ")", edits[i].detail, edits[i].address);
	}
	for (size_t i = 0; i < count; i++)
		if (strcmp(edits[i].why, ".symtab") == 0 && strstr(edits[i].detail, which)) {
			fputs(" and in .symtab", out);
			break;
		}
	fputc('\n', out);
}

static void put_table(const struct page *page, const struct irelfix *file)
{
	const struct irelfix_report *report = irelfix_report(file);
	FILE *out = page->out;

	if (report->entries == 0)
		return;
	fprintf(out, "   ");
	text_put(report->table, out);
	fprintf(out, " 0x%" PRIx64 "..0x%" PRIx64 ", %zu IRELATIVE, %zu other\n", report->table_start,
	       report->table_end, report->irelative, report->stray);
	if (!report->bounds_known)
		return;
	put_picture(page, file, "before", report->start, report->end, false);
	if (report->strategy && strcmp(report->strategy, "pad") == 0) {
		put_picture(page, file, "after", report->start, report->end, true);
	} else if (report->strategy) {
		put_picture(page, file, "after", report->new_start, report->new_end, true);
		put_moved_bound(out, file, "start", report->start, report->new_start);
		put_moved_bound(out, file, "end", report->end, report->new_end);
	}
}

static void put_hex(FILE *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void put_edits(FILE *out, const struct irelfix *file)
{
	const struct irelfix_edit *edits;
	size_t count = irelfix_edits(file, &edits);

	for (size_t i = 0; i < count; i++) {
		fprintf(out, "   0x%" PRIx64 ": ", edits[i].offset);
		put_hex(out, edits[i].old_bytes, edits[i].size);
		fputs(" → ", out);
		put_hex(out, edits[i].new_bytes, edits[i].size);
		fprintf(out, "  %s", edits[i].why);
		if (edits[i].detail) {
			fputs(", ", out);
			text_put(edits[i].detail, out);
		}
		fputc('\n', out);
	}
}

static void put_proofs(const struct page *page, const struct irelfix *file)
{
	static const struct { enum tone tone; const char *name; } results[] = {
		[IRELFIX_STARTED] = { GOOD, "started" },
		[IRELFIX_FAILED] = { BAD, "FAILED" },
		[IRELFIX_NOT_RUN] = { UNSURE, "not run" },
	};
	const struct irelfix_proof *proofs;
	size_t count = irelfix_proofs(file, &proofs);

	for (size_t i = 0; i < count; i++) {
		fprintf(page->out, "   %-12s ", proofs[i].model);
		put_toned(page, results[proofs[i].result].tone, results[proofs[i].result].name);
		fputs(proofs[i].detail[0] ? ": " : "", page->out);
		text_put(proofs[i].detail, page->out);
		fputc('\n', page->out);
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

static void report_text(const struct options *options, const char *path,
                        const struct irelfix *file, enum irelfix_status status, FILE *out)
{
	const struct page page = { out, options->color };
	const struct irelfix_report *report = irelfix_report(file);
	bool repaired = status == IRELFIX_OK && report->defect && !options->dry_run;
	bool many = options->recursive || options->list;

	if (options->quiet || (many && !report->defect && !options->verbose))
		return;
	text_put(path, out);
	fputs(": ", out);
	if (report->defect) {
		put_toned(&page, repaired ? GOOD : BAD, report->defect);
		fputs(": ", out);
	}
	text_put(irelfix_message(file), out);
	if (report->defect)
		put_origin(out, report);
	fputc('\n', out);
	if (options->verbose)
		put_table(&page, file);
	if (options->dry_run || options->verbose > 1)
		put_edits(out, file);
	put_proofs(&page, file);
	if (repaired) {
		fprintf(out, "   repaired (%s) %s", report->strategy,
		       options->output ? "into " : "in place");
		text_put(options->output ? options->output : "", out);
		fputc('\n', out);
	}
}

/* What an error means for the file that would have been written. */
static const char *consequence(const struct options *options, enum irelfix_status status)
{
	if (status == IRELFIX_REFUSED)
		return ": refused: ";
	if (status != IRELFIX_UNVERIFIED || !(options->output || options->in_place))
		return ": ";
	return ": not written, the result failed verification: ";
}

static void report_error(const struct options *options, const char *path,
                         const struct irelfix *file, enum irelfix_status status, FILE *err)
{
	const struct irelfix_report *report = file ? irelfix_report(file) : NULL;

	fputs("irelfix: ", err);
	text_put(path, err);
	if (report && report->defect)
		fprintf(err, ": %s", report->defect);
	fputs(consequence(options, status), err);
	text_put(irelfix_message(file), err);
	fputc('\n', err);
	if (file)
		put_proofs(&(struct page){ .out = err }, file);
}

void report_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out, FILE *err)
{
	if (options->json)
		json_file(options, path, file, status, out);
	if (status != IRELFIX_OK && status != IRELFIX_BROKEN)
		report_error(options, path, file, status, err);
	else if (!options->json)
		report_text(options, path, file, status, out);
}
