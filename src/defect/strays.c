/* SPDX-License-Identifier: MIT */
#include "strays.h"

#include "entries.h"

#include <stdlib.h>

/* Adds one entry; false without memory. */
static bool keep(struct strays *strays, const struct startup *startup, const struct entry *entry,
                 uint64_t address)
{
	struct irelfix_stray *stray = &strays->items[strays->count++];
	char buffer[24];

	stray->type = names_keep(&strays->names,
	                         entry_type_name(startup->arch, entry->reloc.type, buffer));
	stray->symbol = entry->symbol ? names_keep(&strays->names, entry->symbol) : NULL;
	stray->slot = entry->reloc.offset;
	stray->address = address;
	return stray->type && (stray->symbol || !entry->symbol);
}

bool strays_keep(const struct startup *startup, const struct finding *finding, struct strays **out)
{
	const struct reloc_table *range = &finding->range;
	const struct defect *defect = finding->defect;

	*out = NULL;
	if (!defect || !defect->is_stray || !finding->has_range || finding->stray == 0)
		return true;
	*out = calloc(1, sizeof(**out));
	for (uint64_t i = 0; *out && reloc_has(startup->image, range, i); i++) {
		struct entry entry = entry_at(startup, range, i);
		if (!defect->is_stray(startup, &entry))
			continue;
		if (!keep(*out, startup, &entry, reloc_address(range, i)))
			return false;
		if ((*out)->count == IRELFIX_STRAYS_MAX || (*out)->count == finding->stray)
			break;
	}
	return *out != NULL;
}

void strays_free(struct strays *strays)
{
	if (strays)
		names_free(&strays->names);
	free(strays);
}
