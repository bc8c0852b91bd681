// SPDX-License-Identifier: GPL-3.0-or-later
// From a row of the method table back to what the user would have chosen.
#include <QtTest>

#include "models/method_choices.h"
#include "session/loading.h"
#include "session/measuring.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class MethodChoicesTest : public QObject
{
    Q_OBJECT

    std::shared_ptr<const Document> m_document;
    std::shared_ptr<const ClassProfile> m_profile;

    Rescaling rescaled(const Choices& choices) const
    {
        return rescale(*m_document->head, *m_document->classes, *m_profile,
                       methodOf(choices, choices.method, m_profile->norms));
    }

private Q_SLOTS:
    void initTestCase()
    {
        Inputs inputs;
        inputs.checkpoint = (demoFolder() / "stage1.pth.tar").string();
        inputs.counts = (demoFolder() / "counts.csv").string();
        m_document = readInputs(inputs).document;
        QVERIFY(m_document->hasCounts());
        m_profile = std::make_shared<ClassProfile>(
            profileHead(*m_document->head, *m_document->classes, {}));
    }

    void everyRowIsChosenAsItIsMeasured()
    {
        Choices choices;
        choices.tau = 0.7;
        choices.radius = 2.5;
        choices.adjustment = 0.3;
        choices.manual.assign(10, 1.25);
        const Rescaling none = rescaled(choosingNone(choices));
        const auto rows = tableRescalings(*m_document, *m_profile, choices, none);
        QVERIFY(rows.size() >= 8);
        for (const Rescaling& row : rows) {
            // From other parameters, so that the row's own have to be taken over.
            const Rescaling again = rescaled(choosing({}, row, m_profile->norms));
            QCOMPARE(again.method, row.method);
            QCOMPARE(again.scale, row.scale);
            QCOMPARE(again.bias, row.bias);
        }
    }

    void parametersOfOtherMethodsStay()
    {
        Choices now;
        now.tau = 0.7;
        now.adjustment = 0.3;
        Choices with = now;
        with.method = MethodKind::Tau;
        with.tau = 1.5;
        const Choices chosen = choosing(now, rescaled(with), m_profile->norms);
        QCOMPARE(chosen.tau, 1.5);
        QCOMPARE(chosen.adjustment, 0.3);
        QCOMPARE(chosen.radius, 0.0);
    }

    void medianRadiusStaysTheMedian()
    {
        Choices with;
        with.method = MethodKind::MaxNorm;
        QCOMPARE(choosing({}, rescaled(with), m_profile->norms).radius, 0.0);
    }

    void noneKeepsTheBias()
    {
        Choices now;
        now.bias = BiasRule::Drop;
        const Rescaling none = rescaled(choosingNone(now));
        QCOMPARE(none.method, std::string("none"));
        QVERIFY(none.bias[6] != 0);
    }

    void headAsItIsHasNoRescaling()
    {
        Evaluation evaluation;
        evaluation.methods.resize(2);
        evaluation.methods[0].rescaling.method = "none";
        evaluation.methods[1].rescaling.method = "samn";
        const auto rows = methodRows(evaluation);
        QCOMPARE(rows.size(), std::size_t{2});
        QVERIFY(rows[0] == nullptr);
        QVERIFY(rows[1] == &evaluation.methods[1]);
    }
};

QTEST_APPLESS_MAIN(MethodChoicesTest)
#include "tst_method_choices.moc"
