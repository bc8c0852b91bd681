// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "base/text.h"
#include "evaluate/sweep.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class SweepRangeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rangesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("values");
        QTest::addRow("tenths stay decimal") << "tau:0:0.5:0.1"
                                             << "0 0.1 0.2 0.3 0.4 0.5";
        QTest::addRow("from 0.7") << "tau:0.7:1:0.1"
                                  << "0.7 0.8 0.9 1";
        QTest::addRow("one value") << "maxnorm:1.5:1.5:1"
                                   << "1.5";
        QTest::addRow("the last value is not reached") << "tau:0:1:0.4"
                                                       << "0 0.4 0.8";
        QTest::addRow("negative tau of logit adjustment") << "logit-adjust:-0.2:0.1:0.1"
                                                          << "-0.2 -0.1 0 0.1";
        QTest::addRow("blanks and capitals") << " TAU : 0 : 2 : 1 "
                                             << "0 1 2";
        QTest::addRow("tiny steps") << "tau:0:3e-7:1e-7"
                                    << "0 1e-07 2e-07 3e-07";
    }
    void rangesAreRead()
    {
        QFETCH(QString, text);
        QFETCH(QString, values);
        std::vector<std::string> found;
        for (const double value : sweepValues(parseSweep(text.toStdString())))
            found.push_back(toText(value));
        QCOMPARE(QString::fromStdString(joined(found, " ")), values);
    }

    void stepsDoNotAddUpErrors()
    {
        const auto values = sweepValues(parseSweep("tau:0:0.999:0.001"));
        QCOMPARE(values.size(), std::size_t(1000));
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(values[i] == static_cast<double>(i) / 1000);
        // A step that is no decimal: each value is rounded by itself.
        const SweepRange thirds{MethodKind::Tau, 0, 2, 1.0 / 3};
        QCOMPARE(sweepValues(thirds).size(), std::size_t(7));
        QVERIFY(std::abs(sweepValues(thirds)[6] - 2) < 1e-15);
    }

    void rangeNamesItselfAsTyped()
    {
        QCOMPARE(nameOf(parseSweep("logit-adjust:0:2:0.1")), std::string("logit-adjust:0:2:0.1"));
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const char* tail = "; write it like tau:0:2:0.1 (method, first value, last value, step)";
        const auto add = [tail](const char* row, const char* text, const QString& why) {
            QTest::addRow("%s", row) << text << QString("sweep %1: %2%3").arg(text, why, tail);
        };
        add("no range", "tau", "four parts are expected");
        add("no step", "tau:0:2", "four parts are expected");
        add("too many parts", "tau:0:2:1:1", "four parts are expected");
        add("words", "tau:0:two:1", "\"two\" is not a number");
        add("backwards", "tau:2:0:0.1", "the first value is above the last");
        add("no progress", "tau:0:2:0", "the step must be above 0");
        add("backward steps", "tau:0:2:-0.1", "the step must be above 0");
        add("endless", "tau:0:inf:1", "all three numbers must be finite");
        add("not a number", "tau:nan:2:1", "all three numbers must be finite");
        add("too fine", "tau:0:2:0.001", "that is more than 1000 values, take a larger step");
        add("far too fine", "tau:0:1e+300:1e-300",
            "that is more than 1000 values, take a larger step");
        add("no parameter", "samn:0:1:0.1",
            "method \"samn\" has no parameter to sweep, only tau, maxnorm and logit-adjust have");
        add("unknown", "gamma:0:1:0.1",
            "method \"gamma\" has no parameter to sweep, only tau, maxnorm and logit-adjust have");
        QTest::addRow("below tau") << "tau:-1:1:0.5"
                                   << "method tau=-1: expected a finite tau of 0 or more";
        QTest::addRow("no ball") << "maxnorm:0:1:0.5"
                                 << "method maxnorm=0: expected a finite radius above 0";
    }
    void nonsenseIsRefused()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(errorOf([&] { parseSweep(text.toStdString()); })),
                 sentence);
    }
};

QTEST_APPLESS_MAIN(SweepRangeTest)
#include "tst_sweep_range.moc"
