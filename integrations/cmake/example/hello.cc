// SPDX-License-Identifier: MIT
#include <cstdio>
#include <stdexcept>

int main()
{
	try {
		throw std::runtime_error("hello from C++");
	} catch (const std::exception &error) {
		std::puts(error.what());
	}
}
