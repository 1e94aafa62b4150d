// SPDX-License-Identifier: MIT
// C++ with threads and exceptions: unwinding, thread-local storage and weak references of libgcc
// and libstdc++ to the thread library.
#include <algorithm>
#include <exception>
#include <iostream>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int thread_count = 4;
constexpr int rounds = 1000;

thread_local int calls = 0;

struct Unwound {
	std::string &log;
	~Unwound() { log += "unwound "; }
};

int count_or_throw(int number)
{
	if (++calls > rounds)
		throw std::out_of_range("round " + std::to_string(number));
	return number;
}

std::exception_ptr work(long &sum)
{
	try {
		for (int i = 0;; i++)
			sum += count_or_throw(i);
	} catch (const std::out_of_range &) {
		return std::current_exception();
	}
}

std::string message_of(const std::exception_ptr &error)
{
	std::string log;
	try {
		Unwound unwound{log};
		std::rethrow_exception(error);
	} catch (const std::exception &e) {
		log += e.what();
	}
	return log;
}

} // namespace

int main()
{
	std::mutex lock;
	std::vector<std::string> lines;
	std::vector<std::thread> threads;

	for (int i = 0; i < thread_count; i++)
		threads.emplace_back([&lock, &lines, i] {
			long sum = i;
			std::string message = message_of(work(sum));
			std::ostringstream line;
			line << "thread " << i << ": " << sum << ' ' << message;
			std::lock_guard<std::mutex> held(lock);
			lines.push_back(line.str());
		});
	for (auto &thread : threads)
		thread.join();
	std::sort(lines.begin(), lines.end());
	for (const auto &line : lines)
		std::cout << line << '\n';
	std::cout << "main thread: " << calls << std::endl;
}
