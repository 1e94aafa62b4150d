/* SPDX-License-Identifier: MIT */
/*
 * The library's face. The way of one executable:
 *
 *   map       the file as read-only bytes
 *   image     headers as values, every address a checked view
 *   reloc     the entries of its relocation tables
 *   arch/     one instruction of one machine
 *   flow      one function: control flow, and where values come from
 *   reach     the functions that startup reaches
 *   search    the startup loop in an image that cannot be followed from e_entry
 *   bounds    the sites that hold the iplt bounds
 *   pie       whether a static-PIE could start at all
 *   defect/   what is wrong, one file a failure class, and how to repair it
 *   plan      the edits
 *   write     the result on disk; copy: its bytes
 *   prove     the startup is run; run: one program under limits, trace: where it dies
 *
 * The result goes through the same stages once more before it gets a name.
 */
#include "../include/irelfix.h"

#include "defect/defect.h"
#include "disk/map.h"
#include "prove/prove.h"
#include "disk/write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct irelfix {
	struct map map, result_map;
	struct image image, result;
	struct subject subject;
	struct finding finding;
	struct plan plan;
	bool opened, diagnosed, planned;
	struct outcome outcome;
	char *path;
	uint32_t *types; /* of the entries at stake, as they were: the file may be written into */
	struct irelfix_report report;
	char linker[32];
	struct proofs proofs;
	struct irelfix_proof shown[PROOFS_MAX];
};

static enum irelfix_status misuse(struct irelfix *file, const char *text)
{
	outcome_set(&file->outcome, IRELFIX_USAGE, "%s", text);
	return IRELFIX_USAGE;
}

static char *copy_string(const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

enum irelfix_status irelfix_open(const char *path, struct irelfix **out)
{
	struct irelfix *file = calloc(1, sizeof(*file));

	*out = file;
	if (!file)
		return IRELFIX_FILE;
	file->map.fd = file->result_map.fd = -1;
	outcome_set(&file->outcome, IRELFIX_OK, "opened");
	file->path = copy_string(path);
	if (!file->path)
		return misuse(file, "no memory");
	file->opened = map_open(path, &file->map, &file->outcome) &&
	               image_parse(file->map.bytes, &file->image, &file->outcome) &&
	               map_check(&file->map, &file->outcome);
	return file->outcome.status;
}

void irelfix_close(struct irelfix *file)
{
	if (!file)
		return;
	plan_free(&file->plan);
	image_free(&file->image);
	image_free(&file->result);
	map_close(&file->map);
	map_close(&file->result_map);
	free(file->path);
	free(file->types);
	free(file);
}

enum irelfix_status irelfix_reject(struct irelfix *file, const char *why)
{
	plan_free(&file->plan);
	file->diagnosed = file->planned = false;
	outcome_set(&file->outcome, IRELFIX_FILE, "%s", why);
	return IRELFIX_FILE;
}

/* ---- diagnosis ------------------------------------------------------------------------------ */

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

/* Section headers are often gone; then the dynamic tag is the table's name. */
static const char *table_name(const struct image *image, const struct reloc_tables *tables,
                              const struct reloc_table *range)
{
	struct section section;

	for (uint64_t i = 0; i < image->section_count; i++)
		if (image_section(image, i, &section) && section.type != SHT_NOBITS &&
		    section.address <= range->address && section.name[0] &&
		    range->address - section.address < section.size)
			return section.name;
	for (size_t i = 0; i < tables->count; i++)
		if (range->address >= tables->items[i].address &&
		    reloc_end(range) <= reloc_end(&tables->items[i]))
			return tables->items[i].tag;
	return "table";
}

static void fill_report(struct irelfix *file)
{
	struct irelfix_report *report = &file->report;
	const struct finding *finding = &file->finding;
	const struct bounds *bounds = &file->subject.bounds;

	*report = (struct irelfix_report){
		.defect = finding->defect ? finding->defect->name : NULL,
		.machine = file->subject.arch ? file->subject.arch->name : NULL,
		.type = type_name(file->image.type),
		.examined = !finding->unexamined,
		.bounds_known = bounds->method != BOUNDS_NONE,
		.start = bounds->start,
		.end = bounds->end,
		.new_start = finding->defect ? finding->new_start : bounds->start,
		.new_end = finding->defect ? finding->new_end : bounds->end,
		.stray = (size_t)finding->stray,
		.irelative = (size_t)finding->irelative,
	};
	if (finding->defect && image_linker(&file->image, file->linker, sizeof(file->linker)))
		report->linker = file->linker;
	if (!finding->has_range)
		return;
	report->table = table_name(&file->image, &file->subject.tables, &finding->range);
	report->table_start = finding->range.address;
	report->table_end = reloc_end(&finding->range);
	report->entries = (size_t)finding->range.count;
}

static void keep_types(struct irelfix *file)
{
	const struct reloc_table *range = &file->finding.range;

	free(file->types);
	file->types = NULL;
	if (file->finding.has_range)
		file->types = calloc((size_t)range->count + 1, sizeof(*file->types));
	for (uint64_t i = 0; file->types && i < range->count; i++)
		file->types[i] = reloc_get(&file->image, range, i).type;
}

enum irelfix_status irelfix_diagnose(struct irelfix *file)
{
	if (!file->opened)
		return misuse(file, "the file is not open");
	if (!defect_diagnose(&file->image, &file->subject, &file->finding, &file->outcome) ||
	    !map_check(&file->map, &file->outcome))
		return file->outcome.status;
	file->diagnosed = true;
	file->outcome = file->finding.why;
	fill_report(file);
	keep_types(file);
	return file->outcome.status;
}

/* ---- plan ----------------------------------------------------------------------------------- */

static bool verify(void *context, struct bytes bytes, struct outcome *why)
{
	const struct irelfix *file = context;
	struct outcome malformation;
	struct image image;
	bool ok = image_parse(bytes, &image, &malformation);

	if (!ok)
		outcome_set(why, IRELFIX_UNVERIFIED, "the result is malformed: %.300s",
		            malformation.text);
	ok = ok && (!file->finding.defect || defect_verify(&image, &file->finding, &file->plan, why));
	image_free(&image);
	return ok;
}

/* Applies the plan to a private copy of the mapping, and verifies what comes of it. */
static bool rehearse(struct irelfix *file)
{
	struct map *copy = &file->result_map;

	return map_copy(&file->map, copy, &file->outcome) &&
	       plan_apply(&file->plan, map_writable(copy), copy->bytes.size, &file->outcome) &&
	       verify(file, copy->bytes, &file->outcome) &&
	       map_check(&file->map, &file->outcome) &&
	       image_parse(copy->bytes, &file->result, &file->outcome);
}

/* Says what will be done, and for pad also why it is not narrow. */
static void announce(struct irelfix *file, enum irelfix_strategy asked, const char *no_narrow)
{
	bool fallback = asked == IRELFIX_AUTO && file->plan.strategy[0] == 'p';

	outcome_set(&file->outcome, IRELFIX_OK, "%s%s%.240s", file->finding.why.text,
	            fallback ? "; padded, because " : "", fallback ? no_narrow : "");
}

enum irelfix_status irelfix_plan(struct irelfix *file, enum irelfix_strategy strategy)
{
	struct outcome why = { .status = IRELFIX_OK };

	if (!file->diagnosed || file->planned)
		return misuse(file, "a plan follows one diagnosis");
	if (file->finding.status == IRELFIX_REFUSED)
		return IRELFIX_REFUSED;
	file->planned = true;
	if (!file->finding.defect)
		return IRELFIX_OK;
	if (!defect_plan(&file->subject, &file->finding, strategy, &file->plan, &why)) {
		plan_free(&file->plan);
		file->outcome = why;
		file->planned = false;
		return why.status;
	}
	file->report.strategy = file->plan.strategy;
	if (!rehearse(file)) {
		map_check(&file->map, &file->outcome); /* the likelier reason, if it is one */
		plan_free(&file->plan);
		file->planned = false;
		return file->outcome.status;
	}
	announce(file, strategy, why.text);
	return IRELFIX_OK;
}

typedef bool write_fn(const struct write_job *job, const char *path, struct outcome *why);

static enum irelfix_status put(struct irelfix *file, const char *path, write_fn *write,
                               const struct irelfix_write_options *options)
{
	static const struct irelfix_write_options defaults;
	const struct write_job job = {
		.in = &file->map, .plan = &file->plan, .check = verify, .context = file,
		.options = options ? options : &defaults,
	};

	if (!file->planned)
		return misuse(file, "nothing is planned");
	return write(&job, path, &file->outcome) ? IRELFIX_OK : file->outcome.status;
}

enum irelfix_status irelfix_write(struct irelfix *file, const char *path,
                                  const struct irelfix_write_options *options)
{
	return put(file, path, write_file, options);
}

enum irelfix_status irelfix_write_in_place(struct irelfix *file,
                                           const struct irelfix_write_options *options)
{
	if (file->planned && file->plan.count == 0)
		return IRELFIX_OK;
	return put(file, file->path, write_in_place, options);
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

	for (size_t i = 0; i < file->proofs.count; i++) {
		struct proof *proof = &file->proofs.items[i];
		say_where(file, proof);
		file->shown[i] = (struct irelfix_proof){ proof->model, proof->result,
		                                         proof->detail };
		counts[proof->result]++;
	}
	if (counts[IRELFIX_FAILED] > 0 && file->finding.status == IRELFIX_BROKEN && !file->planned)
		return IRELFIX_UNVERIFIED; /* as diagnosed: the message stays */
	if (counts[IRELFIX_FAILED] > 0)
		outcome_set(&file->outcome, IRELFIX_UNVERIFIED, "main is not reached: %zu of %zu runs "
		            "failed", counts[IRELFIX_FAILED], file->proofs.count);
	else if (counts[IRELFIX_STARTED] == 0 || (by_name && counts[IRELFIX_NOT_RUN] > 0))
		outcome_set(&file->outcome, IRELFIX_FILE, "startup is not proved: %zu of %zu models "
		            "could not be run", counts[IRELFIX_NOT_RUN], file->proofs.count);
	else
		return IRELFIX_OK;
	return file->outcome.status;
}

enum irelfix_status irelfix_prove(struct irelfix *file, const struct irelfix_prove_options *options)
{
	file->proofs.count = 0;
	if (!file->diagnosed)
		return misuse(file, "a proof follows a diagnosis");
	if (!file->subject.arch || file->image.kind == IMAGE_OTHER ||
	    file->image.kind == IMAGE_DYNAMIC)
		return IRELFIX_OK;
	if (!prove_startup(&file->subject, &file->map, &file->plan, options, &file->proofs,
	                   &file->outcome))
		return file->outcome.status;
	return sum_up(file, options->models != NULL);
}

size_t irelfix_proofs(const struct irelfix *file, const struct irelfix_proof **proofs)
{
	*proofs = file->shown;
	return file->proofs.count;
}

/* ---- what is known -------------------------------------------------------------------------- */

const struct irelfix_report *irelfix_report(const struct irelfix *file)
{
	return &file->report;
}

size_t irelfix_edits(const struct irelfix *file, const struct irelfix_edit **edits)
{
	*edits = file->plan.edits;
	return file->plan.count;
}

const char *irelfix_entry(const struct irelfix *file, size_t index, bool after)
{
	const struct reloc_table *range = &file->finding.range;
	struct reloc_table result;

	if (!file->finding.has_range || index >= range->count)
		return NULL;
	if (!after)
		return file->types ? arch_reloc_name(file->subject.arch, file->types[index]) : NULL;
	if (!reloc_range(&file->result, range->address, reloc_end(range), range->rela, &result))
		return NULL;
	return arch_reloc_name(file->subject.arch, reloc_get(&file->result, &result, index).type);
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
	struct symtab table;
	struct symbol symbol, best = { .name = "" };

	if (!image_symtab(&file->image, &table))
		return false;
	for (uint64_t i = 0; symtab_get(&file->image, &table, i, &symbol); i++)
		if (covers(&file->image, &symbol, address) &&
		    (symbol.size != 0 || (best.size == 0 && symbol.value >= best.value)))
			best = symbol;
	if (!best.name[0])
		return false;
	snprintf(out, size, "%s+0x%" PRIx64, best.name, address - best.value);
	return true;
}

const char *irelfix_message(const struct irelfix *file)
{
	return file ? file->outcome.text : "no memory";
}

const char *irelfix_version(void)
{
	return IRELFIX_VERSION;
}
