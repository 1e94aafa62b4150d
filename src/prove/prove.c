/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* mkdtemp, SIGXCPU: the BSDs count them to X/Open */
#include "prove.h"

#include "../disk/copy.h"
#include "sandbox.h"
#include "crash.h"
#include "../disk/write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { SECONDS_DEFAULT = 10, STUBS_MAX = 4 };

/* ---- main ----------------------------------------------------------------------------------- */

/* A word that startup relocates before it is read holds its addend, not what is in the file. */
static uint64_t relocated(const struct subject *subject, const struct origin *origin)
{
	struct reloc reloc;

	return origin->kind == ORIGIN_WORD &&
	       reloc_at(subject->image, &subject->tables, subject->arch->relative, origin->word,
	                &reloc) ? reloc.addend : origin->value;
}

/* What @call passes as its first argument, if that is an address of code. */
static bool passed_code(const struct subject *subject, struct flow *flow, const struct insn *call,
                        uint64_t *out)
{
	const struct operand argument = {
		.kind = OPERAND_REG, .reg = subject->arch->first_argument, .index = REG_NONE,
		.width = 8,
	};
	struct origins origins = { .count = 0 };

	flow_origins(flow, call, &argument, ORIGIN_EXACT, &origins);
	for (size_t i = 0; i < origins.count; i++) {
		*out = relocated(subject, &origins.items[i]);
		if (origins.items[i].kind != ORIGIN_PAGE && image_allows(subject->image, *out, 1, PF_X))
			return true;
	}
	return false;
}

/* glibc's start.S for AArch64 passes a stub that branches to main. */
static uint64_t behind_stubs(const struct subject *subject, uint64_t address)
{
	for (int i = 0; i < STUBS_MAX; i++) {
		struct flow flow;
		const struct insn *insn;
		uint64_t target = address;
		if (!flow_build(subject->image, subject->arch, address, &flow))
			break;
		insn = flow_at(&flow, address);
		if (insn && insn->flow == FLOW_NEXT && insn->effects[0].kind == EFFECT_NONE)
			insn = flow_at(&flow, address + insn->length); /* endbr64, bti */
		if (insn && insn->flow == FLOW_JUMP && insn->has_target)
			target = insn->target;
		flow_free(&flow);
		if (target == address)
			break;
		address = target;
	}
	return address;
}

/* glibc's _start passes main on. */
static bool main_passed(const struct subject *subject, uint64_t *address)
{
	struct flow flow;
	bool found = false;

	if (!flow_build(subject->image, subject->arch, subject->image->entry, &flow))
		return false;
	for (size_t i = 0; i < flow.count && !found; i++)
		found = flow.insns[i].flow == FLOW_CALL &&
		        passed_code(subject, &flow, &flow.insns[i], address);
	flow_free(&flow);
	return found;
}

/* Other C libraries find main in their own way. */
static bool main_named(const struct image *image, uint64_t *address)
{
	struct symbol symbol;
	bool found = image_symbol(image, "main", &symbol) && image_allows(image, symbol.value, 1, PF_X);

	*address = found ? symbol.value : 0;
	return found;
}

bool prove_find_main(const struct subject *subject, uint64_t *main_address)
{
	if (!main_passed(subject, main_address) && !main_named(subject->image, main_address))
		return false;
	*main_address = behind_stubs(subject, *main_address);
	return true;
}

/* What .symtab says of the size of the function at @address; UINT64_MAX when it does not. */
static uint64_t size_said(const struct image *image, uint64_t address)
{
	struct symtab table;
	struct symbol symbol;

	if (image_symtab(image, &table))
		for (uint64_t i = 0; symtab_get(image, &table, i, &symbol); i++)
			if (symbol.type == STT_FUNC && symbol.value == address && symbol.size != 0)
				return symbol.size;
	return UINT64_MAX;
}

/* How many bytes from @address on are this function's, in a row. Constructors may follow. */
static uint64_t room_at(const struct subject *subject, uint64_t address)
{
	uint64_t size = 0, said = size_said(subject->image, address);
	const struct insn *insn;
	struct flow flow;

	if (!flow_build(subject->image, subject->arch, address, &flow))
		return 0;
	while ((insn = flow_at(&flow, address + size)) != NULL)
		size += insn->length;
	flow_free(&flow);
	return size < said ? size : said;
}

/* What replaces main, and where in the file. */
struct stub {
	struct bytes code;
	uint64_t offset;
};

static bool choose_stub(const struct subject *subject, struct stub *stub, struct outcome *why)
{
	uint64_t address, room;

	if (!prove_find_main(subject, &address))
		return malformed(why, "cannot prove the startup: main was not found from e_entry 0x%"
		                 PRIx64, subject->image->entry);
	room = room_at(subject, address);
	stub->code = room >= subject->arch->exit_stub.size ? subject->arch->exit_stub
	                                                   : subject->arch->return_stub;
	return (room >= stub->code.size &&
	        image_offset(subject->image, address, stub->code.size, &stub->offset)) ||
	       malformed(why, "cannot prove the startup: main at 0x%" PRIx64 " has %" PRIu64
	                 " bytes, %" PRIu64 " are needed", address, room, stub->code.size);
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
	if (!copy_contents(in->fd, fd, in->bytes.size))
		return malformed(why, "cannot copy the file for its proof: %s", strerror(errno));
	return write_edits(plan, fd, why) &&
	       (copy_write(fd, stub->code.data, stub->code.size, stub->offset) ||
	        malformed(why, "cannot write the copy for the proof: %s", strerror(errno)));
}

/* The copy belongs to the caller alone and has no special bits, whatever the original has. */
static bool make_copy(const struct stage *stage, const struct map *in, const struct plan *plan,
                      const struct stub *stub, struct outcome *why)
{
	int fd = open(stage->program, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	bool ok;

	if (fd < 0)
		return malformed(why, "cannot create %s: %s", stage->program, strerror(errno));
	ok = fill_copy(fd, in, plan, stub, why);
	if (close(fd) != 0 && ok)
		ok = malformed(why, "cannot close %s: %s", stage->program, strerror(errno));
	return ok;
}

/* ---- one run -------------------------------------------------------------------------------- */

/* What the runs of one file have in common. */
struct prover {
	const struct subject *subject;
	const struct stage *stage;
	const char *emulator; /* path, or NULL */
	unsigned seconds;
};

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

static void judge(struct proof *proof, struct run_result *run, unsigned seconds)
{
	char *detail = proof->detail;
	size_t size = sizeof(proof->detail);

	proof->result = IRELFIX_FAILED;
	first_line(run->output);
	if (run->error != 0)
		not_run(proof, strerror(run->error));
	else if (run->timed_out)
		snprintf(detail, size, "did not reach main within %u s", seconds);
	else if (run->signal != 0)
		snprintf(detail, size, "%s", signal_name(run->signal));
	else if (run->exit_code == ARCH_EXIT_CODE)
		proof->result = IRELFIX_STARTED;
	else if (strstr(run->output, "CPU model"))
		not_run(proof, run->output);
	else
		snprintf(detail, size, "exit status %d before main%s%.200s", run->exit_code,
		         run->output[0] ? ": " : "", run->output);
}

/* Where it died, as an address of the file: a static-PIE is loaded elsewhere each time. */
static void note_death(const struct prover *prover, const struct trace *trace, struct proof *proof)
{
	uint64_t base = trace->entry - prover->subject->image->entry;

	proof->traced = true;
	proof->died_at = trace->died_at - base;
	proof->caller = trace->caller - base;
}

/* Runs @argv and judges it. @return whether it died, so that it is worth a trace. */
static bool dies(const struct prover *prover, const char *const *argv, struct proof *proof)
{
	struct run_result run;

	if (!run_program(argv, prover->seconds, &run)) {
		not_run(proof, strerror(errno));
		return false;
	}
	judge(proof, &run, prover->seconds);
	return run.signal != 0 && !run.timed_out;
}

static void run_native(const struct prover *prover, struct proof *proof)
{
	const char *const argv[] = { prover->stage->program, NULL };
	struct trace trace;

	if (dies(prover, argv, proof) &&
	    trace_native(argv, prover->subject->arch, prover->seconds, &trace))
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
	struct trace trace;

	if (dies(prover, argv, proof) &&
	    trace_emulated(traced, prover->stage->socket, prover->subject->arch, prover->seconds,
	                   &trace))
		note_death(prover, &trace, proof);
}

/* Whether this machine runs the program's instructions itself. */
static bool is_native(const struct arch *arch)
{
	struct utsname name;

	if (uname(&name) != 0 || strcmp(name.sysname, "Linux") != 0)
		return false;
	return arch->machine == (strcmp(name.machine, "x86_64") == 0    ? EM_X86_64
	                         : strcmp(name.machine, "aarch64") == 0 ? EM_AARCH64
	                                                                : 0);
}

static void run_model(const struct prover *prover, struct proof *proof)
{
	if (strcmp(proof->model, "native") != 0) {
		if (prover->emulator)
			run_emulated(prover, proof);
		else
			not_run(proof, "no emulator was found");
	} else if (is_native(prover->subject->arch)) {
		run_native(prover, proof);
	} else {
		not_run(proof, "this machine has another processor");
	}
}

/* ---- all runs ------------------------------------------------------------------------------- */

/* The usual set begins with "native", which says nothing about another machine's program. */
static const char *usual_models(const struct arch *arch)
{
	return is_native(arch) ? arch->models : strchr(arch->models, ',') + 1;
}

/* The length of the next name in a list with commas, to which @models moves on; 0 at the end. */
static size_t next_model(const char **models)
{
	*models += strspn(*models, ",");
	return strcspn(*models, ",");
}

static size_t count_models(const char *models)
{
	size_t count = 0, length;

	for (; (length = next_model(&models)) > 0; models += length)
		count++;
	return count;
}

static void run_models(const struct prover *prover, const char *models, struct proofs *out)
{
	size_t length;

	for (; (length = next_model(&models)) > 0; models += length) {
		struct proof *proof = &out->items[out->count++];
		size_t room = sizeof(proof->model) - 1;
		*proof = (struct proof){ .result = IRELFIX_NOT_RUN };
		memcpy(proof->model, models, length < room ? length : room);
		if (length <= room)
			run_model(prover, proof);
		else
			not_run(proof, "no model has so long a name");
	}
}

bool prove_startup(const struct subject *subject, const struct map *in, const struct plan *plan,
                   const struct irelfix_prove_options *options, struct proofs *out,
                   struct outcome *why)
{
	struct stage stage;
	struct prover prover = {
		.subject = subject, .stage = &stage,
		.seconds = options->seconds ? options->seconds : SECONDS_DEFAULT,
	};
	const char *models = options->models ? options->models : usual_models(subject->arch);
	size_t count = count_models(models);
	char *emulator;
	struct stub stub;
	bool ok;

	out->count = 0;
	if (count == 0 || count > PROOFS_MAX)
		return malformed(why, "cannot prove the startup: %zu processor models are named, "
		                 "it takes 1 to %d", count, PROOFS_MAX);
	if (!choose_stub(subject, &stub, why))
		return false;
	ok = (stage_make(&stage) ||
	      malformed(why, "cannot make a temporary directory: %s", strerror(errno))) &&
	     make_copy(&stage, in, plan, &stub, why);
	if (ok) {
		emulator = run_find(options->emulator ? options->emulator
		                                      : subject->arch->emulator);
		prover.emulator = emulator;
		run_models(&prover, models, out);
		free(emulator);
	}
	stage_remove(&stage);
	return ok;
}
