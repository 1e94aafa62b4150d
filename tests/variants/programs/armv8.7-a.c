/* SPDX-License-Identifier: MIT */
/* FEAT_WFxT, FEAT_XS. */
#include "wait.h"

void level(void)
{
	wait_with_limit();
	wait_for_stores();
}
