// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/convolution_layer.h"

#include "base/text.h"

namespace monotail {

namespace {

/// A tensor with one number per output, by its full name; empty if there is none.
std::string vectorNamed(const BackboneTensors& tensors, const std::string& name,
                        const std::string& convolution, std::int64_t outputs)
{
    const Tensor* tensor = tensors.find(name);
    if (!tensor)
        return {};
    if (!isFloating(tensor->dtype))
        refuse(tensors.file, message("{} is of type {}, not of floating point numbers",
                                     printable(tensor->name), nameOf(tensor->dtype)));
    if (tensor->shape != std::vector<std::int64_t>{outputs})
        refuse(tensors.file, message("{} is {}, but {} has {} outputs", printable(tensor->name),
                                     shapeText(*tensor),
                                     printable(tensors.prefix + convolution + ".weight"), outputs));
    return tensor->name;
}

/// Both of a pair or none of it.
void checkPair(const BackboneTensors& tensors, const std::string& norm, const char* first,
               const std::string& one, const char* second, const std::string& other)
{
    if (one.empty() == other.empty())
        return;
    refuse(tensors.file, message("{} is missing", printable(tensors.prefix + norm +
                                                            (one.empty() ? first : second))));
}

void readNorm(const BackboneTensors& tensors, const std::string& convolution,
              const std::string& norm, BatchNorm need, ConvolutionLayer& layer)
{
    ConvolutionPlan& plan = layer.plan;
    const auto named = [&](const char* part) {
        return vectorNamed(tensors, norm + part, convolution, layer.outputs);
    };
    plan.scale = named(".weight");
    plan.shift = named(".bias");
    plan.mean = named(".running_mean");
    plan.variance = named(".running_var");
    const std::string module = printable(tensors.prefix + norm);
    if (plan.scale.empty() && plan.shift.empty() && plan.mean.empty() && plan.variance.empty()) {
        if (need == BatchNorm::Required)
            refuse(tensors.file,
                   message("looks like a ResNet, but there is no batch norm {} behind {}", module,
                           printable(tensors.prefix + convolution)));
        return;
    }
    if (plan.mean.empty() && plan.variance.empty())
        refuse(tensors.file,
               message("looks like a ResNet, but the batch norm {} has no running mean and "
                       "variance (track_running_stats=False, or a norm of another kind), so that "
                       "its output depends on the whole batch",
                       module));
    checkPair(tensors, norm, ".running_mean", plan.mean, ".running_var", plan.variance);
    checkPair(tensors, norm, ".weight", plan.scale, ".bias", plan.shift);
}

} // namespace

ConvolutionLayer readConvolution(const BackboneTensors& tensors, const std::string& convolution,
                                 const std::string& norm, BatchNorm need)
{
    const Tensor* weight = tensors.find(convolution + ".weight");
    const std::string name = printable(tensors.prefix + convolution + ".weight");
    if (!weight)
        refuse(tensors.file, message("looks like a ResNet, but {} is missing", name));
    if (!isFloating(weight->dtype))
        refuse(tensors.file, message("{} is of type {}, not of floating point numbers", name,
                                     nameOf(weight->dtype)));
    const std::vector<std::int64_t>& shape = weight->shape;
    const bool isSquare = shape.size() == 4 && shape[0] > 0 && shape[1] > 0 &&
                          shape[2] == shape[3] && shape[2] % 2 == 1 && shape[2] <= 15;
    if (!isSquare)
        refuse(tensors.file,
               message("{} is {}, where a ResNet has a convolution with an odd, square kernel",
                       name, shapeText(*weight)));
    ConvolutionLayer layer{{}, shape[1], shape[0], shape[2]};
    layer.plan.weight = weight->name;
    layer.plan.padding = shape[2] / 2;
    layer.plan.bias = vectorNamed(tensors, convolution + ".bias", convolution, shape[0]);
    readNorm(tensors, convolution, norm, need, layer);
    return layer;
}

} // namespace monotail
