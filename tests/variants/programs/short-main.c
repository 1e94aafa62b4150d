/* SPDX-License-Identifier: MIT */
/* main is a few bytes long, and a constructor stands right behind it (-Os aligns nothing). */
static volatile int constructed;

__attribute__((noinline)) static void work(void)
{
	constructed++;
}

int main(void)
{
	return BODY;
}

__attribute__((constructor)) static void behind_main(void)
{
	constructed = 1;
}
