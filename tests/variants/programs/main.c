/* SPDX-License-Identifier: MIT */
#include "../../programs/startup.h"
#include "level.h"

int main(void)
{
	check_startup();
	level();
	return 0;
}
