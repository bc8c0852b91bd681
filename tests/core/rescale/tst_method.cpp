// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <string>

#include "rescale/rescaling.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class MethodTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyMethodIsReadAndNamedAgain_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("parameter");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* text, MethodKind kind, double parameter, const char* name) {
            QTest::newRow(text) << text << int(kind) << parameter << name;
        };
        row("none", MethodKind::None, 0, "none");
        row("samn", MethodKind::Samn, 0, "samn");
        row("tau=0.7", MethodKind::Tau, 0.7, "tau=0.7");
        row("tau=0", MethodKind::Tau, 0, "tau=0");
        row("tau=-0", MethodKind::Tau, 0, "tau=0");
        row("maxnorm=1.2", MethodKind::MaxNorm, 1.2, "maxnorm=1.2");
        row("logit-adjust=-1", MethodKind::LogitAdjust, -1, "logit-adjust=-1");
        row("equal", MethodKind::EqualNorms, 0, "equal");
        row(" TAU = 1e0 ", MethodKind::Tau, 1, "tau=1");
    }
    void everyMethodIsReadAndNamedAgain()
    {
        QFETCH(QString, text);
        QFETCH(int, kind);
        QFETCH(double, parameter);
        QFETCH(QString, name);
        const Method method = parseMethod(text.toStdString());
        QCOMPARE(int(method.kind), kind);
        QCOMPARE(method.parameter, parameter);
        QVERIFY(method.bias == BiasRule::Keep);
        QCOMPARE(nameOf(method), name.toStdString());
    }

    void aScalesFileIsKeptForTheCaller()
    {
        const Method method = parseMethod("scales=My Scales=2.csv");
        QVERIFY(method.kind == MethodKind::Scales);
        QCOMPARE(method.scalesSource, std::string("My Scales=2.csv"));
        QCOMPARE(nameOf(method), std::string("scales=My Scales=2.csv"));
    }

    void aDroppedBiasIsInTheName()
    {
        Method method = parseMethod("equal");
        method.bias = BiasRule::Drop;
        QCOMPARE(nameOf(method), std::string("equal, bias dropped"));
        method = parseMethod("tau=1");
        method.bias = BiasRule::Drop;
        QCOMPARE(nameOf(method), std::string("tau=1, bias dropped"));
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* text, const QString& sentence) {
            QTest::newRow(text) << sentence;
        };
        const QString unknown = "method \"%1\" is not known; the methods are none, samn, tau=0.7, "
                                "maxnorm=1.2, logit-adjust=1, equal, scales=FILE.csv";
        row("taux=1", unknown.arg("taux=1"));
        row("", unknown.arg(""));
        row("=1", unknown.arg("=1"));
        row("t\x1b", unknown.arg("t\\x1b"));
        row("tau", "method tau: tau needs a value; write it like tau=0.7");
        row("tau=", "method tau=: tau needs a value; write it like tau=0.7");
        row("scales", "method scales: scales needs a value; write it like scales=FILE.csv");
        row("samn=2", "method samn=2: samn takes no value; write samn");
        row("equal=", "method equal=: equal takes no value; write equal");
        row("tau=x", "method tau=x: \"x\" is not a number; write it like tau=0.7");
        row("tau=0,5", "method tau=0,5: \"0,5\" is not a number; write it like tau=0.7");
        row("tau=-1", "method tau=-1: expected a finite tau of 0 or more");
        row("tau=inf", "method tau=inf: expected a finite tau of 0 or more");
        row("tau=nan", "method tau=nan: expected a finite tau of 0 or more");
        row("maxnorm=0", "method maxnorm=0: expected a finite radius above 0");
        row("maxnorm=-2", "method maxnorm=-2: expected a finite radius above 0");
        row("maxnorm=inf", "method maxnorm=inf: expected a finite radius above 0");
        row("logit-adjust=nan", "method logit-adjust=nan: expected a finite tau");
    }
    void mistakesAreNamed()
    {
        QFETCH(QString, sentence);
        QCOMPARE(errorOf([] { parseMethod(QTest::currentDataTag()); }), sentence.toStdString());
    }
};

QTEST_APPLESS_MAIN(MethodTest)
#include "tst_method.moc"
