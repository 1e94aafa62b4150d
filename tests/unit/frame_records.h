/* SPDX-License-Identifier: MIT */
/* .eh_frame with two functions, and the sorted table of them. */
#ifndef TEST_FRAME_RECORDS_H
#define TEST_FRAME_RECORDS_H

#include "synthetic.h"

#define HEADER (BASE + 0xe00)
#define RECORDS (BASE + 0xe80)
#define FIRST (TEXT + 0x40)
#define SECOND (TEXT + 0x800)

enum { FIRST_SIZE = 0x100, SECOND_SIZE = 0x20, PC_RELATIVE_4 = 0x1b };

static inline void put4(struct synthetic *s, uint64_t at, uint64_t value)
{
	bytes_store(s->data + synthetic_offset(at), 4, s->order, value);
}

/* What all records have in common. @return the address behind it */
static inline uint64_t put_common(struct synthetic *s, uint64_t at, const char *augmentation)
{
	unsigned char *to = s->data + synthetic_offset(at);
	size_t length = strlen(augmentation) + 1;
	/* units of code and data, register of the return address; length, encoding, three nops */
	const unsigned char rest[] = { 1, 0x78, 0x80, 0x01, 1, PC_RELATIVE_4, 0, 0, 0 };

	put4(s, at, 4 + 1 + length + sizeof(rest));
	put4(s, at + 4, 0);
	to[8] = 3;
	memcpy(to + 9, augmentation, length);
	memcpy(to + 9 + length, rest, sizeof(rest));
	return at + 9 + length + sizeof(rest);
}

static inline uint64_t put_record(struct synthetic *s, uint64_t at, uint64_t start, uint64_t size)
{
	put4(s, at, 16);
	put4(s, at + 4, at + 4 - RECORDS);
	put4(s, at + 8, start - (at + 8));
	put4(s, at + 12, size);
	put4(s, at + 16, 0);
	return at + 20;
}

/* Records of two functions, of which the second begins at @second. @return where they stand */
static inline uint64_t put_records(struct synthetic *s, const char *augmentation, uint64_t second)
{
	uint64_t first = put_common(s, RECORDS, augmentation);

	put4(s, put_record(s, put_record(s, first, FIRST, FIRST_SIZE), second, SECOND_SIZE), 0);
	return first;
}

static inline void put_row(struct synthetic *s, unsigned row, uint64_t start, uint64_t record)
{
	put4(s, HEADER + 12 + 8 * row, start - HEADER);
	put4(s, HEADER + 16 + 8 * row, record - HEADER);
}

static inline void put_table(struct synthetic *s, uint64_t first, uint64_t second)
{
	static const unsigned char encodings[] = { 1, 0x1b, 0x03, 0x3b };

	memcpy(s->data + synthetic_offset(HEADER), encodings, 4);
	put4(s, HEADER + 8, 2);
	put_row(s, 0, FIRST, first);
	put_row(s, 1, second, first + 20);
	synthetic_phdr(s, PT_GNU_EH_FRAME, HEADER, 28, 28, PF_R);
}

/* .eh_frame in the section headers. */
static inline void put_section(struct synthetic *s)
{
	static const char names[] = "\0.eh_frame";
	uint64_t at = BOUND_SECTIONS_AT + SHDR_SIZE(s->is64);

	synthetic_set(s, 0, E_SHOFF, BOUND_SECTIONS_AT);
	synthetic_set(s, 0, E_SHNUM, 3);
	synthetic_set(s, 0, E_SHENTSIZE, SHDR_SIZE(s->is64));
	synthetic_set(s, 0, E_SHSTRNDX, 2);
	synthetic_section(s, 1, SHT_PROGBITS, RECORDS, synthetic_offset(RECORDS), 0x80, 0);
	synthetic_section(s, 2, 3, 0, BOUND_STRTAB_AT, sizeof(names), 0);
	synthetic_set(s, at, SH_NAME, 1);
	memcpy(s->data + BOUND_STRTAB_AT, names, sizeof(names));
}

#endif
