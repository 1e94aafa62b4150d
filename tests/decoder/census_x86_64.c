/* SPDX-License-Identifier: MIT */
/*
 * Compares the x86-64 decoder with Zydis at every instruction of the executable sections
 * of ELF files and of the members of archives: length, what runs next, which general
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

enum { SHOWN = 20, SHF_EXECINSTR = 4, SHT_PROGBITS = 1, EM_X86_64 = 62 };

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

static bool is_elf(struct bytes file)
{
	return file.size >= 64 && memcmp(file.data, "\177ELF\2\1", 6) == 0
	    && number_at(file, 18, 2) == EM_X86_64;
}

static void walk_elf(const struct judge *judge, struct bytes file, struct count *count)
{
	uint64_t table = number_at(file, 40, 8), entry_size = number_at(file, 58, 2);

	for (uint64_t i = 0; i < number_at(file, 60, 2); i++) {
		uint64_t header = table + i * entry_size;
		struct bytes code;

		if (number_at(file, header + 4, 4) != SHT_PROGBITS
		    || (number_at(file, header + 8, 8) & SHF_EXECINSTR) == 0)
			continue;
		if (bytes_sub(file, number_at(file, header + 24, 8), number_at(file, header + 32, 8),
		              &code))
			walk(judge, code, number_at(file, header + 16, 8), count);
	}
}

/* An archive: after the magic, members of a 60-byte header with a decimal size at 48. */
static void walk_archive(const struct judge *judge, struct bytes file, struct count *count)
{
	uint64_t at = 8;
	struct bytes member;

	while (bytes_has(file, at, 60)) {
		uint64_t size = strtoull((const char *)file.data + at + 48, NULL, 10);

		if (!bytes_sub(file, at + 60, size, &member))
			return;
		if (is_elf(member))
			walk_elf(judge, member, count);
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
static int census(const struct judge *judge, const char *path)
{
	struct count count = { 0 };
	struct bytes file;

	if (!map_file(path, &file))
		return 2;
	if (file.size > 8 && memcmp(file.data, "!<arch>\n", 8) == 0)
		walk_archive(judge, file, &count);
	else if (is_elf(file))
		walk_elf(judge, file, &count);
	munmap((void *)(uintptr_t)file.data, (size_t)file.size);
	printf("%s: %" PRIu64 " instructions, %" PRIu64 " bytes, %" PRIu64 " bytes rejected, %" PRIu64
	       " differences\n", path, count.instructions, count.bytes, count.rejected,
	       count.differences);
	return count.instructions == 0 ? 2 : count.differences != 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct judge judge;
	int worst = argc < 2 ? 2 : 0;

	judge_init(&judge);
	for (int i = 1; i < argc; i++) {
		int status = census(&judge, argv[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}
