// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/retrain/script_head.h"

#include <ATen/ATen.h>
#include <sstream>
#include <torch/csrc/jit/api/module.h>

#include "base/text.h"
#include "torch/device.h"

namespace monotail {

namespace {

namespace jit = torch::jit;

/// Lengths are taken in float64, as our own scores have them: the square of a large feature leaves
/// float32's range.
std::string forwardOf(const ClassifierHead& head)
{
    std::string code = "def forward(self, features):\n"
                       "    x = features.to(self.weight.dtype)\n";
    if (head.unitParts > 0)
        code += message("    parts = x.to({}).reshape([x.size(0), {}, {}])\n"
                        "    lengths = torch.sqrt(torch.sum(parts * parts, [2], True))\n"
                        "    units = parts / torch.clamp_min(lengths, 1e-12)\n"
                        "    x = units.reshape([x.size(0), {}]).to(self.weight.dtype)\n",
                        static_cast<int>(at::kDouble), head.unitParts,
                        head.features() / head.unitParts, head.features());
    return code + "    return torch.matmul(x, self.weight.t()) + self.bias\n";
}

std::string moduleBytes(const ClassifierHead& head)
{
    const auto copyOf = [](const float* data, at::IntArrayRef shape) {
        at::Tensor copy = at::empty(shape, at::kFloat);
        std::copy(data, data + copy.numel(), copy.data_ptr<float>());
        return copy;
    };
    jit::Module module("MonotailHead");
    module.register_parameter("weight",
                              copyOf(head.weight.data(), {head.classes(), head.features()}), false);
    module.register_parameter("bias", copyOf(head.bias.data(), {head.classes()}), false);
    module.define(forwardOf(head));
    std::ostringstream bytes;
    module.save(bytes);
    return std::move(bytes).str();
}

} // namespace

void writeScriptModule(const ClassifierHead& head, const std::filesystem::path& target,
                       Overwrite overwrite)
{
    AtomicFile file(target, overwrite); // first: what cannot be written is found before the work
    std::string bytes;
    try {
        bytes = moduleBytes(head);
    } catch (const std::exception& error) {
        throw Error(message("{}: LibTorch cannot make this TorchScript module: {}",
                            printable(target.string(), 400), firstLine(error)));
    }
    file.append(bytes);
    file.commit();
}

} // namespace monotail
