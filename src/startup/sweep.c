/* SPDX-License-Identifier: MIT */
#include "sweep.h"

/* DWARF pointer encodings of the binary search table that GNU and LLVM linkers write (LSB). */
enum { EH_VERSION = 1, EH_UDATA4 = 0x03, EH_DATAREL_SDATA4 = 0x3b };
enum { EH_TABLE_OFFSET = 12, EH_ROW = 8 };

/* Sign-extends a 32-bit offset. */
static uint64_t extend(uint64_t offset)
{
	return (offset ^ 0x80000000u) - 0x80000000u;
}

/*
 * The start of the function that covers @address, from the sorted table in .eh_frame_hdr: four
 * bytes of header, the frame pointer, the row count, then rows of {function, FDE}.
 */
static bool function_by_fde(const struct image *image, uint64_t address, uint64_t *function)
{
	struct bytes header;
	uint64_t rows, low = 0, start = 0;

	if (!bytes_sub(image->file, image->eh_frame.offset, image->eh_frame.filesz, &header) ||
	    !bytes_read(header, 8, 4, image->order, &rows) || header.data[0] != EH_VERSION ||
	    header.data[2] != EH_UDATA4 || header.data[3] != EH_DATAREL_SDATA4 ||
	    !bytes_has(header, EH_TABLE_OFFSET, rows * EH_ROW))
		return false;
	for (uint64_t high = rows; low < high;) {
		uint64_t middle = low + (high - low) / 2;
		bytes_read(header, EH_TABLE_OFFSET + middle * EH_ROW, 4, image->order, &start);
		if (image->eh_frame.vaddr + extend(start) <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	bytes_read(header, EH_TABLE_OFFSET + (low - 1) * EH_ROW, 4, image->order, &start);
	*function = image->eh_frame.vaddr + extend(start);
	return true;
}

/* Comparisons with the number of IRELATIVE, and the function that each is in. */
enum { HITS_MAX = 64 };

struct hit {
	uint64_t address;
	uint64_t function; /* virtual address; 0: not known */
};

struct hits {
	struct hit items[HITS_MAX];
	size_t count;
};

static bool compares_with_irelative(const struct arch *arch, const struct insn *insn)
{
	for (int i = 0; i < EFFECT_MAX; i++) {
		const struct effect *effect = &insn->effects[i];
		if (effect->kind == EFFECT_COMPARE && effect->b.kind == OPERAND_CONST &&
		    effect->b.value == arch->irelative && effect->a.width >= 4)
			return true;
	}
	return false;
}

static void note_hit(const struct arch *arch, const struct insn *insn, struct hits *hits)
{
	if (hits->count < HITS_MAX && compares_with_irelative(arch, insn))
		hits->items[hits->count++] = (struct hit){ .address = insn->address };
}

/* The nearest call target before a hit begins its function. */
static void note_call(const struct arch *arch, const struct insn *insn, struct hits *hits)
{
	(void)arch;
	if (insn->flow != FLOW_CALL || !insn->has_target)
		return;
	for (size_t i = 0; i < hits->count; i++) {
		struct hit *hit = &hits->items[i];
		if (insn->target <= hit->address && insn->target > hit->function)
			hit->function = insn->target;
	}
}

typedef void note_fn(const struct arch *arch, const struct insn *insn, struct hits *hits);

/* One instruction after the other, whatever jumps say; what is no instruction is stepped over. */
static void sweep_segment(const struct image *image, const struct arch *arch,
                          const struct segment *segment, note_fn *note, struct hits *hits)
{
	struct bytes code, rest;
	struct insn insn;

	if (!bytes_sub(image->file, segment->offset, segment->filesz, &code))
		return;
	for (uint64_t at = 0; bytes_sub(code, at, code.size - at, &rest) && rest.size > 0;) {
		if (arch->decode(rest, segment->vaddr + at, &insn)) {
			note(arch, &insn, hits);
			at += insn.length;
		} else {
			at += arch->code_alignment;
		}
	}
}

static void sweep(const struct image *image, const struct arch *arch, note_fn *note,
                  struct hits *hits)
{
	for (size_t i = 0; i < image->load_count; i++)
		if (image->loads[i].flags & PF_X)
			sweep_segment(image, arch, &image->loads[i], note, hits);
}

static bool functions_by_fde(const struct image *image, struct hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		if (!function_by_fde(image, hits->items[i].address, &hits->items[i].function))
			return false;
	return true;
}

/* Whether an earlier hit is in the same function. */
static bool is_repeated(const struct hits *hits, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (hits->items[i].function == hits->items[index].function)
			return true;
	return false;
}

void search_loops(const struct image *image, const struct arch *arch,
                  bool (*visit)(void *context, uint64_t function), void *context)
{
	struct hits hits = { .count = 0 };

	sweep(image, arch, note_hit, &hits);
	if (!functions_by_fde(image, &hits))
		sweep(image, arch, note_call, &hits);
	for (size_t i = 0; i < hits.count; i++)
		if (hits.items[i].function != 0 && !is_repeated(&hits, i) &&
		    !visit(context, hits.items[i].function))
			return;
}
