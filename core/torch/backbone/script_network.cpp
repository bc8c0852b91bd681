// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>

#include "base/text.h"
#include "torch/backbone/image_tensor.h"
#include "torch/backbone/torch_networks.h"
#include "torch/device.h"

namespace monotail {

namespace {

namespace jit = torch::jit;

/// The dotted path of an attribute of the module itself: "fc.weight"; empty for other values.
std::string attributePath(const jit::Value* value, const jit::Value* self)
{
    std::string path;
    for (; value != self; value = value->node()->input()) {
        if (value->node()->kind() != c10::prim::GetAttr)
            return {};
        const std::string name = value->node()->s(c10::attr::name);
        path = path.empty() ? name : name + "." + path;
    }
    return path;
}

/// The weight as it lies in the module, through transposes and copies into another type.
const jit::Value* source(const jit::Value* value)
{
    for (const jit::Node* node = value->node(); !node->inputs().empty(); node = value->node()) {
        const std::string kind = node->kind().toQualString();
        const bool isSame = kind == "aten::t" || kind == "aten::transpose" || kind == "aten::to" ||
                            kind == "aten::detach" || kind == "aten::numpy_T";
        if (!isSame)
            break;
        value = node->input(0);
    }
    return value;
}

/// The factor of the product with this weight; null if there is none in the function's own block.
jit::Value* headInput(jit::Graph& graph, const std::string& weight)
{
    for (jit::Node* node : graph.nodes()) {
        const std::string kind = node->kind().toQualString();
        const bool isProduct =
            kind == "aten::linear" || kind == "aten::matmul" || kind == "aten::mm";
        if (!isProduct && kind != "aten::addmm")
            continue;
        const std::size_t factor = isProduct ? 0 : 1; // addmm(bias, factor, weight)
        if (attributePath(source(node->input(factor + 1)), graph.inputs()[0]) == weight)
            return node->input(factor);
    }
    return nullptr;
}

/// The first tensor of an output: itself, or in a tuple, list or dictionary.
at::Tensor firstTensor(const c10::IValue& value)
{
    if (value.isTensor())
        return value.toTensor();
    if (value.isTuple() && !value.toTupleRef().elements().empty())
        return firstTensor(value.toTupleRef().elements()[0]);
    if (value.isTensorList() && value.toTensorList().size() > 0)
        return value.toTensorList().get(0);
    if (value.isGenericDict() && value.toGenericDict().size() > 0)
        return firstTensor(value.toGenericDict().begin()->value());
    return {};
}

/// N x D, if so many numbers are there for each image.
at::Tensor asRows(const at::Tensor& tensor, std::int64_t images)
{
    if (!tensor.defined() || tensor.dim() < 1 || tensor.size(0) != images)
        return {};
    const at::Tensor rows = tensor.flatten(tensor.dim() == 1 ? 0 : 1);
    const bool isPooled = rows.dim() == 2 && tensor.dim() > 1 &&
                          rows.size(1) == tensor.size(1); // N x D or N x D x 1 x 1
    return isPooled ? rows : at::Tensor();
}

class ScriptNetwork : public FeatureNetwork
{
public:
    ScriptNetwork(jit::Module module, const std::optional<HeadCandidate>& head,
                  const Placement& placement)
        : m_module(std::move(module)), m_head(head), m_placement(placement)
    {
        m_module.eval();
        m_module.to(placement.device);
        if (placement.type != at::kFloat)
            m_module.to(placement.type);
        if (head)
            addFeatures(head->weight);
    }

    std::int64_t inputChannels() const override
    {
        for (const at::Tensor& parameter : m_module.parameters())
            if (parameter.dim() == 4)
                return parameter.size(1);
        return 3;
    }
    std::int64_t width() const override { return m_head ? m_head->features : 0; }
    std::string device() const override { return deviceName(m_placement.device); }

    NetworkOutput run(const ImageBatch& batch) const override
    {
        return runTranslated(device(), batch, [&] {
            const at::Tensor images = imageTensor(batch, m_placement.device, m_placement.type);
            return m_features ? featuresAndLogits(images) : outputAsFeatures(images);
        });
    }

private:
    /// The module's function with its output and the head's input in a tuple.
    void addFeatures(const std::string& weight)
    {
        std::shared_ptr<jit::Graph> graph =
            jit::toGraphFunction(m_module.get_method("forward").function()).graph()->copy();
        jit::Inline(*graph);
        if (jit::Value* input = headInput(*graph, weight)) {
            jit::Node* both = graph->createTuple({graph->outputs()[0], input});
            graph->insertNode(both);
            graph->eraseOutput(0);
            graph->registerOutput(both->output());
            m_features = std::make_unique<jit::GraphFunction>("features", graph, nullptr);
        }
    }

    NetworkOutput featuresAndLogits(const at::Tensor& images) const
    {
        jit::Stack stack{m_module._ivalue(), images};
        m_features->run(stack);
        const auto both = stack.back().toTupleRef().elements().vec();
        const at::Tensor features = asRows(both[1].toTensor(), images.size(0));
        if (!features.defined() || features.size(1) != m_head->features)
            throw Error(message("the input of the product with {} is not {} features for each "
                                "image; resources/dump_features.py writes the features of any "
                                "model with your own PyTorch",
                                printable(m_head->weight), m_head->features));
        const at::Tensor logits = asRows(firstTensor(both[0]), images.size(0));
        const bool isTheirs = logits.defined() && logits.size(1) == m_head->classes;
        return {matrixOf(features), isTheirs ? matrixOf(logits) : RowMatrix()};
    }

    NetworkOutput outputAsFeatures(const at::Tensor& images) const
    {
        jit::Stack stack{images};
        const c10::IValue output = m_module.get_method("forward")(stack);
        const at::Tensor features = asRows(firstTensor(output), images.size(0));
        if (!features.defined())
            throw Error("the module's output is not one row of features for each image");
        if (m_head && features.size(1) != m_head->features)
            throw Error(message("the product with {} is not found in the module's code, and its "
                                "output has {} numbers for each image, not the {} features that "
                                "the head takes; resources/dump_features.py writes the features "
                                "of any model with your own PyTorch",
                                printable(m_head->weight), features.size(1), m_head->features));
        return {matrixOf(features), {}};
    }

    jit::Module m_module;
    std::optional<HeadCandidate> m_head;
    Placement m_placement;
    /// Running it compiles it for the sizes seen, which is no change that a caller sees.
    std::unique_ptr<jit::GraphFunction> m_features;
};

} // namespace

std::unique_ptr<FeatureNetwork> makeScriptNetwork(const std::filesystem::path& file,
                                                  const std::optional<HeadCandidate>& head,
                                                  const NetworkOptions& options)
{
    const Placement placement = placementOf(options);
    try {
        const c10::InferenceMode guard;
        return std::make_unique<ScriptNetwork>(jit::load(file.string(), placement.device), head,
                                               placement);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(message("{}: LibTorch cannot read this TorchScript module: {}",
                            printable(file.string(), 400), firstLine(error)));
    }
}

} // namespace monotail
