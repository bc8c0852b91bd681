// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <clocale>

#include "base/random.h"
#include "base/text.h"

using namespace monotail;

class TextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersReadAndPrintTheSameUnderGermanLocale()
    {
        if (!std::setlocale(LC_ALL, "de_DE.UTF-8") && !std::setlocale(LC_ALL, "de_DE.utf8"))
            qInfo("no German locale installed: checked under the default one");
        QCOMPARE(parseDouble("0.5"), std::optional(0.5));
        QVERIFY(!parseDouble("0,5"));
        QCOMPARE(toText(0.5), std::string("0.5"));
        QCOMPARE(toText(68.314, 1), std::string("68.3"));
        std::setlocale(LC_ALL, "C");
    }

    void onlyWholeTextsAreNumbers()
    {
        QCOMPARE(parseInteger(" 42 "), std::optional<std::int64_t>(42));
        QCOMPARE(parseInteger("+42"), std::optional<std::int64_t>(42));
        for (const char* text :
             {"", " ", "4x", "x4", "4 2", "1.5", "--1", "+-1", "99999999999999999999"})
            QVERIFY2(!parseInteger(text), text);
        for (const char* text : {"", "1e", "1.5x", "0x10"})
            QVERIFY2(!parseDouble(text), text);
    }

    void negativeZeroLosesItsSign()
    {
        QCOMPARE(toText(-0.04, 1), std::string("0.0"));
        QCOMPARE(toText(-0.06, 1), std::string("-0.1"));
    }

    void thousandsAreGrouped()
    {
        QCOMPARE(toGroupedText(0), std::string("0"));
        QCOMPARE(toGroupedText(999), std::string("999"));
        QCOMPARE(toGroupedText(-1000), std::string("-1,000"));
        QCOMPARE(toGroupedText(1234567), std::string("1,234,567"));
    }

    void messageFillsBracesInOrder()
    {
        QCOMPARE(message("{}: {} rows, {}", "a.pth", 10, 0.5), std::string("a.pth: 10 rows, 0.5"));
        QCOMPARE(message("{} {}", "{}", "x"), std::string("{} x"));
    }

    void strangeBytesAreEscaped()
    {
        QCOMPARE(printable("a\x1b[2J\n"), std::string("a\\x1b[2J\\x0a"));
        QCOMPARE(printable("gr\xc3\xbcn"), std::string("gr\xc3\xbcn"));
        QCOMPARE(printable("\xff\xc3"), std::string("\\xff\\xc3"));
        QCOMPARE(printable("\xc2\x9b"), std::string("\\xc2\\x9b"));
        QCOMPARE(printable("a\xe2\x80\xae"
                           "b"),
                 std::string("a\\xe2\\x80\\xaeb"));                       // turns round
        QCOMPARE(printable("\xe2\x80\xa6"), std::string("\xe2\x80\xa6")); // an ellipsis
        const std::string_view cut = std::string_view("\xc2\x9b").substr(0, 1);
        QCOMPARE(printable(cut), std::string("\\xc2"));
        QCOMPARE(printable("abcdef", 3), std::string("abc..."));
    }

    void splittingKeepsEmptyFields()
    {
        QCOMPARE(split("a,,b,", ',').size(), std::size_t(4));
        QCOMPARE(splitBlanks("  a \t b ").size(), std::size_t(2));
    }

    void seededNumbersAreTheSameEverywhere()
    {
        Random random(0);
        // xoshiro256** seeded with splitmix64(0), from the generators' published definitions.
        QCOMPARE(random.next(), std::uint64_t(0x99ec5f36cb75f2b4));
        QCOMPARE(random.next(), std::uint64_t(0xbf6e1f784956452a));
        for (int i = 0; i < 1000; ++i)
            QVERIFY(random.below(7) < 7 && random.uniform() < 1);
    }
};

QTEST_APPLESS_MAIN(TextTest)
#include "tst_text.moc"
