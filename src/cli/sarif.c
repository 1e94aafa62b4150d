/* SPDX-License-Identifier: MIT */
#include "sarif.h"

#include "facts.h"
#include "quote.h"

#include <string.h>

#define SCHEMA_URI \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* ---- rules ---------------------------------------------------------------------------------- */

static size_t class_count(void)
{
	size_t count = 0;

	while (irelfix_class_name(count))
		count++;
	return count;
}

static void put_text(const char *before, const char *text, FILE *out)
{
	fputs(before, out);
	fputs("{\"text\":", out);
	quote_message(text, out);
	fputc('}', out);
}

/* GitHub wants all of these texts. */
static void put_rule(const char *id, const char *meaning, const char *help, FILE *out)
{
	fputs("{\"id\":", out);
	quote_string(id, out);
	put_text(",\"shortDescription\":", meaning, out);
	put_text(",\"fullDescription\":", meaning, out);
	put_text(",\"help\":", help, out);
	fputs(",\"defaultConfiguration\":{\"level\":\"error\"}}", out);
}

/* The classes, then the reasons: index_of_rule() counts on that. */
static void put_rules(FILE *out)
{
	for (size_t i = 0; irelfix_class_name(i); i++) {
		fputs(i ? ",\n" : "", out);
		put_rule(irelfix_class_name(i), irelfix_class_meaning(i), "repair it with irelfix -i",
		         out);
	}
	for (int i = IRELFIX_REASON_NONE + 1; i < IRELFIX_REASON_COUNT; i++) {
		enum irelfix_reason reason = (enum irelfix_reason)i;
		const char *advice = irelfix_advice(reason);
		fputs(",\n", out);
		put_rule(irelfix_reason_name(reason), irelfix_strerror(reason),
		         advice ? advice : "nothing is known that helps in general", out);
	}
}

static size_t index_of_rule(const struct irelfix *file, enum irelfix_status status)
{
	enum irelfix_reason reason = facts_reason(file, status);
	const char *name = facts_of(file).defect;
	size_t index = 0;

	if (reason != IRELFIX_REASON_NONE)
		return class_count() + (size_t)reason - 1;
	while (irelfix_class_name(index) && name && strcmp(irelfix_class_name(index), name) != 0)
		index++;
	return index;
}

/* ---- places --------------------------------------------------------------------------------- */

/* RFC 3986: what is unreserved stands for itself, and so do slashes; so any name is kept. */
static void put_path(const char *path, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	                            "-._~/";

	for (const char *at = path; *at; at++) {
		if (strchr(plain, *at))
			fputc(*at, out);
		else
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*at);
	}
}

/* A relative name is a relative reference, without the dot segments in front. */
static void put_uri(const char *path, FILE *out)
{
	while (strncmp(path, "./", 2) == 0)
		path += 1 + strspn(path + 1, "/");
	fputs(path[0] == '/' ? "file://" : "", out);
	put_path(path, out);
}

/* The line means nothing in a binary, but GitHub shows no result without one. */
static void put_location(const char *path, FILE *out)
{
	fputs(",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"", out);
	put_uri(path, out);
	fputs("\"},\"region\":{\"startLine\":1}}}]", out);
}

/* ---- results -------------------------------------------------------------------------------- */

static void put_properties(const struct options *options, const struct irelfix *file,
                           enum irelfix_status status, FILE *out)
{
	const struct irelfix_report report = facts_of(file);

	fputs(",\"properties\":{\"verdict\":", out);
	quote_string(facts_verdict(options, file, status), out);
	quote_member("class", report.defect, out);
	quote_member("machine", report.machine, out);
	quote_member("type", report.type, out);
	quote_member("linker", report.linker, out);
	fputc('}', out);
}

static void put_result(const struct options *options, const char *path, const struct irelfix *file,
                       enum irelfix_status status, FILE *out)
{
	fputs("{\"ruleId\":", out);
	quote_string(facts_rule(file, status), out);
	fprintf(out, ",\"ruleIndex\":%zu,\"level\":\"error\"", index_of_rule(file, status));
	put_text(",\"message\":", facts_sentence(file, status), out);
	put_location(path, out);
	put_properties(options, file, status, out);
	fputc('}', out);
}

static void put_notification(const char *id, const char *path, const char *message, FILE *out)
{
	fputs("{\"descriptor\":{\"id\":", out);
	quote_string(id, out);
	fputs("},\"level\":\"error\"", out);
	put_text(",\"message\":", message, out);
	put_location(path, out);
	fputc('}', out);
}

void sarif_file(const struct options *options, const char *path, const struct irelfix *file,
                enum irelfix_status status, FILE *out)
{
	if (!facts_is_fault(options, file, status))
		return;
	if (status == IRELFIX_FILE)
		put_notification(facts_rule(file, status), path, facts_sentence(file, status), out);
	else
		put_result(options, path, file, status, out);
}

void sarif_error(const char *path, const char *message, FILE *out)
{
	put_notification(irelfix_reason_name(IRELFIX_REASON_SYSTEM), path, message, out);
}

/* ---- the log -------------------------------------------------------------------------------- */

void sarif_begin(FILE *out)
{
	fputs("{\"$schema\":\"" SCHEMA_URI "\",\"version\":\"2.1.0\",\"runs\":[{\n"
	      "\"tool\":{\"driver\":{\"name\":\"irelfix\",\"version\":", out);
	quote_string(irelfix_version(), out);
	quote_member("semanticVersion", irelfix_version(), out);
	fputs(",\"rules\":[\n", out);
	put_rules(out);
	fputs("\n]}},\n\"results\":[", out);
}

void sarif_end(const struct sarif_end *end, FILE *out)
{
	fprintf(out, "\n],\n\"invocations\":[{\"executionSuccessful\":%s",
	        end->failed || end->signal ? "false" : "true");
	if (end->signal)
		fprintf(out, ",\"exitSignalNumber\":%d", end->signal);
	else
		fprintf(out, ",\"exitCode\":%d", (int)end->exit);
	fprintf(out, ",\"toolExecutionNotifications\":[%s", end->notifications);
	if (end->signal)
		fprintf(out, "%s\n{\"level\":\"error\",\"message\":{\"text\":\"interrupted by "
		        "signal %d: not every file is here\"}}", end->notifications[0] ? "," : "",
		        end->signal);
	fputs("\n]}]}]}\n", out);
}
