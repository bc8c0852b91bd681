// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/layer_names.h"

#include <vector>

namespace monotail {

namespace {

struct Renaming
{
    std::string_view from;
    std::string_view to;
};

const std::vector<Renaming> stagesOfSequence{{"0.", "conv1."},  {"1.", "bn1."},
                                             {"4.", "layer1."}, {"5.", "layer2."},
                                             {"6.", "layer3."}, {"7.", "layer4."}};
const std::vector<Renaming> stagesOfFunction{{"conv1.0.", "conv1."},  {"conv1.1.", "bn1."},
                                             {"conv2_x.", "layer1."}, {"conv3_x.", "layer2."},
                                             {"conv4_x.", "layer3."}, {"conv5_x.", "layer4."}};
/// Convolutions, batch norms and activations take turns.
const std::vector<Renaming> layersOfFunction{
    {"residual_function.0.", "conv1."}, {"residual_function.1.", "bn1."},
    {"residual_function.3.", "conv2."}, {"residual_function.4.", "bn2."},
    {"residual_function.6.", "conv3."}, {"residual_function.7.", "bn3."}};

bool isAt(std::string_view name, std::size_t at, std::string_view part)
{
    return name.substr(at, part.size()) == part;
}

std::string renamedStart(std::string_view name, const std::vector<Renaming>& renamings)
{
    for (const Renaming& renaming : renamings)
        if (isAt(name, 0, renaming.from))
            return std::string(renaming.to) + std::string(name.substr(renaming.from.size()));
    return std::string(name);
}

std::string renamedInside(std::string name, const std::vector<Renaming>& renamings)
{
    for (const Renaming& renaming : renamings)
        if (const std::size_t at = name.find("." + std::string(renaming.from));
            at != std::string::npos)
            return name.replace(at + 1, renaming.from.size(), renaming.to);
    return name;
}

} // namespace

std::string_view landmarkOf(Naming naming)
{
    switch (naming) {
    case Naming::Sequence:
        return "4.0.conv1.";
    case Naming::Function:
        return "conv2_x.0.residual_function.0.";
    default:
        return "layer1.0.conv1.";
    }
}

std::string usualName(Naming naming, std::string_view name)
{
    switch (naming) {
    case Naming::Sequence:
        return renamedStart(name, stagesOfSequence);
    case Naming::Function:
        return renamedInside(renamedStart(name, stagesOfFunction), layersOfFunction);
    default:
        return std::string(name);
    }
}

} // namespace monotail
