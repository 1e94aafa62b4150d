/* SPDX-License-Identifier: MIT */
/* Headers of every width and byte order, and lookups at the edges of what they describe. */
#include "synthetic.h"

/* ---- where the gABI puts each field --------------------------------------------------------- */

/* One number of a file: its place in ELF32 [0] and ELF64 [1]. */
struct number {
	unsigned offset[2], width[2];
	uint64_t value;
};

enum { PHDRS = 0x80, DYN = 0x100, SYMBOLS = 0x180, STRINGS = 0x1c0, ENTRIES = 0x1e0,
       SECTIONS = 0x240, NAMES = 0x300, SIZE = 0x400 };

#define PHDR(n, of32, of64) { PHDRS + (n) * 32 + (of32), PHDRS + (n) * 56 + (of64) }
#define TAG(n) { DYN + (n) * 8, DYN + (n) * 16 }
#define VALUE(n) { DYN + (n) * 8 + 4, DYN + (n) * 16 + 8 }
#define SECTION(n, of32, of64) { SECTIONS + (n) * 40 + (of32), SECTIONS + (n) * 64 + (of64) }

static const struct number numbers[] = {
	{ { 16, 16 }, { 2, 2 }, ET_EXEC },          /* e_type */
	{ { 18, 18 }, { 2, 2 }, 0x1234 },           /* e_machine */
	{ { 20, 20 }, { 4, 4 }, 1 },                /* e_version */
	{ { 24, 24 }, { 4, 8 }, 0x10567 },          /* e_entry */
	{ { 28, 32 }, { 4, 8 }, PHDRS },            /* e_phoff */
	{ { 32, 40 }, { 4, 8 }, SECTIONS },         /* e_shoff */
	{ { 44, 56 }, { 2, 2 }, 2 },                /* e_phnum */
	{ { 48, 60 }, { 2, 2 }, 2 },                /* e_shnum */
	{ { 50, 62 }, { 2, 2 }, 1 },                /* e_shstrndx */
	{ PHDR(0, 0, 0), { 4, 4 }, PT_LOAD },       /* p_type */
	{ PHDR(0, 4, 8), { 4, 8 }, 0 },             /* p_offset */
	{ PHDR(0, 8, 16), { 4, 8 }, 0x10000 },      /* p_vaddr */
	{ PHDR(0, 16, 32), { 4, 8 }, SIZE },        /* p_filesz */
	{ PHDR(0, 20, 40), { 4, 8 }, SIZE + 0x10 }, /* p_memsz */
	{ PHDR(0, 24, 4), { 4, 4 }, PF_R | PF_X },  /* p_flags */
	{ PHDR(1, 0, 0), { 4, 4 }, PT_DYNAMIC },
	{ PHDR(1, 4, 8), { 4, 8 }, DYN },
	{ PHDR(1, 8, 16), { 4, 8 }, 0x10000 + DYN },
	{ PHDR(1, 16, 32), { 4, 8 }, 0x70 },
	{ PHDR(1, 20, 40), { 4, 8 }, 0x70 },
	{ TAG(0), { 4, 8 }, 6 }, { VALUE(0), { 4, 8 }, 0x10000 + SYMBOLS }, /* DT_SYMTAB */
	{ TAG(1), { 4, 8 }, 5 }, { VALUE(1), { 4, 8 }, 0x10000 + STRINGS }, /* DT_STRTAB */
	{ TAG(2), { 4, 8 }, 10 }, { VALUE(2), { 4, 8 }, 8 },                /* DT_STRSZ */
	{ TAG(3), { 4, 8 }, 7 }, { VALUE(3), { 4, 8 }, 0x10000 + ENTRIES }, /* DT_RELA */
	{ { SYMBOLS + 16, SYMBOLS + 24 }, { 4, 4 }, 1 },                    /* st_name */
	{ { SYMBOLS + 16 + 4, SYMBOLS + 24 + 8 }, { 4, 8 }, 0x10111 },      /* st_value */
	{ { SYMBOLS + 16 + 8, SYMBOLS + 24 + 16 }, { 4, 8 }, 0x22 },        /* st_size */
	{ { SYMBOLS + 16 + 12, SYMBOLS + 24 + 4 }, { 1, 1 }, 0x2a },        /* st_info */
	{ { SYMBOLS + 16 + 14, SYMBOLS + 24 + 6 }, { 2, 2 }, 0x3344 },      /* st_shndx */
	{ SECTION(1, 0, 0), { 4, 4 }, 1 },          /* sh_name */
	{ SECTION(1, 4, 4), { 4, 4 }, 3 },          /* sh_type */
	{ SECTION(1, 12, 16), { 4, 8 }, 0x10300 },  /* sh_addr */
	{ SECTION(1, 16, 24), { 4, 8 }, NAMES },    /* sh_offset */
	{ SECTION(1, 20, 32), { 4, 8 }, 8 },        /* sh_size */
	{ SECTION(1, 24, 40), { 4, 4 }, 0x55 },     /* sh_link */
	{ SECTION(1, 36, 56), { 4, 8 }, 0x66 },     /* sh_entsize */
};

/* Writes a number most significant byte first, or last. */
static void put(unsigned char *to, unsigned width, bool big, uint64_t value)
{
	for (unsigned i = 0; i < width; i++)
		to[i] = (unsigned char)(value >> 8 * (big ? width - 1 - i : i));
}

static void fill(unsigned char data[SIZE], bool is64, bool big)
{
	static const unsigned phentsize_at[] = { 42, 54 }, phentsize[] = { 32, 56 };
	static const unsigned shentsize_at[] = { 46, 58 }, shentsize[] = { 40, 64 };

	memset(data, 0, SIZE);
	memcpy(data, "\177ELF", 4);
	data[4] = is64 ? 2 : 1;
	data[5] = big ? 2 : 1;
	data[6] = 1;
	put(data + phentsize_at[is64], 2, big, phentsize[is64]);
	put(data + shentsize_at[is64], 2, big, shentsize[is64]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put(data + numbers[i].offset[is64], numbers[i].width[is64], big, numbers[i].value);
	memcpy(data + STRINGS, "\0absent", 8);
	memcpy(data + NAMES, "\0.names", 8);
}

static void check_headers(const struct image *image, bool is64, bool big)
{
	assert_int_equal(image->is64, is64);
	assert_int_equal(image->order, big ? ORDER_BIG : ORDER_LITTLE);
	assert_int_equal(image->type, ET_EXEC);
	assert_int_equal(image->machine, 0x1234);
	assert_int_equal(image->entry, 0x10567);
	assert_int_equal(image->kind, IMAGE_STATIC);
	assert_int_equal(image_word_size(image), is64 ? 8 : 4);
	assert_int_equal(image->load_count, 1);
	assert_int_equal(image->loads[0].vaddr, 0x10000);
	assert_int_equal(image->loads[0].filesz, SIZE);
	assert_int_equal(image->loads[0].memsz, SIZE + 0x10);
	assert_int_equal(image->loads[0].flags, PF_R | PF_X);
	assert_true(image->has_dynamic);
	assert_false(image->has_abi_tag);
	assert_int_equal(image->dynamic[DYN_SYMTAB], 0x10000 + SYMBOLS);
	assert_int_equal(image->dynamic[DYN_STRSZ], 8);
	assert_int_equal(image->dynamic[DYN_RELA], 0x10000 + ENTRIES);
	assert_int_equal(image->dynamic[DYN_RELASZ], 0);
}

static void check_tables(const struct image *image)
{
	struct symbol symbol;
	struct section section;

	assert_true(image_dynsym(image, 1, &symbol));
	assert_string_equal(symbol.name, "absent");
	assert_int_equal(symbol.value, 0x10111);
	assert_int_equal(symbol.size, 0x22);
	assert_int_equal(symbol.binding, STB_WEAK);
	assert_int_equal(symbol.type, STT_GNU_IFUNC);
	assert_int_equal(symbol.shndx, 0x3344);
	assert_true(image_section(image, 1, &section));
	assert_string_equal(section.name, ".names");
	assert_int_equal(section.type, 3);
	assert_int_equal(section.address, 0x10300);
	assert_int_equal(section.offset, NAMES);
	assert_int_equal(section.size, 8);
	assert_int_equal(section.link, 0x55);
	assert_int_equal(section.entsize, 0x66);
	assert_false(image_section(image, 2, &section));
}

static void test_every_width_and_order(void **state)
{
	unsigned char data[SIZE];
	struct outcome why;
	struct image image;

	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		bool is64 = variant & 1, big = variant & 2;
		fill(data, is64, big);
		assert_true(image_parse((struct bytes){ data, SIZE }, &image, &why));
		check_headers(&image, is64, big);
		check_tables(&image);
		image_free(&image);
	}
}

static void test_word(void **state)
{
	unsigned char data[SIZE];
	struct outcome why;
	struct image image;
	uint64_t word;

	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		bool is64 = variant & 1, big = variant & 2;
		unsigned width = is64 ? 8 : 4;
		fill(data, is64, big);
		put(data + SIZE - width, width, big, 0x01020304);
		assert_true(image_parse((struct bytes){ data, SIZE }, &image, &why));
		assert_true(image_word(&image, 0x10000 + SIZE - width, &word));
		assert_int_equal(word, 0x01020304);
		assert_false(image_word(&image, 0x10000 + SIZE - width + 1, &word));
		image_free(&image);
	}
}

/* ---- addresses ------------------------------------------------------------------------------ */

static void with_loads(struct synthetic *s)
{
	synthetic_begin(s, &arch_x86_64);
	synthetic_end(s);
}

static void test_segment_edges(void **state)
{
	struct synthetic s;

	(void)state;
	with_loads(&s);
	assert_null(image_segment(&s.image, 0, 1));
	assert_null(image_segment(&s.image, BASE - 1, 1));
	assert_null(image_segment(&s.image, BASE - 1, 2));
	assert_int_equal(image_segment(&s.image, BASE, 1)->vaddr, BASE);
	assert_int_equal(image_segment(&s.image, BASE + 0xfff, 1)->vaddr, BASE);
	assert_null(image_segment(&s.image, BASE + 0xfff, 2));
	assert_null(image_segment(&s.image, BASE + 0x1000, 1));
	assert_null(image_segment(&s.image, TEXT - 1, 1));
	assert_int_equal(image_segment(&s.image, TEXT, 0x1000)->vaddr, TEXT);
	assert_null(image_segment(&s.image, TEXT, 0x1001));
	assert_int_equal(image_segment(&s.image, DATA_END - 1, 1)->vaddr, DATA);
	assert_null(image_segment(&s.image, DATA_END, 0));
	assert_null(image_segment(&s.image, UINT64_MAX, 1));
	assert_null(image_segment(&s.image, TEXT, UINT64_MAX));
	synthetic_free(&s);
}

static void test_offset_edges(void **state)
{
	struct synthetic s;
	uint64_t offset = 42;

	(void)state;
	with_loads(&s);
	assert_true(image_offset(&s.image, TEXT + 5, 3, &offset));
	assert_int_equal(offset, 0x1005);
	assert_true(image_offset(&s.image, MEMORY_ONLY - 1, 1, &offset));
	assert_int_equal(offset, 0x2fff);
	offset = 42;
	assert_false(image_offset(&s.image, MEMORY_ONLY - 1, 2, &offset));
	assert_false(image_offset(&s.image, MEMORY_ONLY, 1, &offset));
	assert_false(image_offset(&s.image, DATA_END - 1, 1, &offset));
	assert_false(image_offset(&s.image, DATA, 0x1001, &offset));
	assert_int_equal(offset, 42);
	synthetic_free(&s);
}

static void test_view(void **state)
{
	struct synthetic s;
	struct bytes view;

	(void)state;
	with_loads(&s);
	assert_true(image_view(&s.image, BASE, 4, &view));
	assert_memory_equal(view.data, "\177ELF", 4);
	assert_int_equal(view.size, 4);
	assert_false(image_view(&s.image, BASE + 0xffd, 4, &view));
	synthetic_free(&s);
}

static void test_segments_side_by_side(void **state)
{
	struct synthetic s;
	uint64_t offset;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_set(&s, PHDRS_AT, P_MEMSZ, TEXT - BASE);
	synthetic_end(&s);
	assert_int_equal(image_segment(&s.image, TEXT - 1, 1)->vaddr, BASE);
	assert_int_equal(image_segment(&s.image, TEXT, 1)->vaddr, TEXT);
	assert_null(image_segment(&s.image, TEXT - 1, 2));
	assert_false(image_offset(&s.image, TEXT - 1, 1, &offset));
	synthetic_free(&s);
}

/* ---- what kind of file ---------------------------------------------------------------------- */

static enum image_kind kind_of(struct synthetic *s)
{
	enum image_kind kind;

	assert_true(image_parse((struct bytes){ s->data, FILE_SIZE }, &s->image, &s->why));
	kind = s->image.kind;
	image_free(&s->image);
	return kind;
}

static void test_kinds(void **state)
{
	struct synthetic s;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	assert_int_equal(kind_of(&s), IMAGE_STATIC);
	synthetic_set(&s, 0, E_TYPE, ET_DYN);
	assert_int_equal(kind_of(&s), IMAGE_DYNAMIC);
	synthetic_tag(&s, DT_FLAGS_1, DF_1_PIE);
	synthetic_phdr(&s, PT_DYNAMIC, DYNAMIC, 16, 16, PF_R);
	assert_int_equal(kind_of(&s), IMAGE_STATIC_PIE);
	synthetic_set(&s, 0, E_TYPE, ET_EXEC);
	assert_int_equal(kind_of(&s), IMAGE_STATIC_PIE);
	synthetic_set(&s, 0, E_TYPE, ET_DYN);
	assert_false(s.image.has_interp);
	synthetic_phdr(&s, PT_INTERP, DYNSTR, 1, 1, PF_R);
	assert_int_equal(kind_of(&s), IMAGE_STATIC_PIE); /* as it would be without */
	assert_true(s.image.has_interp);
	synthetic_set(&s, 0, E_TYPE, ET_REL);
	assert_int_equal(kind_of(&s), IMAGE_OTHER);
	synthetic_set(&s, 0, E_TYPE, ET_CORE);
	assert_int_equal(kind_of(&s), IMAGE_OTHER);
}

/* Nothing that no startup code looks at makes a file malformed. */
static void test_what_does_not_start_here_is_not_judged(void **state)
{
	struct synthetic s;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_set(&s, PHDRS_AT, P_FILESZ, UINT64_MAX);
	assert_false(image_parse((struct bytes){ s.data, FILE_SIZE }, &s.image, &s.why));
	assert_int_equal(s.why.status, IRELFIX_FILE);
	image_free(&s.image);
	synthetic_phdr(&s, PT_INTERP, DYNSTR, 1, 1, PF_R);
	assert_int_equal(kind_of(&s), IMAGE_DYNAMIC);
	synthetic_set(&s, 0, E_TYPE, ET_REL);
	synthetic_set(&s, 0, E_PHOFF, UINT64_MAX);
	assert_int_equal(kind_of(&s), IMAGE_OTHER);
}

static bool has_abi_tag(struct synthetic *s)
{
	bool found;

	assert_true(image_parse((struct bytes){ s->data, FILE_SIZE }, &s->image, &s->why));
	found = s->image.has_abi_tag;
	image_free(&s->image);
	return found;
}

static void test_abi_tag(void **state)
{
	struct synthetic s;
	unsigned char *note;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	note = s.data + synthetic_offset(NOTE);
	assert_true(has_abi_tag(&s));
	note[12] = 'X'; /* another owner */
	assert_false(has_abi_tag(&s));
	note[12] = 'G';
	note[8] = 3; /* another type: a build ID */
	assert_false(has_abi_tag(&s));
	/* behind another note, whose name and descriptor are padded to 4 bytes */
	memcpy(note, "\2\0\0\0\1\0\0\0\7\0\0\0X\0\0\0d\0\0\0", 20);
	memcpy(note + 20, "\4\0\0\0\0\0\0\0\1\0\0\0GNU", 16);
	synthetic_set(&s, PHDRS_AT + 3 * PHDR_SIZE(true), P_FILESZ, 36);
	assert_true(has_abi_tag(&s));
	synthetic_set(&s, PHDRS_AT + 3 * PHDR_SIZE(true), P_FILESZ, 35);
	assert_false(has_abi_tag(&s));
}

static void test_dynamic_stops_at_null(void **state)
{
	struct synthetic s;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_tag(&s, DT_RELA, 0x1234);
	synthetic_tag(&s, DT_NULL, 0);
	synthetic_tag(&s, DT_RELASZ, 24);
	synthetic_phdr(&s, PT_DYNAMIC, DYNAMIC, 48, 48, PF_R);
	assert_true(image_parse((struct bytes){ s.data, FILE_SIZE }, &s.image, &s.why));
	assert_int_equal(s.image.dynamic[DYN_RELA], 0x1234);
	assert_int_equal(s.image.dynamic[DYN_RELASZ], 0);
	synthetic_free(&s);
}

static void test_part_of_an_entry_at_the_end_is_none(void **state)
{
	struct synthetic s;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_tag(&s, DT_RELA, 0x1234);
	synthetic_phdr(&s, PT_DYNAMIC, DYNAMIC, 15, 15, PF_R);
	assert_true(image_parse((struct bytes){ s.data, FILE_SIZE }, &s.image, &s.why));
	assert_true(s.image.has_dynamic);
	assert_int_equal(s.image.dynamic[DYN_RELA], 0);
	synthetic_free(&s);
}

/* ---- symbols and sections ------------------------------------------------------------------- */

static void test_dynamic_symbol_edges(void **state)
{
	struct synthetic s;
	struct symbol symbol;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_weak(&s, "first");
	synthetic_symbol(&s, "last", STB_GLOBAL, 7, TEXT);
	synthetic_end(&s);
	assert_true(image_dynsym(&s.image, 2, &symbol));
	assert_string_equal(symbol.name, "last");
	assert_int_equal(symbol.binding, STB_GLOBAL);
	assert_int_equal(symbol.shndx, 7);
	/* no header tells how many there are: the segment ends at symbol (0x1000 - 0x340) / 24 */
	assert_true(image_dynsym(&s.image, 135, &symbol));
	assert_false(image_dynsym(&s.image, 136, &symbol));
	assert_false(image_dynsym(&s.image, UINT32_MAX, &symbol));
	assert_false(image_dynsym(&s.image, UINT64_MAX, &symbol));
	synthetic_free(&s);
}

static void test_names_that_do_not_end(void **state)
{
	struct synthetic s;
	struct symbol symbol;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_weak(&s, "name");
	s.strings--; /* DT_STRSZ: without its NUL */
	synthetic_end(&s);
	assert_true(image_dynsym(&s.image, 1, &symbol));
	assert_string_equal(symbol.name, "");
	s.image.dynamic[DYN_STRSZ] = UINT64_MAX;
	assert_false(image_dynsym(&s.image, 1, &symbol));
	s.image.dynamic[DYN_STRSZ] = s.strings + 1;
	assert_true(image_dynsym(&s.image, 1, &symbol));
	assert_string_equal(symbol.name, "name");
	synthetic_free(&s);
}

/* Section headers at 0x2800: none, .symtab, .strtab, .comment, .shstrtab. */
enum { SHDRS_AT = 0x2800, SYMTAB_AT = 0x2a00, STRTAB_AT = 0x2b00, COMMENT_AT = 0x2c00,
       NAMES_AT = 0x2d00 };

static void put_section(struct synthetic *s, unsigned index, uint64_t name, uint32_t type,
                        uint64_t offset, uint64_t size)
{
	uint64_t at = SHDRS_AT + index * SHDR_SIZE(true);

	synthetic_set(s, at, SH_NAME, name);
	synthetic_set(s, at, SH_TYPE, type);
	synthetic_set(s, at, SH_OFFSET, offset);
	synthetic_set(s, at, SH_SIZE, size);
	synthetic_set(s, 0, E_SHNUM, index + 1);
}

static void put_static_symbol(struct synthetic *s, unsigned index, uint64_t name, uint64_t value)
{
	uint64_t at = SYMTAB_AT + index * SYM_SIZE(true);

	synthetic_set(s, at, ST_NAME, name);
	synthetic_set(s, at, ST_VALUE, value);
}

static void with_sections(struct synthetic *s)
{
	static const char comment[] = "\0GCC: (Debian) 12.2.0\0Linker: LLD 22.1.8 (rev)\0";

	synthetic_begin(s, &arch_x86_64);
	synthetic_set(s, 0, E_SHOFF, SHDRS_AT);
	synthetic_set(s, 0, E_SHENTSIZE, SHDR_SIZE(true));
	synthetic_set(s, 0, E_SHSTRNDX, 4);
	put_section(s, 1, 1, SHT_SYMTAB, SYMTAB_AT, 3 * SYM_SIZE(true));
	synthetic_set(s, SHDRS_AT + SHDR_SIZE(true), SH_ENTSIZE, SYM_SIZE(true));
	synthetic_set(s, SHDRS_AT + SHDR_SIZE(true), SH_LINK, 2);
	put_section(s, 2, 0, 3, STRTAB_AT, 11);
	put_section(s, 3, 9, 1, COMMENT_AT, sizeof(comment));
	put_section(s, 4, 18, 3, NAMES_AT, 28);
	memcpy(s->data + NAMES_AT, "\0.symtab\0.comment\0.shstrtab", 28);
	memcpy(s->data + STRTAB_AT, "\0begin\0end", 11);
	memcpy(s->data + COMMENT_AT, comment, sizeof(comment));
	put_static_symbol(s, 1, 1, BASE);
	put_static_symbol(s, 2, 7, TEXT);
	synthetic_end(s);
}

static void test_static_symbols(void **state)
{
	struct synthetic s;
	struct symtab table;
	struct symbol symbol;

	(void)state;
	with_sections(&s);
	assert_true(image_symtab(&s.image, &table));
	assert_int_equal(table.count, 3);
	assert_int_equal(table.offset, SYMTAB_AT);
	assert_true(symtab_get(&s.image, &table, 2, &symbol));
	assert_string_equal(symbol.name, "end");
	assert_false(symtab_get(&s.image, &table, 3, &symbol));
	assert_true(image_symbol(&s.image, "begin", &symbol));
	assert_int_equal(symbol.value, BASE);
	assert_false(image_symbol(&s.image, "begi", &symbol));
	synthetic_free(&s);
}

/* A .symtab that does not hold together counts as none. */
static void test_static_symbols_that_lie(void **state)
{
	static const struct { struct elf_field field; uint64_t value; } lies[] = {
		{ FIELD(36, 56, 4, 8), 0 },          /* sh_entsize */
		{ FIELD(36, 56, 4, 8), 16 },
		{ FIELD(24, 40, 4, 4), 5 },          /* sh_link */
		{ FIELD(24, 40, 4, 4), UINT32_MAX },
		{ FIELD(16, 24, 4, 8), UINT64_MAX }, /* sh_offset */
		{ FIELD(20, 32, 4, 8), UINT64_MAX }, /* sh_size */
		{ FIELD(20, 32, 4, 8), FILE_SIZE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct synthetic s;
		struct symtab table;
		with_sections(&s);
		synthetic_set(&s, SHDRS_AT + SHDR_SIZE(true), lies[i].field, lies[i].value);
		assert_false(image_symtab(&s.image, &table));
		synthetic_free(&s);
	}
}

static void test_section_lookups(void **state)
{
	struct synthetic s;
	struct section section;

	(void)state;
	with_sections(&s);
	assert_true(image_section(&s.image, 3, &section));
	assert_string_equal(section.name, ".comment");
	assert_true(image_section(&s.image, 0, &section));
	assert_string_equal(section.name, "");
	assert_false(image_section(&s.image, 5, &section));
	assert_false(image_section(&s.image, UINT64_MAX, &section));
	s.image.section_names = 5;
	assert_true(image_section(&s.image, 3, &section));
	assert_string_equal(section.name, "");
	synthetic_free(&s);
}

static void test_linker(void **state)
{
	struct synthetic s;
	char name[32], small[6];

	(void)state;
	with_sections(&s);
	assert_true(image_linker(&s.image, name, sizeof(name)));
	assert_string_equal(name, "LLD 22.1.8");
	assert_true(image_linker(&s.image, small, sizeof(small)));
	assert_string_equal(small, "LLD 2");
	/* the section ends within the version */
	put_section(&s, 3, 9, 1, COMMENT_AT, 36);
	assert_true(image_linker(&s.image, name, sizeof(name)));
	assert_string_equal(name, "LLD 22");
	put_section(&s, 3, 9, 1, COMMENT_AT, 34);
	assert_false(image_linker(&s.image, name, sizeof(name)));
	memcpy(s.data + COMMENT_AT, "mold 2.37.1 (x", 14);
	assert_true(image_linker(&s.image, name, sizeof(name)));
	assert_string_equal(name, "mold 2.37.1");
	synthetic_free(&s);
}

static void test_many_sections(void **state)
{
	struct synthetic s;
	struct section section;

	(void)state;
	synthetic_begin(&s, &arch_x86_64);
	synthetic_set(&s, 0, E_SHOFF, SHDRS_AT);
	synthetic_set(&s, 0, E_SHENTSIZE, SHDR_SIZE(true));
	put_section(&s, 1, 1, 3, NAMES_AT, 8);
	memcpy(s.data + NAMES_AT, "\0.names", 8);
	synthetic_set(&s, SHDRS_AT, SH_SIZE, 2);
	synthetic_set(&s, SHDRS_AT, SH_LINK, 1);
	synthetic_set(&s, 0, E_SHNUM, 0);
	synthetic_set(&s, 0, E_SHSTRNDX, SHN_XINDEX);
	synthetic_end(&s);
	assert_int_equal(s.image.section_count, 2);
	assert_true(image_section(&s.image, 1, &section));
	assert_string_equal(section.name, ".names");
	synthetic_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_width_and_order),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_segment_edges),
		cmocka_unit_test(test_offset_edges),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_segments_side_by_side),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_what_does_not_start_here_is_not_judged),
		cmocka_unit_test(test_abi_tag),
		cmocka_unit_test(test_dynamic_stops_at_null),
		cmocka_unit_test(test_part_of_an_entry_at_the_end_is_none),
		cmocka_unit_test(test_dynamic_symbol_edges),
		cmocka_unit_test(test_names_that_do_not_end),
		cmocka_unit_test(test_static_symbols),
		cmocka_unit_test(test_static_symbols_that_lie),
		cmocka_unit_test(test_section_lookups),
		cmocka_unit_test(test_linker),
		cmocka_unit_test(test_many_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
