/* SPDX-License-Identifier: MIT */
/* Tells, before main, on whose behalf it runs: real and effective user, and open descriptors. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

__attribute__((constructor)) static void tell(void)
{
	FILE *out = fopen("told", "w");
	int open_ones = 0;

	for (int fd = 0; fd < 256; fd++)
		open_ones += fd != fileno(out) && fcntl(fd, F_GETFL) != -1 &&
		             (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	fprintf(out, "%d %d %d\n", (int)getuid(), (int)geteuid(), open_ones);
	fclose(out);
}

int main(void)
{
	return 0;
}
