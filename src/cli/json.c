/* SPDX-License-Identifier: MIT */
#include "json.h"

#include "facts.h"
#include "text.h"

#include <inttypes.h>

/* File names need not be UTF-8; JSON strings must. */
static void put_string(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	fputc('"', out);
	while (*at) {
		int length = text_utf8(at);
		if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else if (length == 0)
			fputs("\\ufffd", out);
		else if (text_is_control(at))
			fprintf(out, "\\u%04x", at[length - 1]);
		else
			fwrite(at, 1, (size_t)length, out);
		at += length ? length : 1;
	}
	fputc('"', out);
}

static void put_member(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",\"%s\":", key);
	if (value)
		put_string(out, value);
	else
		fputs("null", out);
}

static const char *status_name(const struct options *options, const struct irelfix_report *report,
                               enum irelfix_status status)
{
	switch (status) {
	case IRELFIX_OK:
		if (!report->defect)
			return irelfix_verdict_name(report->verdict);
		return options->dry_run ? "broken" : "repaired";
	case IRELFIX_BROKEN: return "broken";
	case IRELFIX_REFUSED:
		return report->verdict == IRELFIX_VERDICT_CANNOT_START ? "cannot start" : "refused";
	case IRELFIX_UNVERIFIED: return "unverified";
	default: return "error";
	}
}

static void put_address(FILE *out, const char *before, uint64_t address)
{
	fprintf(out, "%s\"0x%" PRIx64 "\"", before, address);
}

static void put_bounds(FILE *out, const struct irelfix_report *report)
{
	put_address(out, ",\"bounds\":{\"start\":", report->start);
	put_address(out, ",\"end\":", report->end);
	put_address(out, ",\"new_start\":", report->new_start);
	put_address(out, ",\"new_end\":", report->new_end);
	fputc('}', out);
}

static void put_report(FILE *out, const struct irelfix_report *report)
{
	put_member(out, "class", report->defect);
	put_member(out, "reason", irelfix_reason_name(report->reason));
	put_member(out, "machine", report->machine);
	put_member(out, "type", report->type);
	put_member(out, "linker", report->linker);
	put_member(out, "strategy", irelfix_strategy_name(report->strategy));
	if (report->entries > 0) {
		put_member(out, "table", report->table);
		fprintf(out, ",\"entries\":%zu", report->entries);
	}
	if (report->defect)
		fprintf(out, ",\"stray\":%zu,\"irelative\":%zu", report->stray, report->irelative);
	if (report->bounds_known)
		put_bounds(out, report);
}

static void put_hex(FILE *out, const char *key, const unsigned char *bytes, size_t n)
{
	fprintf(out, ",\"%s\":\"", key);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
	fputc('"', out);
}

static void put_edit(FILE *out, const struct irelfix_edit *edit)
{
	fprintf(out, "{\"offset\":%" PRIu64 ",\"size\":%" PRIu32, edit->offset, edit->size);
	put_hex(out, "old", edit->old_bytes, edit->size);
	put_hex(out, "new", edit->new_bytes, edit->size);
	put_address(out, ",\"address\":", edit->address);
	put_member(out, "why", irelfix_stage_name(edit->stage));
	put_member(out, "symbol", facts_subject(edit));
	fputc('}', out);
}

static void put_edits(FILE *out, const struct irelfix *file)
{
	struct irelfix_edit edit;

	fputs(",\"edits\":[", out);
	for (size_t i = 0; irelfix_edit(file, i, &edit, sizeof(edit)); i++) {
		fputs(i ? "," : "", out);
		put_edit(out, &edit);
	}
	fputc(']', out);
}

static void put_proofs(FILE *out, const struct irelfix *file)
{
	static const char *const names[] = {
		[IRELFIX_STARTED] = "started", [IRELFIX_FAILED] = "failed",
		[IRELFIX_NOT_RUN] = "not run",
	};
	struct irelfix_proof proof;

	fputs(",\"prove\":[", out);
	for (size_t i = 0; irelfix_proof(file, i, &proof, sizeof(proof)); i++) {
		fputs(i ? ",{\"model\":" : "{\"model\":", out);
		put_string(out, proof.model);
		put_member(out, "result", names[proof.result]);
		put_member(out, "detail", proof.detail);
		fputc('}', out);
	}
	fputc(']', out);
}

static void begin(FILE *out, const char *path, const char *status, const char *message)
{
	fputs("{\"file\":", out);
	put_string(out, path);
	put_member(out, "status", status);
	put_member(out, "message", message);
}

void json_error(const char *path, const char *message, FILE *out)
{
	static const struct irelfix_report nothing;

	begin(out, path, "error", message);
	put_report(out, &nothing);
	fputs("}\n", out);
}

void json_file(const struct options *options, const char *path, const struct irelfix *file,
               enum irelfix_status status, FILE *out)
{
	const struct irelfix_report report = facts_of(file);

	begin(out, path, status_name(options, &report, status),
	      facts_sentence(file, status));
	if (file) {
		put_report(out, &report);
		if (options->dry_run || options->output || options->in_place)
			put_edits(out, file);
		if (options->prove)
			put_proofs(out, file);
	}
	fputs("}\n", out);
}
