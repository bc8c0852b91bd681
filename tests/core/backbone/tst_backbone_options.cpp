// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backbone/backbone.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class BackboneOptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsKeysAndValues()
    {
        const BackboneOptions options = parseBackboneOptions(
            "max-pool=no, stem-stride=1,strides=1-2-2-1,bottleneck-stride=first,eps=1e-3,"
            "shortcut=pad-end");
        QVERIFY((options == BackboneOptions{{"max-pool", "no"},
                                            {"stem-stride", "1"},
                                            {"strides", "1-2-2-1"},
                                            {"bottleneck-stride", "first"},
                                            {"eps", "0.001"},
                                            {"shortcut", "pad-end"}}));
        QVERIFY(parseBackboneOptions("").empty());
    }

    void refusesWhatItDoesNotKnow_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const QString keys = "': expected KEY=VALUE with one of the keys stem-stride (1, 2 or 4), "
                             "max-pool (yes or no), strides (one number from 1 to 8 for each "
                             "stage, as in 1-2-2-2), bottleneck-stride (first or second), "
                             "shortcut (pad-both or pad-end), eps (a number between 0 and 1)";
        QTest::newRow("unknown key") << "depth=18"
                                     << "'depth=18" + keys;
        QTest::newRow("no value") << "max-pool"
                                  << "'max-pool" + keys;
        QTest::newRow("empty part") << "max-pool=no,,eps=1e-3"
                                    << "'" + keys;
        QTest::newRow("unknown value") << "max-pool=3"
                                       << "max-pool=3: expected yes or no";
        QTest::newRow("stride of 0")
            << "strides=1-0-2"
            << "strides=1-0-2: expected one number from 1 to 8 for each stage, as in 1-2-2-2";
        QTest::newRow("stride missing")
            << "strides=1--2"
            << "strides=1--2: expected one number from 1 to 8 for each stage, as in 1-2-2-2";
        QTest::newRow("eps of 0") << "eps=0"
                                  << "eps=0: expected a number between 0 and 1";
        QTest::newRow("eps that is no number") << "eps=nan"
                                               << "eps=nan: expected a number between 0 and 1";
        QTest::newRow("twice") << "eps=1e-3,eps=1e-4"
                               << "eps is given twice";
    }
    void refusesWhatItDoesNotKnow()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const std::string error = errorOf([&] { parseBackboneOptions(text.toStdString()); });
        QCOMPARE(QString::fromStdString(error), sentence);
    }
};

QTEST_APPLESS_MAIN(BackboneOptionsTest)
#include "tst_backbone_options.moc"
