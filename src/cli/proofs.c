/* SPDX-License-Identifier: MIT */
#include "proofs.h"

#include "facts.h"
#include "guard.h"
#include "report.h"
#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- the emulator --------------------------------------------------------------------------- */

/* The variable that names the emulator of a machine: IRELFIX_QEMU_X86_64. */
static const char *variable_of(const char *machine, char *out, size_t size)
{
	int length = snprintf(out, size, "IRELFIX_QEMU_%s", machine);

	for (size_t i = 0; i < (size_t)length && i < size; i++)
		out[i] = out[i] == '-' ? '_' : (char)toupper((unsigned char)out[i]);
	return out;
}

/* What it says, or NULL where it is empty. */
static const char *emulator_of(const char *machine)
{
	char name[64];
	const char *emulator = machine ? getenv(variable_of(machine, name, sizeof(name))) : NULL;

	return emulator && *emulator ? emulator : NULL;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void put_row(const struct page *page, const struct irelfix_proof *proof)
{
	static const struct { enum tone tone; const char *name; } results[] = {
		[IRELFIX_STARTED] = { GOOD, "started" },
		[IRELFIX_FAILED] = { BAD, "FAILED" },
		[IRELFIX_NOT_RUN] = { UNSURE, "not run" },
	};

	fprintf(page->out, "   %-12s ", proof->model);
	page_put(page, results[proof->result].tone, results[proof->result].name);
	fputs(proof->detail[0] ? ": " : "", page->out);
	text_put(proof->detail, page->out);
	fputc('\n', page->out);
}

/* "6 of 8 started, 2 not run" */
static void put_verdict(const struct irelfix *file, FILE *out)
{
	size_t counts[3] = { 0 }, all = 0;
	struct irelfix_proof proof;

	for (; irelfix_proof(file, all, &proof, sizeof(proof)); all++)
		counts[proof.result]++;
	if (all == 0)
		return;
	fprintf(out, "   %zu of %zu started", counts[IRELFIX_STARTED], all);
	if (counts[IRELFIX_FAILED] > 0)
		fprintf(out, ", %zu failed", counts[IRELFIX_FAILED]);
	if (counts[IRELFIX_NOT_RUN] > 0)
		fprintf(out, ", %zu not run", counts[IRELFIX_NOT_RUN]);
	fputc('\n', out);
}

/* Where to get an emulator, once for all runs that lacked it. */
static void put_advice(const struct irelfix *file, FILE *out)
{
	const char *machine = facts_of(file).machine;
	struct irelfix_proof proof = { .missing = NULL };
	char name[64];

	for (size_t i = 0; !proof.missing && irelfix_proof(file, i, &proof, sizeof(proof)); i++)
		continue;
	if (!proof.missing)
		return;
	variable_of(machine, name, sizeof(name));
	fputs("   note: ", out);
	text_put(proof.missing, out);
	if (emulator_of(machine))
		fprintf(out, " is what %s names; without it qemu-user's is taken\n", name);
	else
		fprintf(out, " is in Debian's package qemu-user; %s may name another one\n", name);
}

static void put_end(const struct irelfix *file, FILE *out)
{
	put_verdict(file, out);
	put_advice(file, out);
}

void proofs_put(const struct page *page, const struct irelfix *file)
{
	struct irelfix_proof proof;

	for (size_t i = 0; irelfix_proof(file, i, &proof, sizeof(proof)); i++)
		put_row(page, &proof);
	put_end(file, page->out);
}

/* ---- the runs ------------------------------------------------------------------------------- */

/* Each row is flushed whole, so that no signal finds a color set. */
static void show(void *context, const struct irelfix_proof *proof)
{
	const struct options *options = context;
	const struct page page = {
		.out = options->live ? options->live->out : NULL, .color = options->color,
	};

	if (!options->live || !options->live->begun)
		return;
	put_row(&page, proof);
	fflush(page.out);
}

static bool is_stopped(void *context)
{
	(void)context;
	return guard_stopped();
}

enum irelfix_status proofs_make(const struct options *options, const char *path,
                                struct irelfix *file)
{
	const struct irelfix_report report = facts_of(file);
	struct options how = *options;
	const struct irelfix_prove_options wanted = {
		.size = sizeof(wanted), .models = options->models,
		.emulator = emulator_of(report.machine), .ended = show, .stop = is_stopped,
		.context = &how,
	};
	enum irelfix_status status;

	if (!options->prove)
		return IRELFIX_OK;
	if (options->live)
		report_begin(options, path, file);
	status = irelfix_prove(file, &wanted);
	if (options->live && options->live->begun && !guard_stopped())
		put_end(file, options->live->out);
	return status;
}

/* ---- --prove=help --------------------------------------------------------------------------- */

void proofs_help(FILE *out)
{
	const char *machine = "";
	struct irelfix_model model;
	char name[64];

	fputs("--prove=MODEL[,MODEL...]|all runs the startup code on each. Without a model:\n\n"
	      "native         this machine's processor, for programs that it runs itself\n", out);
	for (size_t i = 0; irelfix_model(i, &model, sizeof(model)); i++) {
		if (strcmp(machine, model.machine) != 0)
			fprintf(out, "\n%s, on %s (%s names another emulator):\n", model.machine,
			        model.emulator, variable_of(model.machine, name, sizeof(name)));
		machine = model.machine;
		fprintf(out, "  %-12s %s\n", model.name, model.stands_for);
	}
	fputs("\nWhatever else the emulator has may be named as well, as its -cpu help lists it;\n"
	      "all takes each of them.\n", out);
}
