/* SPDX-License-Identifier: MIT */
/*
 * The library's face, and the map of the house. The way of one executable, floor by floor; each
 * floor uses only those above it in this list:
 *
 *   base/     status names effort              outcomes with a reason; copies of names; what a
 *                                              file may cost
 *   elf/      bytes elfdef image symbols       the file as checked views and values
 *             reloc aps2 frames
 *   arch/     arch machines build foreign      what differs between machines; a folder for each:
 *   arch/x86_64/       machine insn address x86_64
 *   arch/aarch64/      machine insn address aarch64
 *   arch/riscv64/      machine insn address riscv64
 *   arch/i386/         machine insn address i386
 *   arch/arm/          machine insn insn_a32 insn_t32 address arm
 *   arch/s390x/        machine insn address s390x
 *   arch/ppc64le/      machine
 *   arch/loongarch64/  machine insn address loongarch64
 *   arch/ppc32/        machine
 *   arch/x86/          opcodes fields insn     what x86_64 and i386 share
 *   arch/power/        insn address power      what ppc64le and ppc32 share
 *   startup/  functions flow definitions       what startup does: its functions, where values come
 *             values ways type_test sites      from, the loop, its bounds and where they stand, whose
 *             loop sweep glibc main library    library it is; all of it as one value, within a
 *             startup budget                   budget
 *   edit/     plan put slots                   the edits, the only way to change a byte
 *   defect/   defect entries again verify      what is wrong and how to repair it; a file for each
 *             wide_bounds lost_irelative       class; what else keeps a program from starting
 *             biased_weak static_interp
 *             obstacle pages lost_code hint
 *             resolvers absent_call strays
 *             earlier
 *   disk/     map copy sync place              bytes in, bytes out
 *             attributes extended layers
 *             replace in_place signals
 *   prove/    prove models sandbox             the startup is run; on which processors; one program
 *             keeper crash                     under limits; nothing is left of it; where it dies
 *
 * The result goes through the same stages before it gets a name: see verify_on_disk(). A file that is
 * edited in place goes through them once more before that: see is_still_so().
 */
#include "../include/irelfix.h"

#include "defect/again.h"
#include "defect/defect.h"
#include "defect/hint.h"
#include "defect/strays.h"
#include "defect/verify.h"
#include "disk/in_place.h"
#include "disk/map.h"
#include "disk/replace.h"
#include "disk/signals.h"
#include "elf/symbols.h"
#include "prove/models.h"
#include "prove/prove.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which stages the file has gone through. */
enum progress { NOTHING, OPENED, DIAGNOSED, PLANNED };

struct irelfix {
	enum progress progress;
	struct map map;
	struct effort effort;
	const struct map *result; /* that is verified, or NULL */
	bool lost; /* the edits in it, when pages were let go */
	struct image image;
	struct startup startup;
	struct finding finding;
	struct plan plan;
	struct proofs proofs;
	struct strays *strays;
	struct outcome outcome;
	char *path;      /* NULL: not opened by a name */
	uint32_t *types; /* of the entries at stake, as they were: the file may be written into */
	uint32_t *planned_types; /* what the plan makes of them */
	char linker[32], table[64], interp[128];
	enum irelfix_strategy asked;
	const char *allowed; /* the caller's, see irelfix_allow_undefined() */
};

static enum irelfix_status misuse(struct irelfix *file, const char *text)
{
	outcome_set(&file->outcome, IRELFIX_USAGE, IRELFIX_REASON_CALL, "%s", text);
	return IRELFIX_USAGE;
}

/* The caller's structure of @given bytes becomes what it has room for of @from. */
static void hand_over(void *to, size_t given, const void *from, size_t size)
{
	memset(to, 0, given);
	memcpy(to, from, given < size ? given : size);
}

/* What the caller has set of a structure of @size bytes, and zero for the rest. */
static bool take_over(void *to, size_t size, const void *from, size_t given)
{
	memset(to, 0, size);
	if (from && given >= sizeof(given))
		memcpy(to, from, given < size ? given : size);
	return !from || given >= sizeof(given);
}

/* ---- opening -------------------------------------------------------------------------------- */

static struct irelfix *new_file(void)
{
	struct irelfix *file = calloc(1, sizeof(*file));

	if (file)
		file->map.fd = -1;
	return file;
}

/* What an edit costs that is made once more, in looks. */
enum { EDIT_LOOKS = 128 };

/* Forgets pages that were only looked at. In a copy that is not on disk the edits go with them. */
static void let_go(void *context)
{
	struct irelfix *file = context;
	struct outcome ignored;

	map_let_go(&file->map);
	if (!file->result)
		return;
	map_let_go(file->result);
	if (file->result->fd >= 0)
		return;
	effort_spend(&file->effort, file->plan.count * EDIT_LOOKS);
	file->lost |= !plan_apply(&file->plan, map_writable(file->result),
	                          file->result->bytes.size, &ignored);
}

static void begin_effort(struct irelfix *file)
{
	uint64_t on_disk = map_on_disk(&file->map);
	bool sparse = on_disk < file->map.bytes.size / 2;

	effort_begin(&file->effort, on_disk, sparse ? let_go : NULL, file);
}

/* Goes on with the mapped bytes. */
static enum irelfix_status opened(struct irelfix *file, bool mapped)
{
	begin_effort(file);
	if (!mapped || !image_parse(file->map.bytes, &file->image, &file->outcome) ||
	    !map_check(&file->map, &file->outcome))
		return file->outcome.status;
	file->image.effort = &file->effort;
	file->progress = OPENED;
	outcome_set(&file->outcome, IRELFIX_OK, IRELFIX_REASON_NONE, "opened");
	return IRELFIX_OK;
}

enum irelfix_status irelfix_open(const char *path, struct irelfix **out)
{
	struct irelfix *file = *out = new_file();

	if (!file)
		return IRELFIX_FILE;
	file->path = strdup(path);
	if (!file->path) {
		no_memory(&file->outcome, "no memory for its name");
		return IRELFIX_FILE;
	}
	return opened(file, map_open(path, &file->map, &file->outcome));
}

enum irelfix_status irelfix_open_fd(int fd, struct irelfix **out)
{
	struct irelfix *file = *out = new_file();

	return file ? opened(file, map_descriptor(fd, &file->map, &file->outcome)) : IRELFIX_FILE;
}

enum irelfix_status irelfix_open_memory(const void *data, size_t size, struct irelfix **out)
{
	struct irelfix *file = *out = new_file();

	if (!file)
		return IRELFIX_FILE;
	map_memory((struct bytes){ .data = data, .size = size }, &file->map);
	return opened(file, true);
}

void irelfix_close(struct irelfix *file)
{
	if (!file)
		return;
	proofs_free(&file->proofs);
	strays_free(file->strays);
	plan_free(&file->plan);
	startup_free(&file->startup);
	image_free(&file->image);
	map_close(&file->map);
	free(file->types);
	free(file->planned_types);
	free(file->path);
	free(file);
}

enum irelfix_status irelfix_reject(struct irelfix *file, const char *why)
{
	plan_free(&file->plan);
	file->progress = NOTHING;
	outcome_set(&file->outcome, IRELFIX_FILE, IRELFIX_REASON_SYSTEM, "%s", why);
	return IRELFIX_FILE;
}

/* ---- diagnosis ------------------------------------------------------------------------------ */

/* Notes down what becomes another one when the file is written into. */
static bool keep_types(struct irelfix *file)
{
	const struct reloc_table *range = &file->finding.range;

	free(file->types);
	file->types = NULL;
	if (!file->finding.has_range)
		return true;
	file->types = malloc(((size_t)range->count + 1) * sizeof(*file->types));
	if (!file->types)
		return no_memory(&file->outcome, "no memory for %" PRIu64 " entries", range->count);
	for (uint64_t i = 0; i < range->count; i++)
		file->types[i] = reloc_type(&file->image, range, i);
	return true;
}

static bool keep_strays(struct irelfix *file)
{
	strays_free(file->strays);
	return strays_keep(&file->startup, &file->finding, &file->strays) ||
	       no_memory(&file->outcome, "no memory for the stray entries");
}

/* Section headers are often gone; then the dynamic tag is the table's name. */
static void keep_table_name(struct irelfix *file)
{
	const struct image *image = &file->image;
	const struct reloc_tables *tables = &file->startup.tables;
	const struct reloc_table *range = &file->finding.range;
	const char *name = "table";
	struct section section;

	for (size_t i = 0; i < tables->count; i++)
		if (range->address >= tables->items[i].address &&
		    reloc_end(range) <= reloc_end(&tables->items[i]))
			name = tables->items[i].tag;
	if (image_section_of(image, range->address, &section) && section.name[0])
		name = section.name;
	snprintf(file->table, sizeof(file->table), "%s", file->finding.has_range ? name : "");
}

/* What a report tells of the file besides the finding. */
static void keep_facts(struct irelfix *file)
{
	bool ours = file->finding.verdict != IRELFIX_VERDICT_NOT_CONCERNED;

	keep_table_name(file);
	if (!ours || !image_linker(&file->image, file->linker, sizeof(file->linker)))
		file->linker[0] = '\0';
	snprintf(file->interp, sizeof(file->interp), "%s",
	         file->finding.detach ? image_interp(&file->image) : "");
}

enum irelfix_status irelfix_allow_undefined(struct irelfix *file, const char *symbols)
{
	if (file->progress != OPENED)
		return misuse(file, "what is allowed has to be known before the diagnosis");
	file->allowed = symbols;
	return IRELFIX_OK;
}

enum irelfix_status irelfix_diagnose(struct irelfix *file)
{
	if (file->progress < OPENED)
		return misuse(file, "the file is not open");
	if (file->progress > OPENED)
		return misuse(file, "the file is diagnosed already");
	if (!defect_diagnose(&file->image, file->allowed, &file->startup, &file->finding,
	                     &file->outcome) ||
	    !keep_types(file) || !keep_strays(file) || !map_check(&file->map, &file->outcome)) {
		startup_free(&file->startup);
		return file->outcome.status;
	}
	file->progress = DIAGNOSED;
	file->outcome = file->finding.why;
	keep_facts(file);
	return file->outcome.status;
}

/* ---- plan ----------------------------------------------------------------------------------- */

/* Says what will be done, and for pad also why it is not narrow. */
static void announce(struct irelfix *file, enum irelfix_strategy asked, const char *no_narrow)
{
	struct outcome *finding = &file->finding.why;
	size_t length = strlen(finding->text);

	if (asked == IRELFIX_AUTO && file->plan.strategy == IRELFIX_PAD)
		snprintf(finding->text + length, sizeof(finding->text) - length,
		         "; padded, because %.240s", no_narrow);
	outcome_set(&file->outcome, IRELFIX_OK, IRELFIX_REASON_NONE, "%s", finding->text);
}

/* Works out what the entries will be. */
static bool keep_planned_types(struct irelfix *file, struct outcome *why)
{
	const struct reloc_table *range = &file->finding.range;
	size_t count = file->finding.has_range ? (size_t)range->count : 0;

	free(file->planned_types);
	file->planned_types = malloc((count + 1) * sizeof(*file->planned_types));
	if (!file->planned_types)
		return no_memory(why, "no memory for %zu entries", count);
	if (count > 0)
		memcpy(file->planned_types, file->types, count * sizeof(*file->types));
	for (size_t i = 0; i < file->plan.count; i++) {
		const struct irelfix_edit *edit = &file->plan.edits[i];
		if (edit->size == range->form.entsize &&
		    edit->offset - range->offset < range->view.size)
			file->planned_types[(edit->offset - range->offset) / edit->size] =
				reloc_type_at(&file->image, range->form, edit->new_bytes);
	}
	return true;
}

enum irelfix_status irelfix_plan(struct irelfix *file, enum irelfix_strategy strategy)
{
	struct outcome why;

	if (file->progress != DIAGNOSED)
		return misuse(file, "a plan follows one diagnosis");
	if (strategy != IRELFIX_AUTO && strategy != IRELFIX_NARROW && strategy != IRELFIX_PAD)
		return misuse(file, "the strategy is auto, narrow or pad");
	if (file->finding.why.status == IRELFIX_REFUSED) {
		file->outcome = file->finding.why;
		return IRELFIX_REFUSED;
	}
	plan_begin(&file->plan, &file->image);
	file->asked = strategy;
	file->progress = PLANNED;
	if (!file->finding.defect)
		return IRELFIX_OK;
	if (!defect_plan(&file->startup, &file->finding, strategy, &file->plan, &why) ||
	    !keep_planned_types(file, &why)) {
		plan_free(&file->plan);
		file->progress = DIAGNOSED;
		file->outcome = why;
		return why.status;
	}
	announce(file, strategy, why.text);
	return IRELFIX_OK;
}

/* ---- verification --------------------------------------------------------------------------- */

/* @bytes are the result: they must be what was meant. @before: what there was can be compared. */
static bool verify(struct irelfix *file, const struct map *result, bool before)
{
	const struct repair repair = {
		.before = before ? &file->startup : NULL, .finding = &file->finding,
		.plan = &file->plan, .allowed = file->allowed,
	};
	struct outcome malformation;
	struct image image;
	bool ok = image_parse(result->bytes, &image, &malformation);

	image.effort = &file->effort;
	file->result = result;
	file->lost = false;
	if (ok)
		ok = verify_repair(&repair, &image, &file->outcome);
	else if (malformation.reason == IRELFIX_REASON_MEMORY)
		file->outcome = malformation;
	else
		unverified(&file->outcome, "the result is malformed: %.300s", malformation.text);
	file->result = NULL;
	image_free(&image);
	return ok && !file->lost;
}

/* A copy of a healthy file needs no judge. */
static bool verify_on_disk(struct irelfix *file, int fd, bool before)
{
	struct map result;
	bool ok;

	if (!file->finding.defect)
		return true;
	ok = map_descriptor(fd, &result, &file->outcome) && verify(file, &result, before);
	map_close(&result);
	return ok;
}

/* The edits in a private copy of the mapping. */
static bool verify_in_memory(struct irelfix *file)
{
	struct map copy;
	bool ok = map_copy(&file->map, &copy, &file->outcome) &&
	          plan_apply(&file->plan, map_writable(&copy), copy.bytes.size, &file->outcome) &&
	          verify(file, &copy, true);

	map_close(&copy);
	/* that the file changed is the likelier reason, if it is one */
	return map_check(&file->map, &file->outcome) && ok;
}

enum irelfix_status irelfix_verify(struct irelfix *file)
{
	struct outcome planned = file->outcome;

	if (file->progress != PLANNED)
		return misuse(file, "nothing is planned");
	if (file->finding.defect && !verify_in_memory(file))
		return file->outcome.status;
	file->outcome = planned;
	return IRELFIX_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Whether the bytes of @fd lead to the same decision as before; as costly as it. */
static bool is_still_so(struct irelfix *file, int fd)
{
	const struct decision decision = {
		.finding = &file->finding, .plan = &file->plan, .asked = file->asked,
		.allowed = file->allowed, .effort = &file->effort,
	};
	struct map now;
	bool ok;

	begin_effort(file);
	ok = map_descriptor(fd, &now, &file->outcome);
	file->result = &now;
	ok = ok && decided_again(&decision, now.bytes, &file->outcome);
	file->result = NULL;
	map_close(&now);
	return ok;
}

/* A copy with the edits. Where it is wrong, that the file changed is the likelier reason, if it is one. */
static bool verify_copy(struct irelfix *file, int fd)
{
	struct outcome wrong;

	if (verify_on_disk(file, fd, true))
		return true;
	wrong = file->outcome;
	if (file->map.fd < 0 || is_still_so(file, file->map.fd))
		file->outcome = wrong;
	return false;
}

/* What irelfix_message() tells when the result is on disk. */
static enum irelfix_status written(struct irelfix *file, const char *where)
{
	const char *strategy = irelfix_strategy_name(file->plan.strategy);

	if (strategy)
		outcome_set(&file->outcome, IRELFIX_OK, IRELFIX_REASON_NONE,
		            "repaired (%s): %zu edits %s", strategy, file->plan.count, where);
	else
		outcome_set(&file->outcome, IRELFIX_OK, IRELFIX_REASON_NONE, "healthy, copied %s",
		            where);
	return IRELFIX_OK;
}

/* A new file: filled, judged, named. */
static bool write_new(struct irelfix *file, const char *path, bool dates)
{
	const struct source source = { .in = &file->map, .plan = &file->plan };
	struct replacement replacement;
	bool ok = replace_begin(&replacement, path, &file->outcome) &&
	          replace_fill(&replacement, &source, &file->outcome) &&
	          replace_put_edits(&file->plan, replacement.fd, &file->outcome) &&
	          verify_copy(file, replacement.fd) &&
	          replace_end(&replacement, &source, REPLACE_MODE, dates, &file->outcome);

	replace_abort(&replacement);
	return ok;
}

enum irelfix_status irelfix_write(struct irelfix *file, const char *path,
                                  const struct irelfix_write_options *options)
{
	struct irelfix_write_options how;
	sigset_t signals;
	bool ok;

	if (!take_over(&how, sizeof(how), options, options ? options->size : 0))
		return misuse(file, "the size of the options is not set");
	if (file->progress != PLANNED)
		return misuse(file, "nothing is planned");
	signals_hold(&signals);
	ok = write_new(file, path, how.preserve_dates);
	signals_release(&signals);
	return ok ? written(file, "into a new file") : file->outcome.status;
}

/* The edits in the file as it is: written, and judged as they are on disk. */
static bool write_into(struct irelfix *file, struct in_place *in_place,
                       const struct source *source, bool dates)
{
	return is_still_so(file, in_place->fd) &&
	       in_place_write(in_place, source, &file->outcome) &&
	       verify_on_disk(file, in_place->fd, false) &&
	       in_place_end(in_place, source, dates, &file->outcome);
}

/* Another file under the same name, with everything that belonged to the old one. */
static bool write_instead(struct irelfix *file, struct in_place *in_place,
                          const struct source *source, bool dates)
{
	struct replacement replacement;
	bool ok;

	replace_begin_at(&replacement, &in_place->place);
	ok = replace_fill(&replacement, source, &file->outcome) &&
	     replace_put_edits(&file->plan, replacement.fd, &file->outcome) &&
	     verify_copy(file, replacement.fd) &&
	     replace_end(&replacement, source, REPLACE_ALL, dates, &file->outcome);
	replace_abort(&replacement);
	return ok;
}

static bool write_itself(struct irelfix *file, const struct irelfix_write_options *how)
{
	const struct source source = { .in = &file->map, .plan = &file->plan };
	struct in_place in_place;
	bool ok = in_place_begin(&in_place, &source, file->path, how, &file->outcome);

	if (ok && in_place.way == IN_PLACE_WRITE)
		ok = write_into(file, &in_place, &source, how->preserve_dates);
	else if (ok && in_place.way == IN_PLACE_REPLACE)
		ok = write_instead(file, &in_place, &source, how->preserve_dates);
	in_place_close(&in_place);
	return ok;
}

enum irelfix_status irelfix_write_in_place(struct irelfix *file,
                                           const struct irelfix_write_options *options)
{
	struct irelfix_write_options how;
	sigset_t signals;
	bool ok;

	if (!take_over(&how, sizeof(how), options, options ? options->size : 0))
		return misuse(file, "the size of the options is not set");
	if (file->progress != PLANNED)
		return misuse(file, "nothing is planned");
	if (!file->path)
		return misuse(file, "only what was opened by its name can be written in place");
	if (file->plan.count == 0)
		return IRELFIX_OK;
	if (!verify_in_memory(file))
		return file->outcome.status;
	signals_hold(&signals);
	ok = write_itself(file, &how);
	signals_release(&signals);
	return ok ? written(file, "in place") : file->outcome.status;
}

enum irelfix_status irelfix_apply(struct irelfix *file, void *data, size_t size)
{
	if (file->progress != PLANNED)
		return misuse(file, "nothing is planned");
	if (size != file->map.bytes.size)
		return misuse(file, "the copy has another size than the file");
	return plan_apply(&file->plan, data, size, &file->outcome) ? IRELFIX_OK
	                                                           : file->outcome.status;
}

/* ---- proof ---------------------------------------------------------------------------------- */

/* Where calls of absent weak functions go when these are resolved to the load base. */
static bool is_header(const struct image *image, uint64_t address)
{
	uint64_t offset;

	return image_offset(image, address, 1, &offset) && offset < EHDR_SIZE(image->is64);
}

static void say_address(const struct irelfix *file, const char *before, uint64_t address,
                        struct proof *proof)
{
	size_t length = strlen(proof->detail);
	char where[160] = "";

	if (!irelfix_where(file, address, where, sizeof(where)) &&
	    is_header(&file->image, address))
		strcpy(where, "the ELF header");
	snprintf(proof->detail + length, sizeof(proof->detail) - length, "%s 0x%" PRIx64 "%s%s",
	         before, address, where[0] ? " in " : "", where);
}

/* Completes "SIGSEGV" by the place where it happened, and by who jumped to where no code is. */
static void say_where(const struct irelfix *file, struct proof *proof)
{
	if (!proof->traced)
		return;
	say_address(file, " at", proof->died_at, proof);
	if (!image_allows(&file->image, proof->died_at, 1, PF_X) &&
	    image_allows(&file->image, proof->caller, 1, PF_X))
		say_address(file, ", called from", proof->caller, proof);
}

static enum irelfix_status sum_up(struct irelfix *file, bool by_name)
{
	size_t counts[3] = { 0 };

	for (size_t i = 0; i < file->proofs.count; i++)
		counts[file->proofs.items[i].result]++;
	if (counts[IRELFIX_FAILED] > 0 && file->finding.why.status != IRELFIX_OK &&
	    file->progress != PLANNED)
		return IRELFIX_UNVERIFIED; /* as diagnosed: the message stays */
	if (counts[IRELFIX_FAILED] > 0)
		outcome_set(&file->outcome, IRELFIX_UNVERIFIED, IRELFIX_REASON_NOT_REACHED, "main is "
		            "not reached: %zu of %zu runs failed", counts[IRELFIX_FAILED],
		            file->proofs.count);
	else if (counts[IRELFIX_STARTED] == 0 || (by_name && counts[IRELFIX_NOT_RUN] > 0))
		outcome_set(&file->outcome, IRELFIX_FILE, IRELFIX_REASON_NOT_RUN, "startup is not "
		            "proved: %zu of %zu models could not be run", counts[IRELFIX_NOT_RUN],
		            file->proofs.count);
	else
		return IRELFIX_OK;
	return file->outcome.status;
}

static struct irelfix_proof shown_proof(const struct proof *proof)
{
	return (struct irelfix_proof){
		.model = proof->model, .result = proof->result, .detail = proof->detail,
		.missing = proof->missing[0] ? proof->missing : NULL,
	};
}

/* Who waits for the proofs of a file. */
struct waiting {
	const struct irelfix *file;
	const struct irelfix_prove_options *how;
};

static void proof_ended(void *context, struct proof *proof)
{
	const struct waiting *waiting = context;
	struct irelfix_proof shown;

	say_where(waiting->file, proof);
	shown = shown_proof(proof);
	if (waiting->how->ended)
		waiting->how->ended(waiting->how->context, &shown);
}

enum irelfix_status irelfix_prove(struct irelfix *file, const struct irelfix_prove_options *options)
{
	struct irelfix_prove_options how;
	const struct waiting waiting = { file, &how };
	const struct prove_watch watch = { proof_ended, (void *)(uintptr_t)&waiting };

	proofs_free(&file->proofs);
	if (!take_over(&how, sizeof(how), options, options ? options->size : 0))
		return misuse(file, "the size of the options is not set");
	if (file->progress < DIAGNOSED)
		return misuse(file, "a proof follows a diagnosis");
	if (!file->startup.arch || (file->image.has_interp && !file->finding.detach))
		return IRELFIX_OK;
	if (!prove_startup(&file->startup, &file->map, &file->plan, &how, &watch, &file->proofs,
	                   &file->outcome))
		return file->outcome.status;
	return sum_up(file, prove_is_by_name(how.models));
}

size_t irelfix_proof_count(const struct irelfix *file)
{
	return file->proofs.count;
}

bool irelfix_proof(const struct irelfix *file, size_t index, struct irelfix_proof *out,
                   size_t size)
{
	struct irelfix_proof shown = { .result = IRELFIX_NOT_RUN };

	if (index < file->proofs.count)
		shown = shown_proof(&file->proofs.items[index]);
	hand_over(out, size, &shown, sizeof(shown));
	return index < file->proofs.count;
}

bool irelfix_model(size_t index, struct irelfix_model *out, size_t size)
{
	struct irelfix_model shown = { .machine = NULL };
	const struct arch *arch;

	for (size_t row = 0; !shown.name && (arch = arch_row(row)) != NULL; row++) {
		size_t count = models_of(arch);
		if (index < count)
			shown = (struct irelfix_model){
				.machine = arch->name, .emulator = arch->emulator,
				.name = arch->models[index].name,
				.stands_for = arch->models[index].stands_for,
			};
		index -= count;
	}
	hand_over(out, size, &shown, sizeof(shown));
	return shown.name != NULL;
}

/* ---- what is known -------------------------------------------------------------------------- */

static const char *type_name(uint16_t type)
{
	switch (type) {
	case ET_REL: return "ET_REL";
	case ET_EXEC: return "ET_EXEC";
	case ET_DYN: return "ET_DYN";
	case ET_CORE: return "ET_CORE";
	default: return "other";
	}
}

static void report_range(const struct irelfix *file, struct irelfix_report *report)
{
	const struct finding *finding = &file->finding;

	if (!finding->has_range)
		return;
	report->table = file->table;
	report->table_start = finding->range.address;
	report->table_end = reloc_end(&finding->range);
	report->entry_size = finding->range.form.entsize;
	report->entries = (size_t)finding->range.count;
	report->irelative = (size_t)finding->irelative;
	report->stray = (size_t)finding->stray;
}

static void report_bounds(const struct irelfix *file, struct irelfix_report *report)
{
	const struct loop *loop = &file->startup.loop;
	const struct finding *finding = &file->finding;

	if (!loop->found)
		return;
	report->bounds_known = true;
	report->start = loop->start;
	report->end = loop->end;
	report->new_start = finding->defect ? finding->new_start : loop->start;
	report->new_end = finding->defect ? finding->new_end : loop->end;
}

void irelfix_report(const struct irelfix *file, struct irelfix_report *out, size_t size)
{
	struct irelfix_report report = { .strategy = IRELFIX_AUTO };

	if (file && file->progress >= DIAGNOSED) {
		report.verdict = file->finding.verdict;
		report.reason = file->finding.why.reason;
		report.defect = file->finding.defect ? file->finding.defect->name : NULL;
		report.interpreter = file->finding.detach ? file->interp : NULL;
		report.repaired_earlier = file->finding.earlier;
		report.finding = file->finding.why.text;
		report.advice = file->finding.why.advice_at
		                ? file->finding.why.text + file->finding.why.advice_at : NULL;
		report.machine = file->startup.arch ? file->startup.arch->name : NULL;
		report.type = type_name(file->image.type);
		report.linker = file->linker[0] ? file->linker : NULL;
		report.strategy = file->progress == PLANNED ? file->plan.strategy : IRELFIX_AUTO;
		report_range(file, &report);
		report_bounds(file, &report);
	}
	hand_over(out, size, &report, sizeof(report));
}

size_t irelfix_edit_count(const struct irelfix *file)
{
	return file->plan.count;
}

bool irelfix_edit(const struct irelfix *file, size_t index, struct irelfix_edit *out, size_t size)
{
	struct irelfix_edit edit = { .offset = 0 };

	if (index < file->plan.count)
		edit = file->plan.edits[index];
	hand_over(out, size, &edit, sizeof(edit));
	return index < file->plan.count;
}

const char *irelfix_entry(const struct irelfix *file, size_t index, bool after)
{
	if (file->progress < (after ? PLANNED : DIAGNOSED) || !file->finding.has_range ||
	    index >= file->finding.range.count)
		return NULL;
	return arch_reloc_name(file->startup.arch,
	                       (after ? file->planned_types : file->types)[index]);
}

bool irelfix_stray(const struct irelfix *file, size_t index, struct irelfix_stray *out, size_t size)
{
	const struct strays *strays = file->progress >= DIAGNOSED ? file->strays : NULL;
	struct irelfix_stray stray = { .type = NULL };
	bool there = strays && index < strays->count;

	if (there)
		stray = strays->items[index];
	hand_over(out, size, &stray, sizeof(stray));
	return there;
}

const char *irelfix_class_name(size_t index)
{
	const struct defect *row = defect_row(index);

	return row ? row->name : NULL;
}

const char *irelfix_class_meaning(size_t index)
{
	const struct defect *row = defect_row(index);

	return row ? row->meaning : NULL;
}

/* Functions of hand-written assembly, such as _init of crti.o, have no size. */
static bool covers(const struct image *image, const struct symbol *symbol, uint64_t address)
{
	struct section section;

	if (symbol->type != STT_FUNC || symbol->binding == STB_WEAK || symbol->value > address)
		return false;
	return symbol->size != 0 ? address - symbol->value < symbol->size
	                         : image_section(image, symbol->shndx, &section) &&
	                           address - section.address < section.size;
}

bool irelfix_where(const struct irelfix *file, uint64_t address, char *out, size_t size)
{
	const struct arch *arch = file->startup.arch;
	struct symtab table;
	struct symbol symbol, best = { .name = "" };

	if (file->progress < OPENED || !image_symtab(&file->image, &table))
		return false;
	for (uint64_t i = 0; symtab_get(&file->image, &table, i, &symbol); i++) {
		symbol.value &= arch ? ~arch->state_bits : UINT64_MAX;
		if (covers(&file->image, &symbol, address) &&
		    (symbol.size != 0 || (best.size == 0 && symbol.value >= best.value)))
			best = symbol;
	}
	if (!best.name[0])
		return false;
	snprintf(out, size, "%s+0x%" PRIx64, best.name, address - best.value);
	return true;
}

const char *irelfix_hint(const struct irelfix *file)
{
	bool starts = file->progress >= DIAGNOSED && file->startup.arch &&
	              file->finding.verdict <= IRELFIX_VERDICT_BROKEN;

	return starts ? hint_of(&file->image) : NULL;
}

const char *irelfix_message(const struct irelfix *file)
{
	return file ? file->outcome.text : "no memory";
}

enum irelfix_reason irelfix_reason(const struct irelfix *file)
{
	return file ? file->outcome.reason : IRELFIX_REASON_MEMORY;
}

const char *irelfix_version(void)
{
	return IRELFIX_VERSION;
}
