// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int samples = 200, width = 12, classes = 8;

struct Model
{
    RowMatrix features;
    ClassifierHead head;
    RowMatrix logits; ///< W f + b
};

Model model()
{
    Random random(21);
    Model out{noise(samples, width, random, 3), {}, {}};
    const RowMatrix bias = noise(1, classes, random);
    out.head = headOf(noise(classes, width, random),
                      std::vector<float>(bias.data(), bias.data() + classes));
    out.logits = (out.features * out.head.weight.transpose()).rowwise() + out.head.bias.transpose();
    return out;
}

std::optional<LogitWitness> witnessOf(const Model& model, RowMatrix logits)
{
    FeatureSet features = featuresOf(model.features, std::vector<std::int64_t>(samples, 0));
    features.logits = rowsOf(std::move(logits));
    return predictAll(features, model.head, {}, *makeEigenScorer(), {false}).witness;
}

/// Rounds to `bits` bits of mantissa: 11 as float16 has, 8 as bfloat16 has.
RowMatrix rounded(const RowMatrix& values, int bits)
{
    return values.unaryExpr([bits](float value) {
        int exponent = 0;
        const float mantissa = std::frexp(value, &exponent);
        return std::ldexp(std::nearbyint(std::ldexp(mantissa, bits)), exponent - bits);
    });
}

std::string causeOf(const Model& model, RowMatrix logits)
{
    const LogitWitness witness = witnessOf(model, std::move(logits)).value();
    return witness.holds ? std::string("holds") : witness.cause;
}

} // namespace

class WitnessTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutLogitsThereIsNoWitness()
    {
        const Model one = model();
        const FeatureSet features = featuresOf(one.features, std::vector<std::int64_t>(samples, 0));
        QVERIFY(!predictAll(features, one.head, {}, *makeEigenScorer(), {false}).witness);
        FeatureSet none = featuresOf(RowMatrix(0, width), {});
        none.logits = rowsOf(RowMatrix(0, classes));
        QVERIFY(!predictAll(none, one.head, {}, *makeEigenScorer(), {false}).witness);
    }

    void theModelsOwnLogitsHold()
    {
        const Model one = model();
        const LogitWitness witness = witnessOf(one, one.logits).value();
        QVERIFY(witness.holds && witness.maxError < 1e-6 && witness.cause.empty());
    }

    void theErrorIsTheLargestDifferenceOverTheLargestLogit()
    {
        const Model one = model();
        RowMatrix logits = one.logits;
        logits(150, 3) = 40; // by far the largest
        const LogitWitness witness = witnessOf(one, logits).value();
        QVERIFY(!witness.holds);
        QVERIFY(std::fabs(witness.maxError - std::fabs(40 - double(one.logits(150, 3))) / 40) <
                1e-6);
    }

    void float16StillHoldsAndBfloat16IsNamed()
    {
        Model one = model();
        const RowMatrix exact = one.logits;
        one.features = rounded(one.features, 11);
        QCOMPARE(causeOf(one, rounded(exact, 11)), std::string("holds"));
        one.features = rounded(one.features, 8);
        QCOMPARE(causeOf(one, rounded(exact, 8)),
                 std::string("rounding: bfloat16 or TF32 somewhere on the way would do this"));
    }

    void usualCausesAreNamed()
    {
        const Model one = model();
        const RowMatrix& weight = one.head.weight;
        const auto bias = one.head.bias.transpose();
        const RowMatrix product = one.features * weight.transpose();
        const RowMatrix unit = one.features.rowwise().normalized();
        const RowMatrix unitRows = weight.rowwise().normalized();
        const RowMatrix cosine = unit * unitRows.transpose();
        QCOMPARE(causeOf(one, 2.5f * one.logits),
                 std::string("a hidden scale: the logits are 2.500 times what we compute"));
        QCOMPARE(causeOf(one, (0.5f * product).rowwise() + bias),
                 std::string("a hidden scale of 0.500 before the bias"));
        QCOMPARE(causeOf(one, product), std::string("the logits leave the bias out"));
        QCOMPARE(causeOf(one, (unit * weight.transpose()).rowwise() + bias),
                 std::string("normalised features"));
        QCOMPARE(causeOf(one, (16 * unit * weight.transpose()).rowwise() + bias),
                 std::string("normalised features, and a scale of 16.000"));
        QCOMPARE(causeOf(one, (one.features * unitRows.transpose()).rowwise() + bias),
                 std::string("normalised rows"));
        QCOMPARE(causeOf(one, 30 * cosine),
                 std::string("normalised features and rows (a cosine head) without the bias, and "
                             "a scale of 30.000"));
    }

    void softmaxedLogitsAreNamed()
    {
        const Model one = model();
        const RowMatrix exponentials = one.logits.array().exp();
        const RowMatrix shares =
            exponentials.rowwise().sum().cwiseInverse().asDiagonal() * exponentials;
        const RowMatrix logs = shares.array().log();
        QCOMPARE(causeOf(one, shares),
                 std::string("the file holds probabilities (softmax), not logits"));
        QCOMPARE(causeOf(one, logs),
                 std::string("the file holds log-probabilities (log-softmax), not logits"));
    }

    void changesByClassAreNamed()
    {
        const Model one = model();
        RowMatrix scaled = one.logits, shifted = one.logits, moved = one.logits;
        for (int c = 0; c < classes; ++c) {
            scaled.col(c) *= 0.5f + 0.2f * float(c);
            shifted.col(c).array() += float(c * c % 5);
            moved.col(c) = one.logits.col(c < 2 ? c : classes + 1 - c);
        }
        QCOMPARE(causeOf(one, scaled),
                 std::string("one learned scale per class (LWS) that our reading leaves out"));
        QCOMPARE(causeOf(one, shifted),
                 std::string("another bias: the logits differ by one number per class"));
        QCOMPARE(causeOf(one, moved),
                 std::string("another order of the classes: logit 2 is our class 7"));
    }

    void whatNothingExplainsIsAnotherHead()
    {
        const Model one = model();
        Random random(8);
        const std::string other = "another head (of several experts, perhaps) or other features";
        QCOMPARE(causeOf(one, noise(samples, classes, random, 3)), other);
        QCOMPARE(causeOf(one, RowMatrix::Zero(samples, classes)),
                 std::string("logits that are all zero"));
        RowMatrix broken = one.logits;
        broken(5, 5) = std::nanf("");
        QCOMPARE(causeOf(one, broken), std::string("logits that are not finite"));
    }

    void logitsOfAnotherShapeAreAFailedWitness()
    {
        const Model one = model();
        const LogitWitness wide = witnessOf(one, RowMatrix::Zero(samples, classes + 1)).value();
        QVERIFY(!wide.holds && std::isnan(wide.maxError));
        QCOMPARE(wide.cause,
                 std::string("another head: the logits are of 9 classes, the head has 8"));
        QCOMPARE(causeOf(one, RowMatrix::Zero(3, classes)),
                 std::string("logits of other samples: 3 rows for 200 samples"));
    }
};

QTEST_APPLESS_MAIN(WitnessTest)
#include "tst_witness.moc"
