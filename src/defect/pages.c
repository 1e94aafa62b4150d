/* SPDX-License-Identifier: MIT */
#include "pages.h"

/* The smallest of every machine here: a kernel with larger ones needs files that are aligned for them. */
enum { PAGE = 4096 };

static uint64_t page_of(uint64_t address)
{
	return address & ~(uint64_t)(PAGE - 1);
}

static uint64_t end_of(const struct segment *load)
{
	return load->vaddr + load->memsz;
}

/* Whether @load is mapped over the page at @page: what its file does not have is zeros. */
static bool covers_page(const struct segment *load, uint64_t page)
{
	return load->memsz > 0 && page >= page_of(load->vaddr) && page <= page_of(end_of(load) - 1);
}

/* Whether @other, mapped later over a page of @load, takes something of it away there. */
static bool takes(const struct segment *other, const struct segment *load, uint64_t page)
{
	uint64_t in_file = load->vaddr + load->filesz;
	uint64_t end = end_of(load) < page + PAGE ? end_of(load) : page + PAGE;

	return other->order > load->order && covers_page(other, page) &&
	       ((load->flags & ~other->flags) != 0 || end > in_file ||
	        other->vaddr - other->offset != load->vaddr - load->offset);
}

static bool page_is_kept(const struct image *image, const struct segment *load, uint64_t page)
{
	if (!effort_spend(image->effort, image->load_count))
		return false;
	for (size_t i = 0; i < image->load_count; i++)
		if (takes(&image->loads[i], load, page))
			return false;
	return true;
}

bool pages_keep(const struct image *image, uint64_t address, uint64_t len, uint32_t flags)
{
	const struct segment *load = image_segment(image, address, len);

	return load && (load->flags & flags) == flags &&
	       page_is_kept(image, load, page_of(address)) &&
	       (len == 0 || page_is_kept(image, load, page_of(address + len - 1)));
}

/* Only the first and the last page of a PT_LOAD can be shared: the others lie between its own bytes. */
bool pages_lost(const struct image *image, uint64_t *page)
{
	for (size_t i = 0; i < image->load_count; i++) {
		const struct segment *load = &image->loads[i];
		const uint64_t edges[] = { page_of(load->vaddr), page_of(end_of(load) - 1) };
		for (int j = 0; j < 2 && load->memsz > 0; j++) {
			*page = edges[j];
			if (!page_is_kept(image, load, edges[j]))
				return true;
		}
	}
	return false;
}

bool pages_hold(const struct image *image, uint64_t offset, uint64_t len)
{
	for (size_t i = 0; i < image->load_count; i++) {
		const struct segment *load = &image->loads[i];
		uint64_t start = page_of(load->offset);
		uint64_t end = page_of(load->offset + load->filesz + PAGE - 1);
		if (load->filesz > 0 && offset >= start && offset <= end && len <= end - offset)
			return true;
	}
	return false;
}
