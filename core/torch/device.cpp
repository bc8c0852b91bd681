// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/device.h"

#include <new>
#include <torch/cuda.h>
#include <torch/version.h>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

at::Device deviceOf(const std::string& request)
{
    const auto count = static_cast<std::int64_t>(torch::cuda::device_count());
    if (request == "cpu" || (request == "auto" && count == 0))
        return at::kCPU;
    std::int64_t index = 0;
    if (request.rfind("cuda:", 0) == 0)
        index = parseInteger(request.substr(5)).value_or(-1);
    else if (request != "auto" && request != "cuda")
        index = -1;
    if (index < 0)
        throw Error(message("--device {}: expected auto, cpu, cuda or cuda:N", printable(request)));
    if (index >= count)
        throw Error(message("--device {}: LibTorch {} sees {} CUDA devices here; use --device cpu",
                            printable(request), TORCH_VERSION, count));
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

std::string deviceName(const at::Device& device)
{
    return message("{} (LibTorch {})", device.is_cuda() ? "CUDA" : "CPU", TORCH_VERSION);
}

bool isOutOfMemory(const std::exception& error)
{
    if (dynamic_cast<const std::bad_alloc*>(&error) ||
        dynamic_cast<const c10::OutOfMemoryError*>(&error))
        return true;
    const std::string text = lowered(error.what());
    for (const char* words : {"out of memory", "can't allocate memory", "not enough memory",
                              "cannot allocate memory", "status_alloc_failed"})
        if (text.find(words) != std::string::npos)
            return true;
    return false;
}

std::string firstLine(const std::exception& error)
{
    const auto* torch = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torch ? torch->what_without_backtrace() : error.what();
    return printable(trimmed(text).substr(0, trimmed(text).find('\n')), 300);
}

} // namespace monotail
