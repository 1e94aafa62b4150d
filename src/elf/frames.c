/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include "symbols.h"

#include <string.h>

/* ---- the sorted table ----------------------------------------------------------------------- */

/* DWARF pointer encodings of the table that GNU and LLVM linkers write. */
enum { EH_VERSION = 1, EH_UDATA4 = 0x03, EH_DATAREL_SDATA4 = 0x3b };
enum { EH_TABLE_OFFSET = 12, EH_ROW = 8, EH_RECORD = 4 };

/* Four bytes of header, the frame pointer, the row count, then rows of {function, record}. */
struct table {
	struct bytes header;
	uint64_t address; /* virtual, of the header: rows are relative to it */
	uint64_t rows;
};

static bool read_table(const struct image *image, struct table *out)
{
	struct bytes *header = &out->header;

	out->address = image->eh_frame.vaddr;
	return bytes_sub(image->file, image->eh_frame.offset, image->eh_frame.filesz, header) &&
	       bytes_read(*header, 8, 4, image->order, &out->rows) &&
	       header->data[0] == EH_VERSION && header->data[2] == EH_UDATA4 &&
	       header->data[3] == EH_DATAREL_SDATA4 &&
	       bytes_has(*header, EH_TABLE_OFFSET, out->rows * EH_ROW);
}

/* The address in a row: of the function, or EH_RECORD bytes behind it of its record. */
static uint64_t row_at(const struct image *image, const struct table *table, uint64_t row,
                       uint64_t column)
{
	uint64_t at = EH_TABLE_OFFSET + row * EH_ROW + column, offset = 0;

	if (effort_look(image->effort, table->header.data + at))
		bytes_read(table->header, at, 4, image->order, &offset);
	return table->address + sign_extended(offset, 32);
}

/* The last row whose function begins at or before @address. */
static bool find_row(const struct image *image, const struct table *table, uint64_t address,
                     uint64_t *row)
{
	uint64_t low = 0;

	for (uint64_t high = table->rows; low < high;) {
		uint64_t middle = low + (high - low) / 2;
		if (row_at(image, table, middle, 0) <= address)
			low = middle + 1;
		else
			high = middle;
	}
	*row = low - 1;
	return low > 0;
}

bool frames_before(const struct image *image, uint64_t address, uint64_t *start)
{
	struct table table;
	uint64_t row;

	if (!read_table(image, &table) || !find_row(image, &table, address, &row))
		return false;
	*start = row_at(image, &table, row, 0);
	return true;
}

/* ---- records of .eh_frame ------------------------------------------------------------------- */

/* The formats and the base of a pointer that are read; what else there is tells nothing here. */
enum { FORMAT = 0x07, FORMAT_ABSOLUTE = 0, FORMAT_4 = 3, FORMAT_8 = 4, BASE = 0x70, BASE_PC = 0x10 };

/* What a record is about, virtual addresses. */
struct frame {
	uint64_t start, size;
};

/* A length, a number that says where what is common to several of them stands, and the contents. */
struct record {
	struct bytes bytes; /* as a whole */
	uint64_t address;   /* virtual */
	uint64_t common;    /* distance back to it from the number; 0: this is such a one */
};

static bool read_record(const struct image *image, uint64_t address, struct record *out)
{
	struct bytes head;
	uint64_t length;

	out->address = address;
	return image_view(image, address, 8, &head) && effort_look(image->effort, head.data) &&
	       bytes_read(head, 0, 4, image->order, &length) && length >= 4 &&
	       length < UINT32_MAX && /* 64-bit DWARF */
	       bytes_read(head, 4, 4, image->order, &out->common) &&
	       image_view(image, address, 4 + length, &out->bytes);
}

/* Moves *@at behind a number of variable length. */
static bool skip_number(struct bytes bytes, uint64_t *at)
{
	enum { NUMBER_MAX = 16 };

	for (int i = 0; i < NUMBER_MAX && bytes_has(bytes, *at, 1); i++)
		if ((bytes.data[(*at)++] & 0x80) == 0)
			return true;
	return false;
}

/* How pointers are encoded in the records that have @common: what follows "zR", as in "zRS". */
static bool read_encoding(const struct image *image, uint64_t common, unsigned *out)
{
	enum { VERSION_AT = 8, AUGMENTATION_AT = 9, AUGMENTATION_MAX = 16 };
	struct record record;
	struct bytes bytes;
	uint64_t at = AUGMENTATION_AT;

	if (!read_record(image, common, &record) || record.common != 0)
		return false;
	bytes = record.bytes;
	if (!bytes_has(bytes, at, 2) || memcmp(bytes.data + at, "zR", 2) != 0)
		return false;
	while (bytes_has(bytes, at, 1) && bytes.data[at] != '\0')
		if (++at > AUGMENTATION_MAX)
			return false;
	at++;
	if (!skip_number(bytes, &at) || !skip_number(bytes, &at)) /* units of code and data */
		return false;
	if (bytes.data[VERSION_AT] == 1)
		at++; /* where the return address is */
	else if (!skip_number(bytes, &at))
		return false;
	if (!skip_number(bytes, &at) || !bytes_has(bytes, at, 1))
		return false;
	*out = bytes.data[at];
	return true;
}

static unsigned width_of(const struct image *image, unsigned encoding)
{
	switch (encoding & FORMAT) {
	case FORMAT_ABSOLUTE: return image_word_size(image);
	case FORMAT_4: return 4;
	case FORMAT_8: return 8;
	default: return 0;
	}
}

/* The function that the record at @address is about. */
static bool read_frame(const struct image *image, const struct record *record, struct frame *out)
{
	enum { START_AT = 8 };
	uint64_t common = record->address + 4 - record->common;
	unsigned encoding, width;

	if (record->common == 0 || !read_encoding(image, common, &encoding))
		return false;
	width = width_of(image, encoding);
	if (width == 0 || !bytes_read(record->bytes, START_AT, width, image->order, &out->start) ||
	    !bytes_read(record->bytes, START_AT + width, width, image->order, &out->size))
		return false;
	if ((encoding & BASE) == BASE_PC)
		out->start = record->address + START_AT + sign_extended(out->start, 8 * width);
	out->start &= image_word_mask(image);
	return true;
}

/* ---- addresses in functions ----------------------------------------------------------------- */

/* Whether one of @addresses is inside @frame. */
static bool is_inside(const struct frame *frame, const uint64_t addresses[], size_t count,
                      size_t *which)
{
	for (*which = 0; *which < count; ++*which)
		if (addresses[*which] > frame->start &&
		    addresses[*which] - frame->start < frame->size)
			return true;
	return false;
}

/* Looks @address up in the sorted table. */
static bool look_up(const struct image *image, const struct table *table, uint64_t address,
                    struct frame *out)
{
	struct record record;
	uint64_t row;

	return find_row(image, table, address, &row) &&
	       row_at(image, table, row, 0) != address && /* as it should be */
	       read_record(image, row_at(image, table, row, EH_RECORD), &record) &&
	       read_frame(image, &record, out);
}

static bool look_up_all(const struct image *image, const struct table *table,
                        const uint64_t addresses[], size_t count, size_t *which,
                        struct frame *out)
{
	size_t first;

	for (*which = 0; *which < count; ++*which)
		if (look_up(image, table, addresses[*which], out) &&
		    is_inside(out, &addresses[*which], 1, &first))
			return true;
	return false;
}

/* No program without a sorted table has a tenth of these functions. */
enum { RECORDS_MAX = 1 << 18 };

/* Without the sorted table: one record after the other. */
static bool walk(const struct image *image, const uint64_t addresses[], size_t count,
                 size_t *which, struct frame *out)
{
	struct section section;
	struct record record;
	uint64_t index = 0, at;

	while (image_section(image, index, &section) && strcmp(section.name, ".eh_frame") != 0)
		index++;
	if (!image_section(image, index, &section))
		return false;
	at = section.address;
	for (size_t i = 0; i < RECORDS_MAX && at - section.address < section.size &&
	                   read_record(image, at, &record); i++) {
		if (read_frame(image, &record, out) && is_inside(out, addresses, count, which))
			return true;
		at += record.bytes.size;
	}
	return false;
}

bool frames_inside(const struct image *image, const uint64_t addresses[], size_t count,
                   size_t *which, uint64_t *start)
{
	struct frame frame = { 0, 0 };
	struct table table;
	bool found = false;

	if (!read_table(image, &table))
		found = walk(image, addresses, count, which, &frame);
	else
		found = look_up_all(image, &table, addresses, count, which, &frame);
	*start = frame.start;
	return found;
}
