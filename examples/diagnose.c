/* SPDX-License-Identifier: MIT */
/* cc diagnose.c $(pkg-config --cflags --libs irelfix) && ./a.out FILE... */
#include <irelfix.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	int worst = 0;

	for (int i = 1; i < argc; i++) {
		struct irelfix *file;
		int status = irelfix_open(argv[i], &file);

		if (status == IRELFIX_OK)
			status = irelfix_diagnose(file);
		printf("%s: %s\n", argv[i], irelfix_message(file));
		irelfix_close(file);
		worst = status > worst ? status : worst;
	}
	return worst;
}
