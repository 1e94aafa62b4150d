/* SPDX-License-Identifier: MIT */
/*
 * Weak references of every kind. Statically linked, each of them is null: nothing that is linked
 * in defines the symbol, and the shared library on the link line is not there when it runs.
 */
#include "startup.h"

#define WEAK __attribute__((weak))

extern int absent_function(int) WEAK;
extern int absent_called(int) WEAK;
extern int absent_table[] WEAK;
/* Only the shared libm defines these: this program is linked without libm.a. */
extern double erfc(double) WEAK;
extern double lgamma(double) WEAK;
extern int signgam WEAK;

/* volatile: the value must come out of memory, where a relocation may have written. */
static int (*volatile absent_in_data)(int) = absent_function;
static int *volatile absent_element = absent_table + 4;
static double (*volatile library_in_data)(double) = erfc;
static int (*const volatile absent_in_constant_data[])(int) = { absent_function };

static int call_if_present(int argument)
{
	return absent_called ? absent_called(argument) : -argument;
}

static double library_call_if_present(double argument)
{
	return lgamma ? lgamma(argument) : -argument;
}

int main(int argc, char **argv)
{
	(void)argv;
	check_startup();
	print_checked("function", call_if_present(argc) == -argc);
	print_checked("library function", library_call_if_present(argc) == -argc);
	print_checked("object", &signgam == NULL && absent_table == NULL);
	print_checked("data", absent_in_data == NULL);
	print_checked("constant data", absent_in_constant_data[0] == NULL);
	print_checked("library data", library_in_data == NULL);
	printf("addend: %#lx\n", (unsigned long)absent_element);
	return EXIT_SUCCESS;
}
