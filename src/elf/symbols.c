/* SPDX-License-Identifier: MIT */
#include "symbols.h"

#include <string.h>

/*
 * Section headers serve messages and .symtab only, and no loader reads them: a table that does
 * not hold together counts as none. gABI: with many sections the numbers stand in section 0.
 */
void sections_find(struct image *image)
{
	struct bytes ehdr = image->file;
	uint64_t offset = image_known(image, ehdr, 0, E_SHOFF);
	uint64_t count = image_known(image, ehdr, 0, E_SHNUM);
	uint64_t names = image_known(image, ehdr, 0, E_SHSTRNDX);
	unsigned size = SHDR_SIZE(image->is64);

	if (offset == 0 || image_known(image, ehdr, 0, E_SHENTSIZE) != size ||
	    !bytes_has(image->file, offset, size))
		return;
	if (count == 0)
		count = image_known(image, image->file, offset, SH_SIZE);
	if (names == SHN_XINDEX)
		names = image_known(image, image->file, offset, SH_LINK);
	if (!bytes_table(image->file, offset, count, size, &image->sections))
		return;
	image->section_count = count;
	image->section_names = names;
}

/* Names are compared and printed; one that is longer than this serves for neither. */
enum { NAME_MAX_BYTES = 4096 };

/* What it takes to find the end of one, in looks. */
enum { NAME_LOOKS = 4 };

/* And to read a section header. */
enum { SECTION_LOOKS = 16 };

/* The NUL-terminated string at @at of @strings, or "" when it does not end inside. */
static const char *string_at(struct effort *effort, struct bytes strings, uint64_t at)
{
	uint64_t left = at < strings.size ? strings.size - at : 0;

	if (left > NAME_MAX_BYTES)
		left = NAME_MAX_BYTES;
	if (left == 0 || !effort_touch(effort, strings.data + at) ||
	    !memchr(strings.data + at, 0, (size_t)left))
		return "";
	return (const char *)strings.data + at;
}

/* Section @index without its name; false when there is none. */
static bool read_section(const struct image *image, uint64_t index, struct section *out)
{
	uint64_t at = index * SHDR_SIZE(image->is64);

	if (index >= image->section_count || !effort_spend(image->effort, SECTION_LOOKS) ||
	    !effort_touch(image->effort, image->sections.data + at))
		return false;
	*out = (struct section){
		.name = "",
		.type = (uint32_t)image_known(image, image->sections, at, SH_TYPE),
		.link = (uint32_t)image_known(image, image->sections, at, SH_LINK),
		.flags = image_known(image, image->sections, at, SH_FLAGS),
		.address = image_known(image, image->sections, at, SH_ADDR),
		.offset = image_known(image, image->sections, at, SH_OFFSET),
		.size = image_known(image, image->sections, at, SH_SIZE),
		.entsize = image_known(image, image->sections, at, SH_ENTSIZE),
	};
	return true;
}

bool image_section(const struct image *image, uint64_t index, struct section *out)
{
	struct section names;
	struct bytes strings;

	if (!read_section(image, index, out))
		return false;
	if (read_section(image, image->section_names, &names) &&
	    effort_spend(image->effort, NAME_LOOKS * 2) &&
	    bytes_sub(image->file, names.offset, names.size, &strings))
		out->name = string_at(image->effort, strings,
		                      image_known(image, image->sections,
		                                  index * SHDR_SIZE(image->is64), SH_NAME));
	return true;
}

bool image_section_of(const struct image *image, uint64_t address, struct section *out)
{
	for (uint64_t i = 0; read_section(image, i, out); i++)
		if (out->type != SHT_NULL && out->type != SHT_NOBITS && address >= out->address &&
		    address - out->address < out->size)
			return image_section(image, i, out);
	return false;
}

/* For the symbols near @index, and their names. Apart, so that what each one costs is little. */
static bool pay_from(const struct image *image, const struct symtab *table, uint64_t index)
{
	return effort_step(image->effort, index,
	                   table->entries.data + index * SYM_SIZE(image->is64)) &&
	       effort_spend(image->effort, EFFORT_NEAR * NAME_LOOKS);
}

/* Whether there is a symbol @index, for a walk over the table that can still be paid for. */
static bool symtab_has(const struct image *image, const struct symtab *table, uint64_t index)
{
	return index < table->count && (index % EFFORT_NEAR != 0 || pay_from(image, table, index));
}

/* A field of the symbol at @at, which is there as a whole. */
static uint64_t field_at(const struct image *image, const unsigned char *at, struct elf_field field)
{
	return bytes_number(at + field.offset[image->is64], field.width[image->is64],
	                    image->order);
}

bool symtab_get(const struct image *image, const struct symtab *table, uint64_t index,
                struct symbol *out)
{
	const unsigned char *at;
	uint64_t info;

	if (index >= table->count)
		return false;
	at = table->entries.data + index * SYM_SIZE(image->is64);
	if (!effort_spend(image->effort, NAME_LOOKS) || !effort_look(image->effort, at))
		return false;
	info = field_at(image, at, ST_INFO);
	*out = (struct symbol){
		.name = string_at(image->effort, table->strings, field_at(image, at, ST_NAME)),
		.binding = (uint8_t)(info >> 4),
		.type = (uint8_t)(info & 15),
		.shndx = (uint16_t)field_at(image, at, ST_SHNDX),
		.value = field_at(image, at, ST_VALUE),
		.size = field_at(image, at, ST_SIZE),
	};
	return true;
}

bool image_dynsym(const struct image *image, uint64_t index, struct symbol *out)
{
	unsigned size = SYM_SIZE(image->is64);
	uint64_t base = image->dynamic[DYN_SYMTAB];
	struct symtab one = { .count = 1 };

	if (base == 0 || index > (UINT64_MAX - base) / size ||
	    !image_view(image, base + index * size, size, &one.entries))
		return false;
	if (!image_view(image, image->dynamic[DYN_STRTAB], image->dynamic[DYN_STRSZ], &one.strings))
		return false;
	return symtab_get(image, &one, 0, out);
}

const char *image_needed(const struct image *image, unsigned index)
{
	unsigned size = DYN_SIZE(image->is64);
	struct bytes table, strings;

	if (!image->has_dynamic ||
	    !bytes_sub(image->file, image->dynamic_segment.offset,
	               image->dynamic_segment.filesz, &table) ||
	    !image_view(image, image->dynamic[DYN_STRTAB], image->dynamic[DYN_STRSZ], &strings))
		return NULL;
	for (uint64_t at = 0; bytes_has(table, at, size); at += size) {
		uint64_t tag = image_known(image, table, at, D_TAG);
		if (tag == DT_NULL)
			break;
		if (tag == DT_NEEDED && index-- == 0)
			return string_at(image->effort, strings,
			                 image_known(image, table, at, D_VAL));
	}
	return NULL;
}

static bool find_symbols(const struct image *image, uint32_t type, struct symtab *out)
{
	unsigned size = SYM_SIZE(image->is64);
	struct section table, strings;

	for (uint64_t i = 0; read_section(image, i, &table); i++) {
		if (table.type != type)
			continue;
		if (table.entsize != size || !read_section(image, table.link, &strings))
			return false;
		out->offset = table.offset;
		out->count = table.size / size;
		return bytes_sub(image->file, table.offset, table.size, &out->entries) &&
		       bytes_sub(image->file, strings.offset, strings.size, &out->strings);
	}
	return false;
}

bool image_symtab(const struct image *image, struct symtab *out)
{
	return find_symbols(image, SHT_SYMTAB, out);
}

bool image_dynsym_section(const struct image *image, struct symtab *out)
{
	return find_symbols(image, SHT_DYNSYM, out);
}

/* Whether the string at @at of @strings is @name, of @size bytes with its end. */
static bool is_named(struct effort *effort, struct bytes strings, uint64_t at, const char *name,
                     size_t size)
{
	return bytes_has(strings, at, size) && effort_touch(effort, strings.data + at) &&
	       memcmp(strings.data + at, name, size) == 0;
}

bool symtab_find(const struct image *image, const struct symtab *table, const char *name,
                 uint64_t *index, struct symbol *out)
{
	unsigned step = SYM_SIZE(image->is64);
	size_t size = strlen(name) + 1;

	for (; symtab_has(image, table, *index); ++*index)
		if (is_named(image->effort, table->strings,
		             field_at(image, table->entries.data + *index * step, ST_NAME), name,
		             size))
			return symtab_get(image, table, *index, out);
	return false;
}

bool image_symbol(const struct image *image, const char *name, struct symbol *out)
{
	struct symtab table;
	uint64_t index = 0;

	return image_symtab(image, &table) && symtab_find(image, &table, name, &index, out);
}

/* Where "@name <digit>" stands in @comment, or NULL. @name ends in a space. */
static const unsigned char *find_name(struct bytes comment, const char *name)
{
	size_t len = strlen(name);

	for (uint64_t i = 0; bytes_has(comment, i, len + 1); i++) {
		const unsigned char *at = comment.data + i;
		if (memcmp(at, name, len) == 0 && at[len] >= '0' && at[len] <= '9')
			return at;
	}
	return NULL;
}

/* A real one has some hundred bytes: a line for each compiler and linker. */
enum { COMMENT_MAX_BYTES = 65536 };

static bool find_comment(const struct image *image, struct bytes *out)
{
	struct section section;

	for (uint64_t i = 0; read_section(image, i, &section); i++)
		if (section.type == SHT_PROGBITS && section.address == 0 &&
		    image_section(image, i, &section) && strcmp(section.name, ".comment") == 0)
			return bytes_sub(image->file, section.offset,
			                 section.size < COMMENT_MAX_BYTES ? section.size
			                                                  : COMMENT_MAX_BYTES, out);
	return false;
}

/* Copies "@name VERSION" from @comment; false when it is not there. */
static bool copy_name(struct bytes comment, const char *name, char *out, size_t size)
{
	const unsigned char *at = find_name(comment, name), *end = comment.data + comment.size;
	size_t n = 0;

	if (!at)
		return false;
	for (; at + n < end && n + 1 < size; n++) {
		bool digit = at[n] >= '0' && at[n] <= '9';
		if (n >= strlen(name) && at[n] != '.' && !digit)
			break;
		out[n] = (char)at[n];
	}
	out[n] = '\0';
	return true;
}

bool image_linker(const struct image *image, char *out, size_t size)
{
	struct bytes comment;

	return find_comment(image, &comment) && (copy_name(comment, "LLD ", out, size) ||
	                                         copy_name(comment, "mold ", out, size));
}
