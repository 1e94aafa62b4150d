/* SPDX-License-Identifier: MIT */
/*
 * A validated ELF image: headers as host-order values, and addresses turned into views. Class
 * and byte order are dealt with on this floor and nowhere else.
 */
#ifndef IRELFIX_IMAGE_H
#define IRELFIX_IMAGE_H

#include "bytes.h"
#include "elfdef.h"
#include "../base/effort.h"
#include "../base/status.h"

/** What kind of file it is, as far as irelfix needs to know. */
enum image_kind {
	IMAGE_OTHER,      /**< relocatable object, core file, ... : nothing starts it */
	IMAGE_DYNAMIC,    /**< a shared library, or malformed and with a PT_INTERP */
	IMAGE_STATIC,     /**< ET_EXEC; static unless has_interp */
	IMAGE_STATIC_PIE, /**< marked DF_1_PIE: ET_DYN, or ET_EXEC (mold -Ttext); same */
};

/** A program header whose file range is inside the file and whose address range does not wrap. */
struct segment {
	uint32_t type, flags;
	uint32_t order;          /**< index of its program header */
	uint64_t offset, filesz; /**< bytes, in the file */
	uint64_t vaddr, memsz;   /**< virtual address, bytes */
};

/** The entries of PT_DYNAMIC that irelfix reads; a tag that is absent has value 0. */
enum dynamic_tag {
	DYN_RELA, DYN_RELASZ, DYN_RELAENT, DYN_REL, DYN_RELSZ, DYN_RELENT,
	DYN_JMPREL, DYN_PLTRELSZ, DYN_PLTREL, DYN_SYMTAB, DYN_SYMENT, DYN_STRTAB, DYN_STRSZ,
	DYN_RELR, DYN_RELRSZ, DYN_ANDROID_REL, DYN_ANDROID_RELSZ, DYN_ANDROID_RELA,
	DYN_ANDROID_RELASZ, DYN_ANDROID_RELR, DYN_RPATH, DYN_RUNPATH, DYN_FLAGS_1,
	DYN_COUNT
};

struct image {
	struct bytes file;
	struct effort *effort;  /**< what a look at it takes from, the owner's; NULL: no bound */
	bool is64;
	enum byte_order order;
	uint16_t type, machine; /**< e_type, e_machine */
	uint8_t osabi;          /**< EI_OSABI */
	uint64_t entry;         /**< e_entry, virtual address */
	uint64_t phdrs;         /**< e_phoff, file offset of the program headers */
	enum image_kind kind;
	bool has_interp;        /**< there is a PT_INTERP: the kernel starts a dynamic linker */
	struct segment interp;  /**< the first one, whose range may lie */
	bool has_dynamic;       /**< there is a PT_DYNAMIC */
	struct segment dynamic_segment; /**< the first one */
	bool has_abi_tag;       /**< NT_GNU_ABI_TAG: glibc's crt1.o was linked in */
	uint64_t dynamic[DYN_COUNT];
	struct segment *loads;  /**< the PT_LOADs, ascending and disjoint; owned */
	size_t load_count;
	bool shares_bytes;      /**< an edit of one address may change what another one holds */
	struct segment eh_frame; /**< PT_GNU_EH_FRAME, or memsz 0 */
	struct bytes sections;  /**< the section header table; empty when there is none or it lies */
	uint64_t section_count;
	uint64_t section_names; /**< index of .shstrtab */
};

/**
 * Reads the headers of @file. Files that no static startup code runs (IMAGE_OTHER,
 * IMAGE_DYNAMIC) are recognised first and not examined further. Of section headers only those
 * that hold together are believed: nothing that starts a program reads them. What names a dynamic
 * linker is its business: malformed, it is IMAGE_DYNAMIC and no error.
 *
 * @return false with IRELFIX_FILE and a sentence in @why when it is not ELF or is malformed.
 */
bool image_parse(struct bytes file, struct image *out, struct outcome *why);

/** Releases what image_parse() allocated. */
void image_free(struct image *image);

/**
 * The first program header of @type at or behind *@index, which becomes its index.
 *
 * @param offset receives the file offset of its p_type
 * @return false when there is none
 */
bool image_phdr(const struct image *image, uint32_t type, uint64_t *index, uint64_t *offset);

/** Whether the file is a program that UPX packed: what starts is its unpacker. */
bool image_is_packed(const struct image *image);

/** What the first PT_INTERP names: "/lib64/ld-linux-x86-64.so.2"; "" when it lies. */
const char *image_interp(const struct image *image);

/**
 * Whether @address is where a segment begins, or where the ELF header would be if it were loaded:
 * lld's __ehdr_start, which with -N is the latter.
 */
bool image_is_base(const struct image *image, uint64_t address);

/** The PT_LOAD that covers @len bytes of memory at @address, or NULL. */
const struct segment *image_segment(const struct image *image, uint64_t address, uint64_t len);

/** Whether a PT_LOAD with all of the rights @flags (PF_*) covers @len bytes at @address. */
bool image_allows(const struct image *image, uint64_t address, uint64_t len, uint32_t flags);

/** File offset of the @len bytes at virtual @address; false when not file-backed as a whole. */
bool image_offset(const struct image *image, uint64_t address, uint64_t len, uint64_t *offset);

/** View of the @len bytes at virtual @address; false when not file-backed as a whole. */
bool image_view(const struct image *image, uint64_t address, uint64_t len, struct bytes *out);

/** The address-sized number at virtual @address; false when it is not file-backed. */
bool image_word(const struct image *image, uint64_t address, uint64_t *out);

/** Width of an address in this image: 4 or 8 bytes. */
unsigned image_word_size(const struct image *image);

/** The largest address in this image: sums of addresses wrap there. */
uint64_t image_word_mask(const struct image *image);

/** Reads a structure field at @base of @from; false when it is not all there. */
static inline bool image_field(const struct image *image, struct bytes from, uint64_t base,
                               struct elf_field field, uint64_t *out)
{
	unsigned offset = field.offset[image->is64], width = field.width[image->is64];

	return base <= from.size && offset <= from.size - base &&
	       bytes_read(from, base + offset, width, image->order, out);
}

/** The same for a structure that is known to be there as a whole. */
static inline uint64_t image_known(const struct image *image, struct bytes from, uint64_t base,
                                   struct elf_field field)
{
	uint64_t value = 0;

	image_field(image, from, base, field, &value);
	return value;
}

#endif
