// SPDX-License-Identifier: GPL-3.0-or-later
// The small tables: marked rows, tensors, what a file holds in words.
#include <QAbstractItemModelTester>
#include <QFont>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTemporaryDir>
#include <QtTest>

#include "models/file_contents.h"
#include "models/head_table.h"
#include "models/search_role.h"
#include "models/tensor_model.h"
#include "models/text_table_model.h"
#include "session/loading.h"
#include "support/safetensors_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr auto fatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

TextTable twoRows()
{
    TextTable out;
    out.table = {{"method", "all"}, {{"none", "68.3"}, {"samn", "78.4"}}, 1};
    out.marked = 1;
    out.columnExplanations = {QStringLiteral("what is done")};
    out.rowExplanations = {QString(), QStringLiteral("the projection")};
    return out;
}

std::shared_ptr<const Document> demoDocument()
{
    Inputs inputs;
    inputs.checkpoint = (demoFolder() / "stage1.pth.tar").string();
    return readInputs(inputs).document;
}

} // namespace

class TextTablesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void markedRowIsBoldAndCarriesASymbol()
    {
        TextTableModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        model.setTable(twoRows());
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("▶ samn"));
        QVERIFY(model.index(1, 1).data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(!model.index(0, 0).data(Qt::FontRole).isValid());
        QCOMPARE(model.index(0, 0).data().toString().trimmed(), QStringLiteral("none"));
        QVERIFY(model.index(1, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("in use")));
    }

    void tooltipsExplainColumnsAndRows()
    {
        TextTableModel model;
        model.setTable(twoRows());
        QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::ToolTipRole).toString(),
                 QStringLiteral("what is done"));
        QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString(), QString());
        QCOMPARE(model.index(1, 1).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("the projection"));
        QCOMPARE(model.index(0, 1).data(Qt::ToolTipRole).toString(), QStringLiteral("68.3"));
    }

    void tableOfTheSameShapeKeepsItsRows()
    {
        TextTableModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        model.setTable(twoRows());
        QSignalSpy reset(&model, &TextTableModel::modelReset);
        QSignalSpy data(&model, &TextTableModel::dataChanged);
        TextTable other = twoRows();
        other.marked = 0;
        model.setTable(other);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(data.size(), 1);
        model.setTable({});
        QCOMPARE(reset.size(), 1);
        QCOMPARE(model.rowCount(), 0);
    }

    void minorRowsAreItalicAndASearchSeesTheColumnsItShould()
    {
        TextTable table = twoRows();
        table.minor = 1;
        table.searched = 1;
        TextTableModel model;
        model.setTable(table);
        QVERIFY(model.index(1, 0).data(Qt::FontRole).value<QFont>().italic());
        QVERIFY(!model.index(0, 0).data(Qt::FontRole).isValid());
        QVERIFY(model.index(1, 0).data(searchRole).toString().contains(QStringLiteral("samn")));
        QVERIFY(!model.index(1, 0).data(searchRole).toString().contains(QStringLiteral("78")));
    }

    void tensorsSortByNumberAndKeepFileOrderFirst()
    {
        TensorModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        QSortFilterProxyModel sorted;
        sorted.setSourceModel(&model);
        sorted.setSortRole(TensorModel::sortRole);
        const auto document = demoDocument();
        model.setCheckpoint(document->checkpoint);
        QCOMPARE(model.rowCount(), 67);
        QCOMPARE(sorted.index(0, TensorModel::Name).data().toString(),
                 QStringLiteral("state_dict.conv1.weight"));
        sorted.sort(TensorModel::Elements);
        const auto elements = [&](int row) {
            return sorted.index(row, TensorModel::Elements)
                .data(TensorModel::sortRole)
                .toLongLong();
        };
        for (int row = 1; row < sorted.rowCount(); ++row)
            QVERIFY(elements(row - 1) <= elements(row));
        QCOMPARE(elements(0), 1);
        model.setCheckpoint(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void tensorSaysWhatItIs()
    {
        QTemporaryDir folder;
        const std::string path =
            SafetensorsFile()
                .add("fc.weight", {3, 500}, std::vector<float>(1500, 1.0F))
                .write(folder.filePath(QStringLiteral("head.safetensors")).toStdString());
        TensorModel model;
        model.setCheckpoint(openCheckpoint(path));
        QStringList row;
        for (int column = 0; column < model.columnCount(); ++column)
            row += model.index(0, column).data().toString();
        QCOMPARE(row.join(QLatin1Char('|')),
                 QStringLiteral("fc.weight|float32|3 x 500|1,500|6.0 kB"));
    }

    void sizesAreInRoundUnits_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addRow("few bytes") << quint64(999) << QStringLiteral("999 bytes");
        QTest::addRow("a kilobyte") << quint64(1000) << QStringLiteral("1.0 kB");
        QTest::addRow("just below a megabyte") << quint64(999999) << QStringLiteral("1.0 MB");
        QTest::addRow("gigabytes") << quint64(2500000000) << QStringLiteral("2.5 GB");
    }

    void sizesAreInRoundUnits()
    {
        QFETCH(quint64, bytes);
        QTEST(bytesText(bytes), "text");
    }

    void summaryNamesFormatAccuracyAndEpoch()
    {
        const QString summary = summaryOf(*demoDocument());
        for (const char* part : {"zip", "67 tensors", "best_acc1 = 68.31 %", "epoch = 60"})
            QVERIFY2(summary.contains(QLatin1String(part)), qPrintable(summary));
    }

    void headInUseIsNamedAndMarked()
    {
        const auto document = demoDocument();
        QVERIFY(headInWords(*document).contains(QStringLiteral("state_dict.linear.weight")));
        QCOMPARE(headTable(*document).marked, 0);
        QCOMPARE(headTable(*document).table.rows.at(0).at(2), std::string("10 x 64"));
    }

    void equallyLikelyHeadsAskForAChoice()
    {
        QTemporaryDir folder;
        SafetensorsFile file;
        for (const char* name : {"a.weight", "b.weight"})
            file.add(name, {5, 4}, std::vector<float>(20, 1.0F));
        Inputs inputs;
        inputs.checkpoint =
            file.write(folder.filePath(QStringLiteral("two.safetensors")).toStdString());
        const auto document = readInputs(inputs).document;
        QVERIFY(!document->head);
        const QString words = headInWords(*document);
        QVERIFY2(words.contains(QStringLiteral("choose a head below")), qPrintable(words));
        QCOMPARE(headTable(*document).marked, -1);
        QCOMPARE(headTable(*document).table.rows.size(), std::size_t{2});
    }

    void fileWithoutMatricesSaysSo()
    {
        QTemporaryDir folder;
        Inputs inputs;
        inputs.checkpoint =
            SafetensorsFile()
                .add("only.bias", {5}, std::vector<float>(5, 1.0F))
                .write(folder.filePath(QStringLiteral("none.safetensors")).toStdString());
        const QString words = headInWords(*readInputs(inputs).document);
        QVERIFY2(words.contains(QStringLiteral("none of the tensors is a matrix")),
                 qPrintable(words));
    }

    void otherContentsListValuesAndObjects()
    {
        const Table table = otherContents(*demoDocument()->checkpoint).table;
        const std::vector<std::string> epoch{"value", "epoch", "60"};
        QVERIFY(std::find(table.rows.begin(), table.rows.end(), epoch) != table.rows.end());
    }

    void warningsStandEachOnItsLine()
    {
        QCOMPARE(warningLines({}), QString());
        QCOMPARE(warningLines({"one", "two"}), QStringLiteral("⚠ one\n⚠ two"));
    }
};

QTEST_GUILESS_MAIN(TextTablesTest)
#include "tst_text_tables.moc"
