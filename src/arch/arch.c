/* SPDX-License-Identifier: MIT */
#include "arch.h"

static const struct arch *const machines[] = { &arch_x86_64, &arch_aarch64 };

const struct arch *arch_find(uint16_t machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i]->machine == machine)
			return machines[i];
	return NULL;
}

const char *arch_reloc_name(const struct arch *arch, uint32_t type)
{
	for (size_t i = 0; i < arch->name_count; i++)
		if (arch->names[i].type == type)
			return arch->names[i].name;
	return NULL;
}
