/* SPDX-License-Identifier: MIT */
#include "aps2.h"

#include <string.h>

enum { BY_INFO = 1, BY_OFFSET_DELTA = 2, BY_ADDEND = 4, HAS_ADDEND = 8 };

/* The next signed LEB128 number; 0 and malformed when it is not all there. */
static uint64_t number(struct aps2 *walk)
{
	uint64_t value = 0;
	unsigned shift = 0;
	unsigned char byte;

	do {
		if (walk->at >= walk->data.size || shift >= 70) {
			walk->malformed = true;
			return 0;
		}
		byte = walk->data.data[walk->at++];
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (shift < 64 && (byte & 0x40))
		value |= UINT64_MAX << shift;
	return value;
}

static bool find(const struct image *image, bool rela, struct bytes *out)
{
	const uint64_t *dynamic = image->dynamic;

	return image_view(image, dynamic[rela ? DYN_ANDROID_RELA : DYN_ANDROID_REL],
	                  dynamic[rela ? DYN_ANDROID_RELASZ : DYN_ANDROID_RELSZ], out);
}

bool aps2_begin(const struct image *image, struct aps2 *out)
{
	*out = (struct aps2){ .image = image, .rela = image->dynamic[DYN_ANDROID_RELA] != 0 };
	if (image->dynamic[DYN_ANDROID_RELA] == 0 && image->dynamic[DYN_ANDROID_REL] == 0)
		return false;
	out->at = 4;
	out->malformed = !find(image, out->rela, &out->data) || out->data.size < 4 ||
	                 memcmp(out->data.data, "APS2", 4) != 0;
	if (out->malformed)
		return true;
	out->left = number(out);
	out->reloc.offset = number(out);
	return true;
}

/* What the entries of the next group have in common. */
static void begin_group(struct aps2 *walk)
{
	walk->in_group = number(walk);
	walk->flags = number(walk);
	walk->malformed |= walk->in_group == 0;
	if (walk->flags & BY_OFFSET_DELTA)
		walk->delta = number(walk);
	if (walk->flags & BY_INFO)
		walk->info = number(walk);
	if ((walk->flags & HAS_ADDEND) && (walk->flags & BY_ADDEND))
		walk->reloc.addend += number(walk);
	else if (!(walk->flags & HAS_ADDEND))
		walk->reloc.addend = 0;
}

bool aps2_next(struct aps2 *walk, struct reloc *out)
{
	struct reloc *reloc = &walk->reloc;
	uint64_t info;

	if (walk->left == 0 || walk->malformed ||
	    !effort_look(walk->image->effort, walk->data.data + walk->at))
		return false;
	if (walk->in_group == 0)
		begin_group(walk);
	reloc->offset += walk->flags & BY_OFFSET_DELTA ? walk->delta : number(walk);
	info = walk->flags & BY_INFO ? walk->info : number(walk);
	if ((walk->flags & HAS_ADDEND) && !(walk->flags & BY_ADDEND))
		reloc->addend += number(walk);
	reloc->type = walk->image->is64 ? (uint32_t)info : (uint32_t)(info & 0xff);
	reloc->symbol = (uint32_t)(walk->image->is64 ? info >> 32 : info >> 8);
	reloc->offset &= image_word_mask(walk->image);
	if (!walk->rela)
		reloc->addend = reloc_addend_in_slot(walk->image, reloc->offset);
	walk->in_group--;
	walk->left--;
	*out = *reloc;
	return !walk->malformed;
}
