/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* mkdtemp, SIGXCPU: the BSDs count them to X/Open */
#include "prove.h"

#include "../disk/copy.h"
#include "../disk/replace.h"
#include "crash.h"
#include "models.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECONDS_DEFAULT = 10 };

/* ---- what replaces main ---------------------------------------------------------------------- */

/* What replaces main, and where in the file. */
struct stub {
	struct bytes code;
	uint64_t offset;
	bool returns; /* there was no room for an exit */
};

static bool choose_stub(struct startup *startup, struct stub *stub, struct outcome *why)
{
	const struct entry_point *entry = startup_entry(startup);
	const struct arch *arch = startup->arch;
	uint64_t address = entry->main & ~arch->state_bits, room;
	bool state = entry->main != address;
	struct bytes exits = state ? arch->state_exit_stub : arch->exit_stub;
	struct bytes returns = state ? arch->state_return_stub : arch->return_stub;

	if (!entry->found)
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_NO_MAIN, "cannot prove the startup: "
		                   "main was not found from e_entry 0x%" PRIx64,
		                   startup->image->entry);
	room = main_room(&startup->functions, entry->main);
	stub->returns = room < exits.size;
	stub->code = stub->returns ? returns : exits;
	return (room >= stub->code.size &&
	        image_offset(startup->image, address, stub->code.size, &stub->offset)) ||
	       outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_NO_MAIN, "cannot prove the startup: main "
	                   "at 0x%" PRIx64 " has %" PRIu64 " bytes, %" PRIu64 " are needed",
	                   entry->main, room, stub->code.size);
}

/* ---- the copy ------------------------------------------------------------------------------- */

/* A private directory with the copy, and a socket for the emulator. */
struct stage {
	char *directory, *program, *socket;
};

static char *join(const char *directory, const char *name)
{
	size_t length = strlen(directory) + strlen(name) + 2;
	char *path = malloc(length);

	if (path) {
		strcpy(path, directory);
		strcat(path, "/");
		strcat(path, name);
	}
	return path;
}

static void stage_remove(struct stage *stage)
{
	if (stage->program)
		unlink(stage->program);
	if (stage->socket)
		unlink(stage->socket);
	if (stage->directory)
		rmdir(stage->directory);
	free(stage->program);
	free(stage->socket);
	free(stage->directory);
}

static bool stage_make(struct stage *stage)
{
	const char *base = getenv("TMPDIR");

	*stage = (struct stage){ NULL, NULL, NULL };
	stage->directory = join(base && base[0] ? base : "/tmp", "irelfix-XXXXXX");
	if (!stage->directory || !mkdtemp(stage->directory)) {
		free(stage->directory);
		stage->directory = NULL;
		return false;
	}
	stage->program = join(stage->directory, "program");
	stage->socket = join(stage->directory, "socket");
	return stage->program && stage->socket;
}

static bool fill_copy(int fd, const struct map *in, const struct plan *plan,
                      const struct stub *stub, struct outcome *why)
{
	if (!(in->borrowed ? copy_write(fd, in->bytes.data, in->bytes.size, 0)
	                   : copy_contents(in->fd, fd, in->bytes.size)))
		return failed(why, "cannot copy the file for its proof: %s", strerror(errno));
	return replace_put_edits(plan, fd, why) &&
	       (copy_write(fd, stub->code.data, stub->code.size, stub->offset) ||
	        failed(why, "cannot write the copy for the proof: %s", strerror(errno)));
}

/* The copy belongs to the caller alone and has no special bits, whatever the original has. */
static bool make_copy(const struct stage *stage, const struct map *in, const struct plan *plan,
                      const struct stub *stub, struct outcome *why)
{
	int fd = open(stage->program, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	bool ok;

	if (fd < 0)
		return failed(why, "cannot create %s: %s", stage->program, strerror(errno));
	ok = fill_copy(fd, in, plan, stub, why);
	if (close(fd) != 0 && ok)
		ok = failed(why, "cannot close %s: %s", stage->program, strerror(errno));
	return ok;
}

/* ---- one run -------------------------------------------------------------------------------- */

/* What the runs of one file have in common. */
struct prover {
	struct startup *startup;
	const struct stage *stage;
	const char *emulator; /* path, or NULL */
	const char *missing;  /* what was looked for then */
	bool returns;         /* main returns, so that destructors run */
	struct keeper_limits limits;
	const struct prove_watch *watch;
};

static bool is_stopped(const struct prover *prover)
{
	return prover->limits.stop && prover->limits.stop(prover->limits.context);
}

static void not_run(struct proof *proof, const char *why)
{
	proof->result = IRELFIX_NOT_RUN;
	snprintf(proof->detail, sizeof(proof->detail), "%.200s", why);
}

static const char *signal_name(int sig)
{
	switch (sig) {
	case SIGSEGV: return "SIGSEGV";
	case SIGBUS: return "SIGBUS";
	case SIGILL: return "SIGILL";
	case SIGABRT: return "SIGABRT";
	case SIGFPE: return "SIGFPE";
	case SIGTRAP: return "SIGTRAP";
	case SIGKILL: return "SIGKILL";
	case SIGXCPU: return "SIGXCPU";
	default: return "a signal";
	}
}

/* The first line of what the program or the emulator wrote. */
static void first_line(char *text)
{
	text[strcspn(text, "\r\n")] = '\0';
}

/* The line in which the emulator, in qemu-user's words, says that it has no such model, or NULL. */
static char *refusal_in(char *output)
{
	static const char *const words[] = {
		"CPU model",                  /* unable to find it; features that are not available */
		"Selected CPU",               /* is too new; does not support little-endian */
		"selected x86 CPU",           /* does not support 64 bit mode */
		"can't apply global",         /* a property that it does not have */
		"code should not be reached", /* a model for whole systems only */
	};
	char *at = NULL;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !at; i++)
		at = strstr(output, words[i]);
	while (at && at > output && at[-1] != '\n')
		at--;
	return at;
}

static void judge_time(const struct prover *prover, struct proof *proof)
{
	const char *what = prover->returns ? "end" : "reach main";

	snprintf(proof->detail, sizeof(proof->detail), "did not %s within %u s%s", what,
	         prover->limits.seconds, prover->returns ? "; main is too short for an exit, so that "
	         "destructors run, too" : "");
}

static void judge(const struct prover *prover, struct sandbox_result *run, struct proof *proof)
{
	char *refusal = refusal_in(run->output), *detail = proof->detail;
	size_t size = sizeof(proof->detail);

	proof->result = IRELFIX_FAILED;
	first_line(refusal ? refusal : run->output);
	if (run->error != 0)
		not_run(proof, strerror(run->error));
	else if (run->end != KEEPER_DONE)
		judge_time(prover, proof);
	else if (run->exit_code == ARCH_EXIT_CODE)
		proof->result = IRELFIX_STARTED;
	else if (refusal)
		not_run(proof, refusal);
	else if (run->signal != 0)
		snprintf(detail, size, "%s", signal_name(run->signal));
	else
		snprintf(detail, size, "exit status %d before main%s%.200s", run->exit_code,
		         run->output[0] ? ": " : "", run->output);
}

/* Where it died, as an address of the file: a static-PIE is loaded elsewhere each time. */
static void note_death(const struct prover *prover, const struct crash *trace, struct proof *proof)
{
	const struct image *image = prover->startup->image;
	uint64_t entry = image->entry & ~prover->startup->arch->state_bits;
	uint64_t base = trace->entry - entry, mask = image_word_mask(image);

	proof->traced = true;
	proof->died_at = (trace->died_at - base) & mask;
	proof->caller = (trace->caller - base) & mask;
}

/* Runs @argv and judges it. @return whether it died, so that it is worth a trace. */
static bool dies(const struct prover *prover, const char *const *argv, struct proof *proof)
{
	struct sandbox_result *run = sandbox_run(argv, &prover->limits);
	bool died;

	if (!run) {
		not_run(proof, strerror(errno));
		return false;
	}
	judge(prover, run, proof);
	died = proof->result == IRELFIX_FAILED && run->end == KEEPER_DONE && run->signal != 0;
	sandbox_free(run);
	return died;
}

static void run_native(const struct prover *prover, struct proof *proof)
{
	const char *const argv[] = { prover->stage->program, NULL };
	struct crash trace;

	if (dies(prover, argv, proof) &&
	    crash_trace(argv, NULL, prover->startup->arch, &prover->limits, &trace))
		note_death(prover, &trace, proof);
}

static void run_emulated(const struct prover *prover, struct proof *proof)
{
	const char *const argv[] = {
		prover->emulator, "-cpu", proof->model, prover->stage->program, NULL,
	};
	const char *const traced[] = {
		prover->emulator, "-g", prover->stage->socket, "-cpu", proof->model,
		prover->stage->program, NULL,
	};
	struct crash trace;

	if (dies(prover, argv, proof) &&
	    crash_trace(traced, prover->stage->socket, prover->startup->arch, &prover->limits,
	                &trace))
		note_death(prover, &trace, proof);
}

static void lack_emulator(const struct prover *prover, struct proof *proof)
{
	const char *where = strchr(prover->missing, '/') ? "found" : "found in PATH";

	snprintf(proof->missing, sizeof(proof->missing), "%s", prover->missing);
	proof->result = IRELFIX_NOT_RUN;
	snprintf(proof->detail, sizeof(proof->detail), "no %.150s was %s", prover->missing, where);
}

static void run_model(const struct prover *prover, struct proof *proof)
{
	if (strcmp(proof->model, "native") != 0) {
		if (prover->emulator)
			run_emulated(prover, proof);
		else
			lack_emulator(prover, proof);
	} else if (models_native(prover->startup->arch)) {
		run_native(prover, proof);
	} else {
		not_run(proof, "this machine has another processor");
	}
}

/* ---- all runs ------------------------------------------------------------------------------- */

static bool stopped(const struct proofs *out, const char *models, struct outcome *why)
{
	return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_NOT_RUN, "the proof was stopped after %zu of "
	                   "%zu models", out->count, models_count(models));
}

static bool run_models(const struct prover *prover, const char *models, struct proofs *out,
                       struct outcome *why)
{
	size_t length;

	for (const char *at = models; (length = models_next(&at)) > 0; at += length) {
		struct proof *proof = &out->items[out->count];
		size_t room = sizeof(proof->model) - 1;
		*proof = (struct proof){ .result = IRELFIX_NOT_RUN };
		memcpy(proof->model, at, length < room ? length : room);
		if (length > room)
			not_run(proof, "no model has so long a name");
		else if (!is_stopped(prover))
			run_model(prover, proof);
		if (is_stopped(prover))
			return stopped(out, models, why);
		out->count++;
		prover->watch->ended(prover->watch->context, proof);
	}
	return true;
}

/* Makes room for a proof of each of @models. */
static bool make_room(const char *models, bool by_name, struct proofs *out, struct outcome *why)
{
	size_t count = models_count(models);

	proofs_free(out);
	if (count == 0 || (by_name && count > PROOFS_MAX))
		return outcome_set(why, IRELFIX_FILE, IRELFIX_REASON_CALL, "cannot prove the startup: "
		                   "%zu processor models are named, it takes 1 to %d", count,
		                   PROOFS_MAX);
	out->items = calloc(count, sizeof(*out->items));
	return out->items || no_memory(why, "no memory for %zu proofs", count);
}

void proofs_free(struct proofs *proofs)
{
	free(proofs->items);
	*proofs = (struct proofs){ .count = 0 };
}

/* ---- which models --------------------------------------------------------------------------- */

bool prove_is_by_name(const char *models)
{
	return models && strcmp(models, "all") != 0;
}

/* The emulator as it is called, or as the one that needs no shared library. To be freed. */
static char *find_emulator(const char *name, bool usual)
{
	char *found = sandbox_find(name), other[64];

	if (found || !usual)
		return found;
	snprintf(other, sizeof(other), "%s-static", name);
	return sandbox_find(other);
}

/* What the emulator says it has; where it says nothing, the usual set. To be freed. */
static char *ask_for_models(const struct prover *prover)
{
	const struct arch *arch = prover->startup->arch;
	const char *const argv[] = { prover->emulator, "-cpu", "help", NULL };
	struct sandbox_result *run = prover->emulator ? sandbox_run(argv, &prover->limits) : NULL;
	char *all = run ? models_all(arch, run->output) : NULL; /* the list is exit status 1 */

	sandbox_free(run);
	if (all && models_count(all) > models_native(arch))
		return all;
	free(all);
	return models_usual(arch);
}

/* To be freed. */
static char *choose_models(const struct prover *prover, const char *models)
{
	if (models && !prove_is_by_name(models))
		return ask_for_models(prover);
	return models ? strdup(models) : models_usual(prover->startup->arch);
}

/* ---- all together --------------------------------------------------------------------------- */

static bool stage_program(struct stage *stage, const struct map *in, const struct plan *plan,
                          const struct stub *stub, struct outcome *why)
{
	return (stage_make(stage) ||
	        failed(why, "cannot make a temporary directory: %s", strerror(errno))) &&
	       make_copy(stage, in, plan, stub, why);
}

bool prove_startup(struct startup *startup, const struct map *in, const struct plan *plan,
                   const struct irelfix_prove_options *options, const struct prove_watch *watch,
                   struct proofs *out, struct outcome *why)
{
	const char *name = options->emulator ? options->emulator : startup->arch->emulator;
	char *emulator = find_emulator(name, !options->emulator), *models;
	struct stage stage = { NULL, NULL, NULL };
	struct stub stub;
	struct prover prover = {
		.startup = startup, .stage = &stage, .emulator = emulator, .missing = name,
		.limits = { options->seconds ? options->seconds : SECONDS_DEFAULT, options->stop,
		            options->context },
		.watch = watch,
	};
	bool ok;

	models = choose_models(&prover, options->models);
	ok = (models || no_memory(why, "no memory for the models' names")) &&
	     make_room(models, prove_is_by_name(options->models), out, why) &&
	     choose_stub(startup, &stub, why);
	if (ok) {
		prover.returns = stub.returns;
		ok = stage_program(&stage, in, plan, &stub, why) &&
		     run_models(&prover, models, out, why);
	}
	stage_remove(&stage);
	free(models);
	free(emulator);
	return ok;
}
