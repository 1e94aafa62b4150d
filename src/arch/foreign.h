/* SPDX-License-Identifier: MIT */
/*
 * Names of machines that have no row in machines.def, as far as glibc has been ported to them: so
 * that a file that is not examined is named by more than a number.
 */
#ifndef IRELFIX_FOREIGN_H
#define IRELFIX_FOREIGN_H

#include "../elf/bytes.h"

/** The usual name of the machine with this e_machine, class and byte order, or NULL. */
const char *foreign_name(uint16_t machine, bool is64, enum byte_order order);

#endif
