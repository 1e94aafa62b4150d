/* SPDX-License-Identifier: MIT */
/* A shared library that a static program cannot use. */
int lone(void)
{
	return 5;
}
