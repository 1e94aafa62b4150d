/* SPDX-License-Identifier: MIT */
#include "github.h"

#include "facts.h"

#include <ctype.h>
#include <string.h>

/*
 * A command is a line: `::error file=F,title=T::MESSAGE`. Percent signs and line ends are escaped,
 * in a property also what separates properties. No other escape is known to the reader.
 */
static void put_escaped(const char *text, const char *special, FILE *out)
{
	for (const char *at = text; *at; at++) {
		if (strchr(special, *at))
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*at);
		else
			fputc(*at == '\t' || !iscntrl((unsigned char)*at) ? *at : '?', out);
	}
}

static void put_command(const char *path, const char *title, const char *message,
                        const char *remedy, FILE *out)
{
	fputs("::error file=", out);
	put_escaped(path, "%\r\n:,", out);
	fputs(",title=irelfix%3A ", out);
	put_escaped(title, "%\r\n:,", out);
	fputs("::", out);
	put_escaped(message, "%\r\n", out);
	fprintf(out, "%s\n", remedy);
}

void github_file(const struct options *options, const char *path, const struct irelfix *file,
                 enum irelfix_status status, FILE *out)
{
	if (facts_is_fault(options, file, status))
		put_command(path, facts_rule(file, status), facts_sentence(file, status),
		            status == IRELFIX_BROKEN ? "; irelfix -i repairs it" : "", out);
}

void github_error(const char *path, const char *message, FILE *out)
{
	put_command(path, irelfix_reason_name(IRELFIX_REASON_SYSTEM), message, "", out);
}
