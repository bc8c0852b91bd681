// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace monotail::detail {

/// Calls run(0) to run(count - 1), each once, on up to `threads` threads, fewer where the system
/// gives no more. An exception of one of them is thrown here.
template <typename Run>
void runAll(std::size_t count, std::size_t threads, Run run)
{
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::mutex failureGuard;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++)
                run(i);
        } catch (...) {
            const std::lock_guard lock(failureGuard);
            failure = std::current_exception();
        }
    };
    std::vector<std::jthread> helpers;
    try {
        for (std::size_t t = 1; t < threads && t < count; ++t)
            helpers.emplace_back(work);
    } catch (const std::system_error&) {
        // This thread does what the missing ones would have done.
    }
    work();
    helpers.clear(); // joins
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace monotail::detail
