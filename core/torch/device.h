// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <string>

namespace monotail {

/// "auto", "cpu", "cuda" or "cuda:N"; throws Error if there is no such device.
at::Device deviceOf(const std::string& request);
/// "CPU (LibTorch 1.13.0)".
std::string deviceName(const at::Device& device);
/// Whether an exception of LibTorch says that memory ran out. Not by its type alone, which only
/// CUDA's allocator has.
bool isOutOfMemory(const std::exception& error);
/// The first line of what LibTorch says, without its stack of calls.
std::string firstLine(const std::exception& error);

} // namespace monotail
