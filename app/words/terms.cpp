// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/terms.h"

#include <QCoreApplication>

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Terms", text);
}

QString normTerm(Term term)
{
    switch (term) {
    case Term::WeightNorm:
        return tr("Weight norm: the length (L2) of a class's row of the classifier's weight. A "
                  "longer row makes larger scores, so its class is predicted more often.");
    case Term::CentredNorm:
        return tr("Norm of the centred row: the length of a class's row less the mean of all rows. "
                  "What all rows share changes no prediction.");
    case Term::TrainingImages:
        return tr("Training images: how many images of the class the model was trained with.");
    case Term::FrequencyRank:
        return tr("Frequency rank: 0 is the class with the most training images.");
    case Term::Pava:
        return tr(
            "PAVA, the pool adjacent violators algorithm: the norms closest to the given "
            "ones (least squares) that never fall from a more frequent class to a rarer one.");
    case Term::Block:
        return tr("Pooled block: neighbours in frequency whose norms were in the wrong order; PAVA "
                  "gives them all one norm.");
    case Term::Fitted:
        return tr("Norm after: the weight norm after the rescaling that is chosen.");
    case Term::Scale:
        return tr("Scale: norm after divided by norm before. The class's row is multiplied by it.");
    case Term::Bias:
        return tr("Bias: the number added to a class's score whatever the image is.");
    default:
        return {};
    }
}

QString methodTerm(Term term)
{
    switch (term) {
    case Term::NoMethod:
        return tr("None: the head as it is in the file.");
    case Term::SamnProjection:
        return tr("SAMN projection: every norm is replaced by its PAVA fit, so that a rarer class "
                  "never has the smaller norm. There is nothing to tune.");
    case Term::Tau:
        return tr("Tau-normalisation: every row is divided by its norm to the power tau. 0 changes "
                  "nothing, 1 makes all norms equal to 1.");
    case Term::MaxNorm:
        return tr("MaxNorm: norms above the radius are cut to the radius.");
    case Term::LogitAdjustment:
        return tr("Logit adjustment: tau times the logarithm of the class's share of the training "
                  "images is taken off its bias. Norms stay as they are.");
    case Term::EqualNorms:
        return tr("Equal norms: every row gets the mean norm.");
    case Term::Manual:
        return tr(
            "Manual: your own norms. Drag the level of a block up or down in the norm chart.");
    case Term::Direction:
        return tr("Direction: which classes must not have the smaller norm. The published method "
                  "says the rarer ones (tail high).");
    case Term::Ties:
        return tr("Ties: classes with the same number of training images. Averaged, they get one "
                  "norm; in class order, the numbering of the classes decides.");
    case Term::FitWeights:
        return tr("Weights: how much a class counts in the fit. Uniform: all the same, as "
                  "published. Count: as many times as it has training images.");
    default:
        break;
    }
    return {};
}

QString accuracyTerm(Term term)
{
    switch (term) {
    case Term::Groups:
        return tr("Groups: which classes are many-, medium- and few-shot, by training images. A "
                  "group's accuracy is the mean of its classes' recalls.");
    case Term::Many:
        return tr("Many-shot: classes with many training images.");
    case Term::Medium:
        return tr("Medium-shot: classes between many and few.");
    case Term::Few:
        return tr("Few-shot: classes with few training images.");
    case Term::Top1:
        return tr("Top-1 (micro): the share of all evaluation samples that are classified right.");
    case Term::ClassMean:
        return tr("Class-mean: the mean of the classes' recalls; every class counts the same.");
    case Term::Recall:
        return tr("Recall: the share of a class's evaluation samples that are classified right.");
    case Term::Interval:
        return tr("95 % interval: Wilson's for a recall; for changes a bootstrap that draws each "
                  "class's samples anew.");
    case Term::Change:
        return tr("Change: after less before, in percentage points.");
    case Term::AdjustedP:
        return tr("p (adjusted): McNemar's exact test of the class's change, corrected for the "
                  "number of classes (Benjamini-Hochberg). Small: hardly noise.");
    case Term::McNemar:
        return tr("McNemar's exact test: whether as many samples were gained as lost, on the same "
                  "samples.");
    case Term::Selection:
        return tr("Selected classes are marked in every view.");
    default:
        return {};
    }
}

QString studyTerm(Term term)
{
    switch (term) {
    case Term::Sweep:
        return tr("Sweep: the accuracy at every value of the parameter. Click or drag to set the "
                  "parameter. The line across is the SAMN projection, which has none.");
    case Term::ChosenParameter:
        return tr("Chosen: the value with the best class-mean accuracy, chosen on one half of the "
                  "samples and reported on the other, and back; never chosen and reported on the "
                  "same samples.");
    case Term::TestPrior:
        return tr("Test prior: how frequent the classes are where the model is used. The recalls "
                  "are weighed by training images to the power s: s = 1 as in training, s = 0 "
                  "every class the same (class-mean), s = \u22121 the rarest most.");
    case Term::CalibrationError:
        return tr("Expected calibration error (ECE): how far confidence and accuracy are apart, "
                  "over 15 bins of equal width. After one temperature: all scores divided by one "
                  "number, fitted on the other half of the samples.");
    case Term::ScaleHeadroom:
        return tr("Headroom of scales: the best that any scale per class could do, found on one "
                  "half of the samples by their labels and measured on the other, and back. It "
                  "tells whether norms are the problem at all; it is no method to use.");
    case Term::BiasHeadroom:
        return tr("Headroom of biases: the best that any bias per class could do, found on one "
                  "half of the samples by their labels and measured on the other, and back; it is "
                  "no method to use.");
    case Term::Confusion:
        return tr("Confusion: which classes are taken for which. Each row is a true group; its "
                  "cells say where its samples went, in percent of the row.");
    default:
        return {};
    }
}

QString sampleTerm(Term term)
{
    switch (term) {
    case Term::Margin:
        return tr("Margin: the score of the sample's true class less the best other class's. Below "
                  "0 the sample is wrong.");
    case Term::ErrorCause:
        return tr("Lost by: why a wrong sample is wrong, the first of these that holds. Norm: with "
                  "the winner's norm the true class would win. Bias: with the winner's bias it "
                  "would. Both: with both it would. Direction: not even then; the features point "
                  "as much or more along the winner's row.");
    default:
        return {};
    }
}

} // namespace

QString definition(Term term)
{
    for (const auto& of : {normTerm, methodTerm, accuracyTerm, studyTerm, sampleTerm})
        if (const QString text = of(term); !text.isEmpty())
            return text;
    return {};
}

} // namespace monotail
