// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "core/rescale/head_by_hand.h"
#include "rescale/rescaling.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

const Counts threeCounts{60, 30, 10};

Rescaling rescaled(const ClassifierHead& head, const Counts& counts, const Method& method)
{
    const ClassSet classes = classesOf(counts);
    return rescale(head, classes, profileHead(head, classes, {}), method);
}

Rescaling rescaled(const Numbers& norms, const char* method)
{
    return rescaled(headOfNorms(norms), threeCounts, parseMethod(method));
}

Method scalesMethod(const Numbers& scales)
{
    Method method = parseMethod("scales=s.csv");
    method.scales = scales;
    return method;
}

Method dropped(const char* text)
{
    Method method = parseMethod(text);
    method.bias = BiasRule::Drop;
    return method;
}

bool allNear(const Numbers& a, const Numbers& b)
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
               return std::abs(x - y) <= 1e-12 * std::max(1.0, std::abs(y));
           });
}

/// The reference head of losses.json: C x D numbers, one row after the other.
ClassifierHead referenceHead(const nlohmann::json& losses)
{
    const auto classes = losses["C"].get<std::size_t>();
    const auto numbers = losses["weight"].get<Numbers>();
    const std::size_t width = numbers.size() / classes;
    std::vector<Numbers> rows;
    for (std::size_t c = 0; c < classes; ++c) {
        const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(c * width);
        rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(width));
    }
    return headOf(rows, Bias::None);
}

Numbers newNorms(const ClassifierHead& head, const Rescaling& rescaling)
{
    Numbers norms;
    for (std::size_t c = 0; c < head.norms.size(); ++c)
        norms.push_back(head.norms[c] * rescaling.scale[c]);
    return norms;
}

} // namespace

class RescalingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyMethodScalesByItsFormula_data()
    {
        QTest::addColumn<Numbers>("norms");
        QTest::addColumn<Numbers>("scales");
        QTest::newRow("none") << Numbers{4, 1, 2} << Numbers{1, 1, 1};
        // 4 and 1 pool to 2.5, which pools with 2 to 7/3.
        QTest::newRow("samn") << Numbers{4, 1, 2} << Numbers{7.0 / 12, 7.0 / 3, 7.0 / 6};
        QTest::newRow("tau=0.5") << Numbers{4, 1, 16} << Numbers{0.5, 1, 0.25};
        QTest::newRow("tau=0") << Numbers{4, 1, 16} << Numbers{1, 1, 1};
        QTest::newRow("tau=1") << Numbers{4, 1, 16} << Numbers{0.25, 1, 0.0625};
        QTest::newRow("maxnorm=2") << Numbers{4, 1, 2} << Numbers{0.5, 1, 1};
        QTest::newRow("equal") << Numbers{4, 1, 1} << Numbers{0.5, 2, 2};
        QTest::newRow("logit-adjust=1") << Numbers{4, 1, 1} << Numbers{1, 1, 1};
    }
    void everyMethodScalesByItsFormula()
    {
        QFETCH(Numbers, norms);
        QFETCH(Numbers, scales);
        const Rescaling r = rescaled(norms, QTest::currentDataTag());
        QVERIFY(allNear(r.scale, scales));
        QCOMPARE(r.method, std::string(QTest::currentDataTag()));
        QVERIFY(r.warnings.empty());
    }

    void rowsOfNormZeroKeepScaleOne_data()
    {
        QTest::addColumn<Numbers>("scales");
        QTest::newRow("samn") << Numbers{0.75, 1, 1.5};
        QTest::newRow("tau=1") << Numbers{0.25, 1, 0.5};
        QTest::newRow("maxnorm=1") << Numbers{0.25, 1, 0.5};
        QTest::newRow("equal") << Numbers{0.75, 1, 1.5}; // the mean of 4 and 2, not of 4, 0 and 2
    }
    void rowsOfNormZeroKeepScaleOne()
    {
        QFETCH(Numbers, scales);
        QVERIFY(allNear(rescaled({4, 0, 2}, QTest::currentDataTag()).scale, scales));
    }

    void theBiasIsKeptUnlessDropped()
    {
        const ClassifierHead head = headOfNorms({4, 1, 2});
        const Rescaling kept = rescaled(head, threeCounts, parseMethod("samn"));
        QCOMPARE(kept.bias, Numbers({0.5, 1, 1.5}));
        const Rescaling without = rescaled(head, threeCounts, dropped("samn"));
        QCOMPARE(without.bias, Numbers({0, 0, 0}));
        QCOMPARE(without.scale, kept.scale);
        QCOMPARE(without.method, std::string("samn, bias dropped"));
    }

    void logitAdjustmentTakesThePriorsFromTheBias()
    {
        const ClassifierHead head = headOfNorms({4, 1, 2});
        const Numbers logs{std::log(0.6), std::log(0.3), std::log(0.1)};
        QVERIFY(allNear(rescaled(head, threeCounts, parseMethod("logit-adjust=2")).bias,
                        {0.5 - 2 * logs[0], 1 - 2 * logs[1], 1.5 - 2 * logs[2]}));
        QVERIFY(allNear(rescaled(head, threeCounts, dropped("logit-adjust=1")).bias,
                        {-logs[0], -logs[1], -logs[2]}));
    }

    void anAbsentClassGetsThePriorOfHalfAnImage()
    {
        const ClassifierHead head = headOfNorms({1, 1, 1}, Bias::None);
        const Rescaling r = rescaled(head, {6, 4, 0}, parseMethod("logit-adjust=1"));
        QVERIFY(allNear(r.bias, {-std::log(0.6), -std::log(0.4), -std::log(0.05)}));
        QCOMPARE(r.warnings, Warnings{"classes without training images get the prior of half an "
                                      "image: 1 class (c)"});
        QVERIFY(rescaled(head, {6, 4, 0}, parseMethod("samn")).warnings.empty());
        QCOMPARE(
            errorOf([&] {
                rescaled(head, {0, 0, 0}, parseMethod("logit-adjust=1"));
            }),
            std::string("logit adjustment needs the classes' priors, but no class has training "
                        "images; give the training counts"));
    }

    void scalesOfAFileAreTakenAsTheyAre()
    {
        const ClassifierHead head = headOfNorms({4, 0, 2});
        const Rescaling r = rescaled(head, threeCounts, scalesMethod({2, 3, 0.5}));
        QCOMPARE(r.scale, Numbers({2, 3, 0.5}));
        QVERIFY(r.warnings.empty());
        const Rescaling turned = rescaled(head, threeCounts, scalesMethod({2, -3, 0}));
        QCOMPARE(turned.scale, Numbers({2, -3, 0}));
        QCOMPARE(turned.warnings, Warnings{"scales=s.csv: scales that are not above 0 silence or "
                                           "reverse their rows: 2 classes (b, c)"});
    }

    void matchesTheReferenceNorms()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto losses = readJson(sharedFolder() / "reference/losses.json");
        const ClassifierHead head = referenceHead(losses);
        const auto counts = losses["class_counts"].get<Counts>();
        for (const auto& [tau, norms] : losses["tau_norms"].items()) {
            const Rescaling r = rescaled(head, counts, parseMethod("tau=" + tau));
            QVERIFY2(allNear(newNorms(head, r), norms.get<Numbers>()), tau.c_str());
        }
        const Rescaling ball = rescaled(head, counts, parseMethod("maxnorm=1.5"));
        QVERIFY(allNear(newNorms(head, ball), losses["maxnorm_radius_1.5"].get<Numbers>()));
    }

    void matchesTheReferencePredictionsOfLogitAdjustment()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto losses = readJson(sharedFolder() / "reference/losses.json");
        const auto counts = losses["class_counts"].get<Counts>();
        const Rescaling r = rescaled(referenceHead(losses), counts, parseMethod("logit-adjust=1"));
        const auto logits = losses["logits"].get<Numbers>();
        Counts predictions;
        for (std::size_t sample = 0; sample < losses["N"].get<std::size_t>(); ++sample) {
            Numbers scores;
            for (std::size_t c = 0; c < counts.size(); ++c)
                scores.push_back(logits[sample * counts.size() + c] + r.bias[c]);
            predictions.push_back(std::max_element(scores.begin(), scores.end()) - scores.begin());
        }
        QCOMPARE(predictions, losses["logit_adjusted_predictions_tau1"].get<Counts>());
    }

    void cosineHeadsCannotBeRescaled()
    {
        ClassifierHead head = headOfNorms({4, 1, 2});
        head.source.kind = HeadKind::Cosine;
        for (const char* text : {"samn", "tau=1", "maxnorm=1", "equal"})
            QCOMPARE(errorOf([&] { rescaled(head, threeCounts, parseMethod(text)); }),
                     std::string("fc.weight: norms have no effect in this head, it normalises its "
                                 "rows in the forward pass; ") +
                         text +
                         " cannot rescale it, only none and logit-adjust apply "
                         "(if the forward pass does not normalise, say --kind linear)");
        QVERIFY(!errorOf([&] { rescaled(head, threeCounts, scalesMethod({1, 2, 3})); }).empty());
        QCOMPARE(rescaled(head, threeCounts, parseMethod("none")).scale, Numbers({1, 1, 1}));
        QVERIFY(rescaled(head, threeCounts, parseMethod("logit-adjust=1")).bias[2] > 3.8);
    }

    void numbersThatFloat32CannotHoldNameTheirClass_data()
    {
        QTest::addColumn<Numbers>("norms");
        QTest::addColumn<QString>("sentence");
        // Powers of two, so that both numbers are exact.
        QTest::newRow("tau=2") << Numbers{1, 0x1p-100, 1}
                               << QString::fromStdString(message(
                                      "tau=2: the scale of class b is {} for a row of norm {}, "
                                      "which float32 cannot hold; use another parameter or method",
                                      0x1p200, 0x1p-100));
        QTest::newRow("tau=3") << Numbers{1, 1, 0x1p100}
                               << QString::fromStdString(message(
                                      "tau=3: the scale of class c is {} for a row of norm {}, "
                                      "which float32 cannot hold; use another parameter or method",
                                      0x1p-300, 0x1p100));
        QTest::newRow("logit-adjust=-1e300")
            << Numbers{1, 1, 1}
            << QString::fromStdString(
                   message("logit-adjust=-1e+300: the bias of class a becomes {}, which float32 "
                           "cannot hold; use a smaller parameter",
                           0.5 + 1e300 * std::log(0.6)));
    }
    void numbersThatFloat32CannotHoldNameTheirClass()
    {
        QFETCH(Numbers, norms);
        QFETCH(QString, sentence);
        QCOMPARE(errorOf([&] { rescaled(norms, QTest::currentDataTag()); }),
                 sentence.toStdString());
    }

    void badScalesNameTheirClass()
    {
        const ClassifierHead head = headOfNorms({4, 1, 2});
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(errorOf([&] {
                     rescaled(head, threeCounts, scalesMethod({1, nan, 1}));
                 }),
                 std::string("scales=s.csv: the scale of class b is nan for a row of norm 1, which "
                             "float32 cannot hold; give a smaller one"));
        QCOMPARE(errorOf([&] {
                     rescaled(head, threeCounts, scalesMethod({1, 1}));
                 }),
                 std::string("scales=s.csv: 2 scales for 3 classes; every class needs one"));
    }

    void parametersOutOfRangeAreRefusedHoweverTheMethodWasMade()
    {
        Method method;
        method.kind = MethodKind::MaxNorm;
        method.parameter = -1;
        QCOMPARE(errorOf([&] {
                     rescaled(headOfNorms({1, 1, 1}), threeCounts, method);
                 }),
                 std::string("method maxnorm=-1: expected a finite radius above 0"));
    }

    void aProfileOfAnotherHeadIsRefused()
    {
        const ClassifierHead head = headOfNorms({4, 1, 2});
        const ClassSet classes = classesOf(threeCounts);
        const ClassProfile other = profileHead(headOfNorms({4, 1}), classesOf({6, 3}), {});
        QCOMPARE(errorOf([&] { rescale(head, classes, other, parseMethod("samn")); }),
                 std::string("fc.weight: the head has 3 classes, its bias 3, the class counts 3, "
                             "the profile 2; all must be of one head"));
    }
};

QTEST_APPLESS_MAIN(RescalingTest)
#include "tst_rescaling.moc"
