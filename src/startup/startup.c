/* SPDX-License-Identifier: MIT */
#include "startup.h"

bool startup_begin(struct startup *out, const struct image *image, struct outcome *why)
{
	*out = (struct startup){
		.image = image, .arch = arch_find(image->machine, image->is64, image->order),
	};
	if (!out->arch)
		return true;
	out->form = reloc_form(image, out->arch->rela);
	return reloc_find(image, &out->tables, why);
}

/* Decoding starts when something is asked that only code can answer. */
bool startup_begin_functions(struct startup *startup)
{
	if (startup->functions.context.image)
		return !startup->unreadable;
	startup->unreadable = !functions_begin(&startup->functions, startup->image, startup->arch,
	                                       startup->form.entsize);
	return !startup->unreadable ||
	       blocked(&startup->no_loop, NOT_FOUND, "the code at e_entry does not tell what the "
	               "rest of the code is relative to");
}

void startup_find_loop(struct startup *startup, bool everywhere)
{
	loop_free(&startup->loop);
	if (startup_begin_functions(startup))
		loop_find(&startup->functions, &startup->tables, everywhere, &startup->loop,
		          &startup->no_loop);
}

const struct glibc *startup_glibc(struct startup *startup)
{
	if (!startup->glibc.read && startup_begin_functions(startup))
		glibc_read(&startup->functions, &startup->glibc);
	return &startup->glibc;
}

const struct entry_point *startup_entry(struct startup *startup)
{
	if (!startup->entry_read && startup_begin_functions(startup))
		main_find(&startup->functions, &startup->tables, &startup->entry);
	startup->entry_read = true;
	return &startup->entry;
}

void startup_free(struct startup *startup)
{
	loop_free(&startup->loop);
	functions_end(&startup->functions);
	*startup = (struct startup){ .image = NULL };
}
