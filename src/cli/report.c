/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "facts.h"
#include "format.h"
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
	static const struct { const char *end, *letter; } letters[] = {
		{ "IRELATIVE", "I" }, { "GLOB_DAT", "G" }, { "JUMP_SLOT", "J" }, { "NONE", "·" },
		{ "RELATIVE", "R" }, { "_64", "A" }, { "ABS64", "A" },
	};
	size_t length = name ? strlen(name) : 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		size_t tail = strlen(letters[i].end);
		if (length >= tail && strcmp(name + length - tail, letters[i].end) == 0)
			return letters[i].letter;
	}
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

/* The index of the entry at @address, as far as the table reaches. */
static size_t entry_at(const struct irelfix_report *report, uint64_t address)
{
	uint64_t index = address < report->table_start ? 0
	                 : (address - report->table_start) / report->entry_size;

	return index < report->entries ? (size_t)index : report->entries;
}

/* The bars stand where the bounds are. */
static void put_picture(const struct page *page, const struct irelfix *file, const char *label,
                        uint64_t start, uint64_t end, bool after)
{
	const struct irelfix_report report = facts_of(file);
	size_t size = report.entries;
	size_t from = entry_at(&report, start), to = entry_at(&report, end);

	to = to < from ? from : to;
	fprintf(page->out, "   %-8s", label);
	put_entries(page, file, 0, from, after);
	fputs("▐", page->out);
	put_entries(page, file, from, to, after);
	fputs("▌", page->out);
	put_entries(page, file, to, size, after);
	fputc('\n', page->out);
}

/* Prints the places that hold the bound which @stage moves. */
static void put_places(FILE *out, const struct irelfix *file, enum irelfix_stage stage)
{
	struct irelfix_edit edit;
	size_t places = 0;
	char where[256];

	for (size_t i = 0; irelfix_edit(file, i, &edit, sizeof(edit)); i++) {
		if (edit.stage != stage)
			continue;
		fputs(places++ ? ", " : " at ", out);
		if (irelfix_where(file, edit.address, where, sizeof(where)))
			text_put(where, out);
		else
			fputs("the startup code", out);
		fprintf(out, " (%s, 0x%" PRIx64 ")", facts_subject(&edit), edit.address);
	}
}

static bool has_stage(const struct irelfix *file, enum irelfix_stage stage)
{
	struct irelfix_edit edit;

	for (size_t i = 0; irelfix_edit(file, i, &edit, sizeof(edit)); i++)
		if (edit.stage == stage)
			return true;
	return false;
}

static void put_moved_bound(FILE *out, const struct irelfix *file, enum irelfix_stage stage,
                            uint64_t from, uint64_t to)
{
	if (from == to)
		return;
	fprintf(out, "   %s 0x%" PRIx64 " → 0x%" PRIx64, irelfix_stage_name(stage), from, to);
	put_places(out, file, stage);
	fputs(has_stage(file, IRELFIX_STAGE_SYMTAB) ? " and in .symtab\n" : "\n", out);
}

static void put_table(const struct page *page, const struct irelfix *file)
{
	const struct irelfix_report report = facts_of(file);
	bool pad = report.strategy == IRELFIX_PAD;
	FILE *out = page->out;

	if (report.entries == 0)
		return;
	fprintf(out, "   ");
	text_put(report.table, out);
	fprintf(out, " 0x%" PRIx64 "..0x%" PRIx64 ", %zu entries: %zu IRELATIVE, %zu stray\n",
	        report.table_start, report.table_end, report.entries, report.irelative,
	        report.stray);
	if (!report.bounds_known)
		return;
	put_picture(page, file, "before", report.start, report.end, false);
	if (report.strategy == IRELFIX_AUTO)
		return;
	put_picture(page, file, "after", pad ? report.start : report.new_start,
	            pad ? report.end : report.new_end, true);
	if (pad)
		return;
	put_moved_bound(out, file, IRELFIX_STAGE_START, report.start, report.new_start);
	put_moved_bound(out, file, IRELFIX_STAGE_END, report.end, report.new_end);
}

static void put_hex(FILE *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void put_edits(FILE *out, const struct irelfix *file)
{
	struct irelfix_edit edit;

	for (size_t i = 0; irelfix_edit(file, i, &edit, sizeof(edit)); i++) {
		fprintf(out, "   0x%" PRIx64 ": ", edit.offset);
		put_hex(out, edit.old_bytes, edit.size);
		fputs(" → ", out);
		put_hex(out, edit.new_bytes, edit.size);
		fprintf(out, "  %s", irelfix_stage_name(edit.stage));
		if (facts_subject(&edit)) {
			fputs(", ", out);
			text_put(facts_subject(&edit), out);
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
	struct irelfix_proof proof;

	for (size_t i = 0; irelfix_proof(file, i, &proof, sizeof(proof)); i++) {
		fprintf(page->out, "   %-12s ", proof.model);
		put_toned(page, results[proof.result].tone, results[proof.result].name);
		fputs(proof.detail[0] ? ": " : "", page->out);
		text_put(proof.detail, page->out);
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
	const struct irelfix_report report = facts_of(file);
	bool repaired = status == IRELFIX_OK && report.defect && !options->dry_run;
	bool many = options->recursive || options->list;

	if (options->quiet || (many && !report.defect && !options->verbose))
		return;
	text_put(path, out);
	fputs(": ", out);
	if (report.defect) {
		put_toned(&page, repaired ? GOOD : BAD, report.defect);
		fputs(": ", out);
	}
	text_put(facts_sentence(file, status), out);
	if (report.defect)
		put_origin(out, &report);
	fputc('\n', out);
	if (options->verbose)
		put_table(&page, file);
	if (options->dry_run || options->verbose > 1)
		put_edits(out, file);
	if ((report.defect || options->verbose) && irelfix_hint(file))
		fprintf(out, "   note: %s\n", irelfix_hint(file));
	put_proofs(&page, file);
	if (repaired) {
		fprintf(out, "   repaired (%s) %s", irelfix_strategy_name(report.strategy),
		        options->output ? "into " : "in place");
		text_put(options->output ? options->output : "", out);
		fputc('\n', out);
	}
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
	const struct irelfix_report report = facts_of(file);

	fputs("irelfix: ", err);
	text_put(path, err);
	if (report.defect)
		fprintf(err, ": %s", report.defect);
	fputs(consequence(options, file, status), err);
	text_put(irelfix_message(file), err);
	fputc('\n', err);
	if (file)
		put_proofs(&(struct page){ .out = err }, file);
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
