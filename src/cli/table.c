/* SPDX-License-Identifier: MIT */
#include "table.h"

#include "facts.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* A picture has a letter per entry, up to this many and as a line has room; then it counts. */
enum { PICTURE_MAX = 96, LABEL_WIDTH = 11, BARS = 2 };

/* The letters, and what they stand for: the end of a relocation type's name. */
static const struct letter {
	const char *end, *shown, *ascii, *meaning;
} letters[] = {
	{ "IRELATIVE", "I", "I", "IRELATIVE" },
	{ "JMP_IREL", "I", "I", "IRELATIVE" },
	{ "GLOB_DAT", "G", "G", "GLOB_DAT" },
	{ "JUMP_SLOT", "J", "J", "JUMP_SLOT" },
	{ "JMP_SLOT", "J", "J", "JUMP_SLOT" },
	{ "NONE", "·", ".", "NONE" },
	{ "RELATIVE", "R", "R", "RELATIVE" },
	{ "_64", "A", "A", "absolute address" },
	{ "ABS64", "A", "A", "absolute address" },
	{ "ADDR64", "A", "A", "absolute address" },
	{ "_32", "A", "A", "absolute address" },
	{ "ABS32", "A", "A", "absolute address" },
	{ "ADDR32", "A", "A", "absolute address" },
	{ "", "?", "?", "another type" },
};

enum { LETTERS = sizeof(letters) / sizeof(letters[0]) };

/* What is drawn of a table. */
struct picture {
	const struct page *page;
	const struct irelfix *file;
	struct irelfix_report report;
	bool counted; /* too many entries for a letter each */
};

static const struct letter *letter_at(const struct picture *picture, size_t index, bool after)
{
	const char *name = irelfix_entry(picture->file, index, after);
	size_t length = name ? strlen(name) : 0, i = 0;

	for (; i + 1 < LETTERS; i++) {
		size_t tail = strlen(letters[i].end);
		if (length >= tail && strcmp(name + length - tail, letters[i].end) == 0)
			break;
	}
	return &letters[i];
}

static const char *shown(const struct picture *picture, const struct letter *letter)
{
	return picture->page->utf8 ? letter->shown : letter->ascii;
}

static enum tone tone_of(const char *letter)
{
	return *letter == 'I' ? GOOD : isalpha((unsigned char)*letter) ? BAD : PLAIN;
}

/* Entries of one type: a letter for each, or one and how many there are. */
static void put_run(const struct picture *picture, const char *letter, size_t n)
{
	const struct page *page = picture->page;

	for (size_t i = 0; i < (picture->counted ? 1 : n); i++)
		page_put(page, tone_of(letter), letter);
	if (picture->counted)
		fprintf(page->out, "%s%zu ", PAGE_TIMES(page), n);
}

/* Prints entries [@from, @to). */
static void put_entries(const struct picture *picture, size_t from, size_t to, bool after)
{
	while (from < to) {
		const char *letter = shown(picture, letter_at(picture, from, after));
		size_t n = 1;
		while (from + n < to && shown(picture, letter_at(picture, from + n, after)) == letter)
			n++;
		put_run(picture, letter, n);
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
static void put_picture(const struct picture *picture, const char *label, uint64_t start,
                        uint64_t end, bool after)
{
	const struct page *page = picture->page;
	size_t size = picture->report.entries;
	size_t from = entry_at(&picture->report, start), to = entry_at(&picture->report, end);

	to = to < from ? from : to;
	fprintf(page->out, "   %-8s", label);
	put_entries(picture, 0, from, after);
	fputs(page->utf8 ? "▐" : "[", page->out);
	put_entries(picture, from, to, after);
	fputs(page->utf8 ? "▌" : "]", page->out);
	put_entries(picture, to, size, after);
	fputc('\n', page->out);
}

/* What the letters mean that are in the picture, in the order of the table above. */
static void put_legend(const struct picture *picture)
{
	bool used[LETTERS] = { false };
	FILE *out = picture->page->out;

	for (size_t i = 0; i < picture->report.entries; i++) {
		used[letter_at(picture, i, false) - letters] = true;
		if (picture->report.strategy != IRELFIX_AUTO)
			used[letter_at(picture, i, true) - letters] = true;
	}
	fputs("           ", out);
	for (size_t i = 0; i < LETTERS; i++)
		if (used[i])
			fprintf(out, "%s %s, ", shown(picture, &letters[i]), letters[i].meaning);
	fputs(picture->page->utf8 ? "▐▌ the bounds\n" : "[ ] the bounds\n", out);
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

static void put_moved_bound(const struct picture *picture, enum irelfix_stage stage, uint64_t from,
                            uint64_t to)
{
	FILE *out = picture->page->out;

	if (from == to)
		return;
	fprintf(out, "   %s 0x%" PRIx64 " %s 0x%" PRIx64, irelfix_stage_name(stage), from,
	        PAGE_ARROW(picture->page), to);
	put_places(out, picture->file, stage);
	fputs(has_stage(picture->file, IRELFIX_STAGE_SYMTAB) ? " and in .symtab\n" : "\n", out);
}

static void put_bounds(const struct picture *picture)
{
	const struct irelfix_report *report = &picture->report;
	bool planned = report->strategy != IRELFIX_AUTO, pad = report->strategy == IRELFIX_PAD;

	put_picture(picture, "before", report->start, report->end, false);
	if (planned)
		put_picture(picture, "after", pad ? report->start : report->new_start,
		            pad ? report->end : report->new_end, true);
	put_legend(picture);
	if (!planned || pad)
		return;
	put_moved_bound(picture, IRELFIX_STAGE_START, report->start, report->new_start);
	put_moved_bound(picture, IRELFIX_STAGE_END, report->end, report->new_end);
}

/* A static-PIE's table is long, and most of it is as it should be. */
static void put_strays(const struct picture *picture)
{
	FILE *out = picture->page->out;
	struct irelfix_stray stray;
	size_t i = 0;

	for (; irelfix_stray(picture->file, i, &stray, sizeof(stray)); i++) {
		fprintf(out, "   0x%" PRIx64 ": %s for 0x%" PRIx64, stray.address, stray.type, stray.slot);
		if (stray.symbol) {
			fputs(", ", out);
			text_put(stray.symbol, out);
		}
		fputc('\n', out);
	}
	if (i < picture->report.stray)
		fprintf(out, "   and %zu more\n", picture->report.stray - i);
}

/* Its startup walks the whole table, whatever bounds there are besides. */
static bool is_pie(const struct irelfix_report *report)
{
	return strcmp(report->type, "ET_DYN") == 0;
}

static bool is_counted(const struct page *page, size_t entries)
{
	bool fits = page->columns == 0 || entries + LABEL_WIDTH + BARS <= page->columns;

	return entries > PICTURE_MAX || !fits;
}

void table_put(const struct page *page, const struct irelfix *file)
{
	const struct picture picture = {
		.page = page, .file = file, .report = facts_of(file),
		.counted = is_counted(page, facts_of(file).entries),
	};
	const struct irelfix_report *report = &picture.report;

	if (report->entries == 0)
		return;
	fputs("   ", page->out);
	text_put(report->table, page->out);
	fprintf(page->out, " 0x%" PRIx64 "..0x%" PRIx64 ", %zu entries: %zu IRELATIVE, %zu stray\n",
	        report->table_start, report->table_end, report->entries, report->irelative,
	        report->stray);
	if (report->bounds_known && !is_pie(report))
		put_bounds(&picture);
	else
		put_strays(&picture);
}
