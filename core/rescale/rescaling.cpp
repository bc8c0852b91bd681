// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/rescaling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "rescale/class_words.h"
#include "rescale/method.h"

namespace monotail {

namespace {

using Numbers = std::vector<double>;

void checkSizes(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
                const Method& method)
{
    const auto count = static_cast<std::size_t>(head.classes());
    if (classes.counts.size() != count || profile.norms.size() != count ||
        profile.scale.size() != count || head.bias.size() != head.classes())
        throw Error(message("{}: the head has {} classes, its bias {}, the class counts {}, the "
                            "profile {}; all must be of one head",
                            printable(head.source.weight), count, head.bias.size(),
                            classes.counts.size(), profile.norms.size()));
    if (method.kind == MethodKind::Scales && method.scales.size() != count)
        throw Error(message("{}: {} scales for {} classes; every class needs one", nameOf(method),
                            method.scales.size(), count));
}

/// A cosine head normalises its rows in the forward pass, so a scale would change the file and
/// nothing else.
void checkKind(const ClassifierHead& head, const Method& method)
{
    const bool scales = method.kind != MethodKind::None && method.kind != MethodKind::LogitAdjust;
    if (head.source.kind == HeadKind::Cosine && scales)
        throw Error(message("{}: norms have no effect in this head, it normalises its rows in the "
                            "forward pass; {} cannot rescale it, only none and logit-adjust apply "
                            "(if the forward pass does not normalise, say --kind linear)",
                            printable(head.source.weight), nameOf(method)));
}

/// The mean over the rows that have a norm.
double meanNorm(const Numbers& norms)
{
    double sum = 0, rows = 0;
    for (const double norm : norms) {
        sum += norm;
        rows += norm > 0 ? 1 : 0;
    }
    return rows > 0 ? sum / rows : 0;
}

double scaleOf(double norm, double samn, double mean, const Method& method)
{
    switch (method.kind) {
    case MethodKind::Samn:
        return samn;
    case MethodKind::Tau:
        return std::pow(norm, -method.parameter);
    case MethodKind::MaxNorm:
        return std::min(norm, method.parameter) / norm;
    case MethodKind::EqualNorms:
        return mean / norm;
    case MethodKind::None:
    case MethodKind::LogitAdjust:
    case MethodKind::Scales:
        break;
    }
    return 1;
}

Numbers scalesOf(const ClassProfile& profile, const Method& method)
{
    if (method.kind == MethodKind::Scales)
        return method.scales;
    const double mean = meanNorm(profile.norms);
    Numbers scales;
    for (std::size_t c = 0; c < profile.norms.size(); ++c)
        scales.push_back(
            profile.norms[c] > 0 ? scaleOf(profile.norms[c], profile.scale[c], mean, method) : 1);
    return scales;
}

/// log of each class's share of the training images; an absent class counts as half an image.
Numbers logPriors(const ClassSet& classes)
{
    double total = 0;
    for (const std::int64_t count : classes.counts)
        total += static_cast<double>(std::max<std::int64_t>(count, 0));
    if (total == 0)
        throw Error("logit adjustment needs the classes' priors, but no class has training images; "
                    "give the training counts");
    Numbers logs;
    for (const std::int64_t count : classes.counts)
        logs.push_back(std::log((count > 0 ? static_cast<double>(count) : 0.5) / total));
    return logs;
}

Numbers biasOf(const ClassifierHead& head, const ClassSet& classes, const Method& method)
{
    Numbers bias(static_cast<std::size_t>(head.classes()), 0.0);
    if (method.bias == BiasRule::Keep)
        std::copy(head.bias.data(), head.bias.data() + head.bias.size(), bias.begin());
    if (method.kind == MethodKind::LogitAdjust) {
        const Numbers logs = logPriors(classes);
        for (std::size_t c = 0; c < bias.size(); ++c)
            bias[c] -= method.parameter * logs[c];
    }
    return bias;
}

bool fitsFloat(double value)
{
    return std::abs(value) <= std::numeric_limits<float>::max();
}

/// Scores are float32: a scale, a scaled row or a bias that is not a float32 would be infinite
/// there, and a scale that is 0 there would silence its class.
void checkNumbers(const Rescaling& rescaling, const ClassSet& classes, const ClassProfile& profile,
                  const Method& method)
{
    const bool own = method.kind == MethodKind::Scales;
    for (std::size_t c = 0; c < rescaling.scale.size(); ++c) {
        const double scale = rescaling.scale[c];
        const bool vanishes = !own && scale < std::numeric_limits<float>::denorm_min();
        if (!fitsFloat(scale) || !fitsFloat(scale * profile.norms[c]) || vanishes)
            throw Error(message("{}: the scale of class {} is {} for a row of norm {}, which "
                                "float32 cannot hold; {}",
                                rescaling.method, detail::className(classes, c), scale,
                                profile.norms[c],
                                own ? "give a smaller one" : "use another parameter or method"));
        if (!fitsFloat(rescaling.bias[c]))
            throw Error(message("{}: the bias of class {} becomes {}, which float32 cannot hold; "
                                "use a smaller parameter",
                                rescaling.method, detail::className(classes, c),
                                rescaling.bias[c]));
    }
}

Warnings warningsFor(const Rescaling& rescaling, const ClassSet& classes, const Method& method)
{
    std::vector<std::size_t> absent, notPositive;
    for (std::size_t c = 0; c < rescaling.scale.size(); ++c) {
        if (classes.counts[c] <= 0)
            absent.push_back(c);
        if (rescaling.scale[c] <= 0)
            notPositive.push_back(c);
    }
    Warnings warnings;
    if (method.kind == MethodKind::LogitAdjust && !absent.empty())
        warnings.push_back(message("classes without training images get the prior of half an "
                                   "image: {}",
                                   detail::classList(classes, absent)));
    if (!notPositive.empty())
        warnings.push_back(message("{}: scales that are not above 0 silence or reverse their "
                                   "rows: {}",
                                   rescaling.method, detail::classList(classes, notPositive)));
    return warnings;
}

} // namespace

Rescaling unchanged(const ClassifierHead& head)
{
    const auto count = static_cast<std::size_t>(head.classes());
    return {"none", Numbers(count, 1.0), {head.bias.begin(), head.bias.end()}, {}};
}

Rescaling rescale(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
                  const Method& method)
{
    detail::checkParameter(method);
    checkSizes(head, classes, profile, method);
    checkKind(head, method);
    Rescaling rescaling;
    rescaling.method = nameOf(method);
    rescaling.scale = scalesOf(profile, method);
    rescaling.bias = biasOf(head, classes, method);
    checkNumbers(rescaling, classes, profile, method);
    rescaling.warnings = warningsFor(rescaling, classes, method);
    return rescaling;
}

} // namespace monotail
