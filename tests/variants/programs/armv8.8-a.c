/* SPDX-License-Identifier: MIT */
/* FEAT_MOPS, FEAT_HBC. */
#include "move.h"

void level(void)
{
	move_memory();
	branch_consistently();
}
