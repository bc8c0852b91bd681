// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/presets.h"

#include <algorithm>

#include "base/text.h"

namespace monotail {

namespace {

constexpr char samnSource[] =
    "SAMN (CVPR 2026, arXiv 2606.02526): settings of the paper's stage 2 on CIFAR-LT";
constexpr char samnSchedule[] = "the schedule is the one that SAMN is published with";
constexpr char kangSource[] =
    "Kang et al., Decoupling Representation and Classifier (ICLR 2020): settings of the authors' "
    "public code (classifier-balancing) on ImageNet-LT";
constexpr char weightBalancing[] =
    "Alshammari et al., Weight Balancing (CVPR 2022): settings of the authors' public code on "
    "CIFAR-100-LT";

struct Schedule
{
    double rate;
    double weightDecay;
    int batch;
    int epochs;
};

/// All published ones are SGD with momentum 0.9 and a cosine to 0.
Recipe trained(const Schedule& schedule)
{
    Recipe recipe;
    recipe.rate = schedule.rate;
    recipe.weightDecay = schedule.weightDecay;
    recipe.batch = schedule.batch;
    recipe.epochs = schedule.epochs;
    return recipe;
}

/// SAMN's own schedule is what a Recipe starts as.
Recipe plain(LossKind loss = LossKind::CrossEntropy, NormRule norms = NormRule::Free)
{
    Recipe recipe;
    recipe.loss = loss;
    recipe.norms = norms;
    return recipe;
}

Preset ce()
{
    return {"ce",
            "CE",
            "plain retraining of the linear head with cross entropy",
            message("what the other methods are compared with; {}", samnSchedule),
            plain(),
            {}};
}

Preset ceSamn()
{
    return {"ce+samn",
            "CE + SAMN",
            samnSource,
            "trained on cached features, where the published loop augments images anew and lets "
            "batch-norm statistics drift",
            plain(LossKind::CrossEntropy, NormRule::Samn),
            {}};
}

Preset crt()
{
    Recipe recipe = trained({0.2, 5e-4, 512, 10});
    recipe.sampling = Sampling::ClassBalanced;
    recipe.start = HeadStart::Fresh;
    return {"crt",      "cRT",
            kangSource, "Places-LT: lr 0.1, batch 256; iNaturalist 2018: wd 1e-4, 30 epochs",
            recipe,     {}};
}

Preset las()
{
    Recipe recipe = trained({0.02, 2e-4, 128, 10});
    recipe.sampling = Sampling::ClassBalanced;
    recipe.loss = LossKind::LabelAwareSmoothing;
    return {"las",
            "LAS",
            "Zhong et al., MiSLAS (CVPR 2021): settings of the authors' public code on "
            "CIFAR-100-LT (IF 100)",
            "head/tail for IF 100, 50, 10: CIFAR-100 0.4/0.1, 0.3/0, 0.2/0, CIFAR-10 0.3/0, 0.2/0, "
            "0.1/0; the source learns a scale per class beside the free rows (lr 0.1), here it is "
            "one or the other",
            recipe,
            {"las-head", "las-tail"}};
}

Preset lasSamn()
{
    Recipe recipe = plain(LossKind::LabelAwareSmoothing, NormRule::Samn);
    recipe.smoothHead = 0.01;
    recipe.smoothTail = 0;
    return {"las+samn",
            "LAS + SAMN",
            samnSource,
            "head/tail 0.01/0 on CIFAR-100, which is nearly plain cross entropy; 0.3/0.1 on "
            "CIFAR-10",
            recipe,
            {"las-head", "las-tail"}};
}

Preset lws()
{
    Recipe recipe = trained({0.2, 0, 512, 5});
    recipe.sampling = Sampling::ClassBalanced;
    recipe.norms = NormRule::Lws;
    return {"lws",
            "LWS",
            kangSource,
            "the source's weight decay of 5e-4 also acts on the scales, here scales do not decay",
            recipe,
            {}};
}

Preset tauNormalised()
{
    Recipe recipe = plain();
    recipe.afterwards.kind = MethodKind::Tau;
    recipe.afterwards.parameter = 1;
    recipe.afterwards.bias = BiasRule::Drop;
    return {"tau",
            "tau-normalisation",
            "Kang et al., Decoupling Representation and Classifier (ICLR 2020)",
            "the source trains nothing (--epochs 0) and picks tau from 0 to 2 in steps of 0.1; its "
            "code drops the bias; " +
                std::string(samnSchedule),
            recipe,
            {"then-tau"}};
}

Preset weightDecay()
{
    return {"wd",
            "weight decay",
            weightBalancing,
            "plain cross entropy instead of the source's class-balanced binary cross entropy on "
            "probabilities, whose gradient is about 1/C of this one's: its 0.1 does not carry "
            "over, so sweep wd (the SAMN paper does, from 1e-4 to 1)",
            trained({0.01, 0.1, 64, 10}),
            {"wd"}};
}

Preset weightDecayMaxNorm()
{
    Recipe recipe = trained({0.01, 0.1, 64, 10});
    recipe.loss = LossKind::ClassBalanced;
    recipe.maxNorm = 1;
    return {"wd+maxnorm",
            "weight decay + MaxNorm",
            weightBalancing,
            "the radius is set from the head: its smallest norm plus a tenth of the way to its "
            "largest, rows are projected after every step (its code: every epoch); the loss is "
            "class-balanced cross entropy, whose gradient is about C times that of the source's "
            "binary form: its wd does not carry over",
            recipe,
            {"wd", "maxnorm", "beta"}};
}

Preset logitAdjusted()
{
    return {"logit-adjust",
            "logit-adjusted loss",
            "Menon et al., Long-tail Learning via Logit Adjustment (ICLR 2021): tau = 1",
            "published for a single stage (lr 0.1, batch 128) and not for a second; " +
                std::string(samnSchedule),
            plain(LossKind::LogitAdjust),
            {"loss-tau"}};
}

Preset balancedSoftmax()
{
    Recipe recipe = trained({0.02, 5e-4, 256, 10});
    recipe.loss = LossKind::BalancedSoftmax;
    recipe.start = HeadStart::Fresh;
    return {"balanced-softmax",
            "balanced softmax",
            "Ren et al., Balanced Meta-Softmax (NeurIPS 2020): settings of the authors' public "
            "code for the decoupled training on Places-LT",
            "",
            recipe,
            {}};
}

Preset cosineClassifier()
{
    Recipe recipe = plain();
    recipe.features = FeatureForm::Cosine;
    return {"cosine",
            "cosine classifier",
            "after Liu et al., Large-Scale Long-Tailed Recognition in an Open World (CVPR 2019)",
            message("the source fixes the scale at 16, squashes features and keeps rows at unit "
                    "length; here the scale is learned and rows are free; {}",
                    samnSchedule),
            recipe,
            {}};
}

std::vector<Preset> allPresets()
{
    std::vector<Preset> all{ce(),
                            ceSamn(),
                            crt(),
                            las(),
                            lasSamn(),
                            lws(),
                            tauNormalised(),
                            weightDecay(),
                            weightDecayMaxNorm(),
                            logitAdjusted(),
                            balancedSoftmax(),
                            cosineClassifier()};
    for (Preset& preset : all)
        preset.recipe.preset = preset.name;
    return all;
}

} // namespace

const std::vector<Preset>& presets()
{
    static const std::vector<Preset> all = allPresets();
    return all;
}

const Preset& presetNamed(std::string_view name)
{
    std::vector<std::string> names;
    for (const Preset& preset : presets()) {
        if (preset.name == lowered(trimmed(name)))
            return preset;
        names.push_back(preset.name);
    }
    throw Error(message("preset \"{}\" is not known; the presets are {}", printable(name),
                        joined(names, ", ")));
}

double publishedRadius(const ClassifierHead& head)
{
    const auto norms = head.weight.cast<double>().rowwise().norm().eval();
    constexpr double share = 0.1;
    return norms.minCoeff() + share * (norms.maxCoeff() - norms.minCoeff());
}

Recipe presetRecipe(const Preset& preset, const ClassifierHead& head)
{
    Recipe recipe = preset.recipe;
    if (recipe.maxNorm)
        recipe.maxNorm = publishedRadius(head);
    return recipe;
}

Recipe refined(const Recipe& original, Recipe changed)
{
    Recipe same = changed;
    same.preset = original.preset;
    same.seed = original.seed;
    same.precision = original.precision;
    changed.preset = same == original ? original.preset : std::string();
    return changed;
}

} // namespace monotail
