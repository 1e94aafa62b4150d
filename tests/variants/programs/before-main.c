/* SPDX-License-Identifier: MIT */
/* A constructor runs BEFORE, main leaves a file MARK. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void before_main(void)
{
	BEFORE;
}

int main(void)
{
	return open(MARK, O_WRONLY | O_CREAT, 0600) < 0;
}
