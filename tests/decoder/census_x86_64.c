/* SPDX-License-Identifier: MIT */
/*
 * Compares the decoders of x86-64 and i386 with Zydis at every instruction of the executable
 * sections of ELF files and of the members of archives: length, what runs next, which general
 * registers are written, and the effects on values.
 *
 *   census_x86_64 FILE...
 *
 * One line a file: instructions compared, bytes, bytes that the judge rejects (data between
 * functions), differences. Exit status 1 on any difference, 2 when there was nothing to
 * compare.
 */
#include "judge_x86_64.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN = 20, SHF_EXECINSTR = 4, SHT_PROGBITS = 1 };

struct count {
	uint64_t instructions, bytes, rejected, differences;
};

static uint64_t number_at(struct bytes b, uint64_t off, unsigned width)
{
	uint64_t value = 0;

	if (!bytes_read(b, off, width, ORDER_LITTLE, &value)) {
		fprintf(stderr, "census_x86_64: truncated ELF file\n");
		exit(2);
	}
	return value;
}

/* Walks @code as the judge does: from one instruction to the next, byte by byte over data. */
static void walk(const struct judge *judge, struct bytes code, uint64_t address,
                 struct count *count)
{
	uint64_t at = 0;

	while (at < code.size) {
		struct bytes rest = { code.data + at, code.size - at };
		struct comparison c;

		judge_compare(judge, rest, address + at, &c);
		if (c.verdict == BOTH_REJECT || c.verdict == ONLY_JUDGE_REJECTS) {
			count->rejected++;
			at++;
			continue;
		}
		count->instructions++;
		at += c.theirs.length;
		if (c.verdict == SAME)
			continue;
		if (count->differences++ < SHOWN)
			judge_print(judge, rest, &c);
	}
	count->bytes += code.size;
}

/* The judges of the machines, and where their files have what is read of them. */
static struct reader {
	const struct arch *arch;
	unsigned word, table, entry_size, count; /* of the header: e_shoff, e_shentsize, e_shnum */
	unsigned flags, address, offset, size;   /* of a section header */
	struct judge judge;
} readers[] = {
	{ .arch = &arch_x86_64, 8, 40, 58, 60, 8, 16, 24, 32 },
	{ .arch = &arch_i386, 4, 32, 46, 48, 8, 12, 16, 20 },
};

static const struct reader *reader_of(struct bytes file)
{
	if (file.size < 64 || memcmp(file.data, "\177ELF", 4) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (file.data[4] == (readers[i].arch->is64 ? 2 : 1)
		    && number_at(file, 18, 2) == readers[i].arch->machine)
			return &readers[i];
	return NULL;
}

static void walk_elf(const struct reader *r, struct bytes file, struct count *count)
{
	uint64_t table = number_at(file, r->table, r->word);
	uint64_t entry_size = number_at(file, r->entry_size, 2);

	for (uint64_t i = 0; i < number_at(file, r->count, 2); i++) {
		uint64_t header = table + i * entry_size;
		struct bytes code;

		if (number_at(file, header + 4, 4) != SHT_PROGBITS
		    || (number_at(file, header + r->flags, r->word) & SHF_EXECINSTR) == 0)
			continue;
		if (bytes_sub(file, number_at(file, header + r->offset, r->word),
		              number_at(file, header + r->size, r->word), &code))
			walk(&r->judge, code, number_at(file, header + r->address, r->word), count);
	}
}

/* An archive: after the magic, members of a 60-byte header with a decimal size at 48. */
static void walk_archive(struct bytes file, struct count *count)
{
	uint64_t at = 8;
	struct bytes member;

	while (bytes_has(file, at, 60)) {
		uint64_t size = strtoull((const char *)file.data + at + 48, NULL, 10);

		if (!bytes_sub(file, at + 60, size, &member))
			return;
		if (reader_of(member))
			walk_elf(reader_of(member), member, count);
		at += 60 + size + size % 2;
	}
}

static bool map_file(const char *path, struct bytes *out)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *data = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED) {
		fprintf(stderr, "census_x86_64: %s: cannot read\n", path);
		return false;
	}
	*out = (struct bytes){ data, (uint64_t)st.st_size };
	return true;
}

/* @return the exit status that this file asks for */
static int census(const char *path)
{
	struct count count = { 0 };
	struct bytes file;

	if (!map_file(path, &file))
		return 2;
	if (file.size > 8 && memcmp(file.data, "!<arch>\n", 8) == 0)
		walk_archive(file, &count);
	else if (reader_of(file))
		walk_elf(reader_of(file), file, &count);
	munmap((void *)(uintptr_t)file.data, (size_t)file.size);
	printf("%s: %" PRIu64 " instructions, %" PRIu64 " bytes, %" PRIu64 " bytes rejected, %" PRIu64
	       " differences\n", path, count.instructions, count.bytes, count.rejected,
	       count.differences);
	return count.instructions == 0 ? 2 : count.differences != 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	int worst = argc < 2 ? 2 : 0;

	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		judge_init(&readers[i].judge, readers[i].arch);
	for (int i = 1; i < argc; i++) {
		int status = census(argv[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}
