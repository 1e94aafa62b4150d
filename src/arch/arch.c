/* SPDX-License-Identifier: MIT */
#include "arch.h"

#define MACHINE(name) &arch_##name,
static const struct arch *const rows[] = {
#include "machines.def"
};
#undef MACHINE

const struct arch *arch_row(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? rows[index] : NULL;
}

const struct arch *arch_find(uint16_t machine, bool is64, enum byte_order order)
{
	const struct arch *arch;

	for (size_t i = 0; (arch = arch_row(i)) != NULL; i++)
		if (arch->machine == machine && arch->is64 == is64 && arch->order == order)
			return arch;
	return NULL;
}

const char *arch_reloc_name(const struct arch *arch, uint32_t type)
{
	for (size_t i = 0; i < arch->name_count; i++)
		if (arch->names[i].type == type)
			return arch->names[i].name;
	return NULL;
}

bool arch_is_irelative(const struct arch *arch, uint32_t type)
{
	return type == arch->irelative ||
	       (type == arch->also_irelative && type != RELOC_ABSENT);
}
