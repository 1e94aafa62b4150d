/* SPDX-License-Identifier: MIT */
/* docs/JSON.md describes the members, docs/irelfix.schema.json is their schema. */
#include "json.h"

#include "facts.h"
#include "quote.h"

#include <inttypes.h>

/* A member that is taken away or gets another meaning makes another number. */
enum { SCHEMA = 1 };

static void put_address(FILE *out, const char *before, uint64_t address)
{
	fprintf(out, "%s\"0x%" PRIx64 "\"", before, address);
}

static void put_bounds(FILE *out, const struct irelfix_report *report)
{
	if (!report->bounds_known) {
		fputs(",\"bounds\":null", out);
		return;
	}
	put_address(out, ",\"bounds\":{\"start\":", report->start);
	put_address(out, ",\"end\":", report->end);
	put_address(out, ",\"new_start\":", report->new_start);
	put_address(out, ",\"new_end\":", report->new_end);
	fputc('}', out);
}

static void put_stray_entries(FILE *out, const struct irelfix *file)
{
	struct irelfix_stray stray;

	fputs(",\"stray_entries\":[", out);
	for (size_t i = 0; file && irelfix_stray(file, i, &stray, sizeof(stray)); i++) {
		fputs(i ? ",{\"type\":" : "{\"type\":", out);
		quote_string(stray.type, out);
		quote_name("symbol", stray.symbol, out);
		put_address(out, ",\"slot\":", stray.slot);
		fputc('}', out);
	}
	fputc(']', out);
}

static void put_table(FILE *out, const struct irelfix *file)
{
	const struct irelfix_report report = facts_of(file);

	quote_name("table", report.table, out);
	fprintf(out, ",\"entries\":%zu,\"irelative\":%zu,\"stray\":%zu", report.entries,
	        report.irelative, report.stray);
	put_stray_entries(out, file);
	put_bounds(out, &report);
}

static void put_edit(FILE *out, const struct irelfix_edit *edit)
{
	fprintf(out, "{\"offset\":%" PRIu64 ",\"size\":%" PRIu32, edit->offset, edit->size);
	quote_bytes("old", edit->old_bytes, edit->size, out);
	quote_bytes("new", edit->new_bytes, edit->size, out);
	put_address(out, ",\"address\":", edit->address);
	quote_member("why", irelfix_stage_name(edit->stage), out);
	quote_name("symbol", facts_subject(edit), out);
	fputc('}', out);
}

static void put_edits(FILE *out, const struct irelfix *file)
{
	struct irelfix_edit edit;

	fputs(",\"edits\":[", out);
	for (size_t i = 0; file && irelfix_edit(file, i, &edit, sizeof(edit)); i++) {
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
	for (size_t i = 0; file && irelfix_proof(file, i, &proof, sizeof(proof)); i++) {
		fputs(i ? ",{\"model\":" : "{\"model\":", out);
		quote_string(proof.model, out);
		quote_member("result", names[proof.result], out);
		quote_member("detail", proof.detail, out);
		fputc('}', out);
	}
	fputc(']', out);
}

/* What an answer begins with; the rest is of the file. */
struct head {
	const char *path, *verdict, *message, *reason, *advice, *output;
};

static void put_head(FILE *out, const struct head *head)
{
	fprintf(out, "{\"schema\":%d", SCHEMA);
	quote_name("file", head->path, out);
	quote_member("verdict", head->verdict, out);
	quote_member("message", head->message, out);
	quote_member("reason", head->reason, out);
	quote_member("advice", head->advice, out);
	quote_name("output", head->output, out);
}

static void put_file(FILE *out, const struct irelfix *file)
{
	const struct irelfix_report report = facts_of(file);

	quote_member("class", report.defect, out);
	quote_member("note", file ? irelfix_hint(file) : NULL, out);
	quote_member("machine", report.machine, out);
	quote_member("type", report.type, out);
	quote_name("linker", report.linker, out);
	quote_name("interpreter", report.interpreter, out);
	fprintf(out, ",\"repaired_earlier\":%s", report.repaired_earlier ? "true" : "false");
	quote_member("strategy", irelfix_strategy_name(report.strategy), out);
	put_table(out, file);
}

static void put_object(FILE *out, const struct options *options, const struct head *head,
                       const struct irelfix *file)
{
	put_head(out, head);
	put_file(out, file);
	if (options->dry_run || options->output || options->in_place)
		put_edits(out, file);
	if (options->prove)
		put_proofs(out, file);
	fputs("}\n", out);
}

void json_error(const struct options *options, const char *path, const char *message, FILE *out)
{
	const struct head head = {
		.path = path, .verdict = "error", .message = message,
		.reason = irelfix_reason_name(IRELFIX_REASON_SYSTEM),
	};

	put_object(out, options, &head, NULL);
}

void json_file(const struct options *options, const char *path, const struct irelfix *file,
               enum irelfix_status status, FILE *out)
{
	enum irelfix_reason reason = facts_reason(file, status);
	const struct head head = {
		.path = path, .verdict = facts_verdict(options, file, status),
		.message = facts_sentence(file, status),
		.reason = reason == IRELFIX_REASON_NONE ? NULL : irelfix_reason_name(reason),
		.advice = facts_advice(file, status),
		.output = facts_output(options, path, file, status),
	};

	put_object(out, options, &head, file);
}
