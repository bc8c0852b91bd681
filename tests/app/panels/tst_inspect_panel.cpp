// SPDX-License-Identifier: GPL-3.0-or-later
// What a checkpoint holds, as a person reads and searches it.
#include "shown_inspect.h"

using namespace monotail;
using namespace monotail::test;

class InspectPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingOpenIsSaidInWords()
    {
        ShownInspect shown;
        QVERIFY(!shown.tensors.isVisible());
        QCOMPARE(shown.tensors.model()->rowCount(), 0);
    }

    void demoIsSummedUp()
    {
        ShownInspect shown;
        shown.open(demoInputs(false, false));
        QCOMPARE(shown.text("fileName"), QStringLiteral("stage1.pth.tar"));
        QVERIFY(shown.text("fileSummary").contains(QStringLiteral("best_acc1 = 68.31 %")));
        QVERIFY(shown.text("headInUse").contains(QStringLiteral("state_dict.linear.weight")));
        QCOMPARE(shown.tensors.model()->rowCount(), 67);
        QCOMPARE(shown.tabTitles(), QStringLiteral("Heads (1), Tensors (67), Other contents (20)"));
    }

    void tensorsFilterAndSort()
    {
        ShownInspect shown;
        shown.open(demoInputs(false, false));
        shown.showTab(ShownInspect::Tensors);
        auto* filter = &shown.find<QLineEdit>("search");
        QTest::keyClicks(filter, QStringLiteral("LINEAR"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("tensor")),
                 (QStringList{QStringLiteral("state_dict.linear.weight"),
                              QStringLiteral("state_dict.linear.bias")}));
        clickHeader(shown.tensors, QStringLiteral("numbers"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("numbers")),
                 (QStringList{QStringLiteral("10"), QStringLiteral("640")}));
        filter->clear();
        clickHeader(shown.tensors, QStringLiteral("size"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("size")).first(), QStringLiteral("8 bytes"));
    }

    void oneSearchLooksThroughEverything()
    {
        const QTemporaryDir folder;
        ShownInspect shown;
        shown.open(twoHeads(folder));
        QCOMPARE(shown.text("searchCounts"), QStringLiteral("3 tensors"));
        QCOMPARE(shown.tabTitles(), QStringLiteral("Heads (2), Tensors (3), Other contents (2)"));
        auto& search = shown.find<QLineEdit>("search");
        QVERIFY(search.isClearButtonEnabled());
        QVERIFY(!search.placeholderText().isEmpty());
        QTest::keyClicks(&search, QStringLiteral("A.Weight"));
        QCOMPARE(shown.text("searchCounts"), QStringLiteral("1 of 3 tensors"));
        QCOMPARE(shown.tabTitles(),
                 QStringLiteral("Heads (1 of 2), Tensors (1 of 3), Other contents (0 of 2)"));
        QCOMPARE(textsOf(shown.heads, QStringLiteral("weight")).first().trimmed(),
                 QStringLiteral("a.weight"));
        search.setFocus();
        QTest::keyClick(&search, Qt::Key_Escape);
        QCOMPARE(search.text(), QString());
        QTest::keyClicks(&search, QStringLiteral("made by"));
        QCOMPARE(shown.tabTitles(),
                 QStringLiteral("Heads (0 of 2), Tensors (0 of 3), Other contents (1 of 2)"));
    }

    void typesAndShapesAreFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("counts");
        const auto add = [](const char* row, const char* text, const char* counts) {
            QTest::addRow("%s", row) << QString::fromLatin1(text) << QString::fromLatin1(counts);
        };
        add("a type", "float32", "Heads (2 of 2), Tensors (3 of 3), Other contents (0 of 2)");
        add("another type", "int64", "Heads (0 of 2), Tensors (0 of 3), Other contents (0 of 2)");
        add("a shape as shown", "5 x 4",
            "Heads (1 of 2), Tensors (1 of 3), Other contents (0 of 2)");
        add("a shape without spaces", "7x4",
            "Heads (1 of 2), Tensors (1 of 3), Other contents (0 of 2)");
        add("a shape as Python prints it", "7, 4",
            "Heads (0 of 2), Tensors (1 of 3), Other contents (0 of 2)");
        add("the number of bytes, which is none of them", "112 bytes",
            "Heads (0 of 2), Tensors (0 of 3), Other contents (0 of 2)");
    }
    void typesAndShapesAreFound()
    {
        QFETCH(QString, text);
        const QTemporaryDir folder;
        ShownInspect shown;
        shown.open(twoHeads(folder));
        QTest::keyClicks(&shown.find<QLineEdit>("search"), text);
        QTEST(shown.tabTitles(), "counts");
    }

    void kindsOfHeadsAreReadAloud_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("tip");
        const auto add = [](const char* row, const char* file, const char* words, const char* tip) {
            QTest::addRow("%s", row) << QString::fromLatin1(file) << QString::fromLatin1(words)
                                     << QString::fromLatin1(tip);
        };
        add("weight norm", "weight_norm.pth", "weight norm; bias fc.bias; magnitudes fc.weight_g",
            "a direction and a magnitude");
        add("SAMN", "samn_trained.pth.tar", "trained SAMN head; folded into one linear head",
            "two monotone modules");
        add("experts", "experts.pth", "experts; mean of 3 experts; each with a bias",
            "whose scores are averaged");
        add("cosine", "causal_norm.pth",
            "cosine; norms have no effect; no bias; factor not in the file, 1 is taken",
            "brought to length 1");
        add("cosine with its factor", "lucir.pth", "factor fc.sigma", "multiplies all scores");
        add("cosine experts", "ride_normed.pth", "mean of 3 experts", "such heads are averaged");
        add("learned scales", "lws_decoupling.pth", "scales state_dict_best.classifier",
            "multiplied by a learned scale");
        add("a detector", "faster_rcnn_torchvision.pth", "first row is background", "no object");
        add("columns and background", "detic.pth",
            "last row is background; stored with one column per class", "the other way round");
    }
    void kindsOfHeadsAreReadAloud()
    {
        QFETCH(QString, file);
        QFETCH(QString, words);
        QFETCH(QString, tip);
        ShownInspect shown;
        shown.open(headFixture(file.toStdString()));
        QVERIFY2(shown.text("headInUse").contains(words), qPrintable(shown.text("headInUse")));
        const QString explained = shown.heads.model()->index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(explained.contains(tip), qPrintable(explained));
        QVERIFY(textsOf(shown.heads, QStringLiteral("weight"))[0].startsWith(QStringLiteral("▶")));
    }

    void fileWithoutAHeadSaysWhatToDo_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("note");
        const auto add = [](const char* row, const char* file, const char* said, const char* note) {
            QTest::addRow("%s", row) << QString::fromLatin1(file) << QString::fromLatin1(said)
                                     << QString::fromLatin1(note);
        };
        add("hidden layers only", "autoencoder.pth", "look like hidden layers", "");
        add("a detector with anchors", "yolo_detect.pt", "choose a matrix among the tensors",
            "boxes, objectness and classes");
        add("a contrast queue", "moco.pth.tar", "Use the Selected Head", "contrast queue");
        add("prototypes", "dino.pth", "look like hidden layers", "prototypes");
    }
    void fileWithoutAHeadSaysWhatToDo()
    {
        QFETCH(QString, file);
        QFETCH(QString, said);
        QFETCH(QString, note);
        ShownInspect shown;
        shown.open(headFixture(file.toStdString()));
        const QString words = shown.text("headInUse");
        QVERIFY2(words.startsWith(QStringLiteral("No classifier head was found")),
                 qPrintable(words));
        QVERIFY2(words.contains(said) && words.endsWith(QLatin1Char('.')), qPrintable(words));
        QVERIFY(words.contains(QStringLiteral("open a checkpoint that has its classifier")));
        QCOMPARE(shown.find<QLabel>("headNotes").isVisible(), !note.isEmpty());
        QVERIFY2(shown.text("headNotes").contains(note), qPrintable(shown.text("headNotes")));
        QVERIFY(note.isEmpty() || shown.text("headNotes").startsWith(QStringLiteral("⚠")));
    }

    void shardsAreNamedAndListed()
    {
        ShownInspect shown;
        shown.open(headFixture("sharded/model.safetensors.index.json"));
        const QString summary = shown.text("fileSummary");
        QVERIFY2(summary.startsWith(QStringLiteral(
                     "Sharded checkpoint of 2 files (model-00001-of-00002.safetensors, "
                     "model-00002-of-00002.safetensors), ")),
                 qPrintable(summary));
        QVERIFY2(summary.contains(QStringLiteral("Metadata: format = pt.")), qPrintable(summary));
        QTableView& others = *childOf<QTableView>(shown.panel, QStringLiteral("Other contents"));
        QCOMPARE(textsOf(others, QStringLiteral("kind")).count(QStringLiteral("shard")), 2);
    }

    void closingForgetsTheFile()
    {
        ShownInspect shown;
        shown.open(demoInputs(true, false));
        shown.session.close();
        QCOMPARE(shown.tensors.model()->rowCount(), 0);
        QCOMPARE(shown.heads.model()->rowCount(), 0);
        QVERIFY(!shown.tensors.isVisible());
    }
};

QTEST_MAIN(InspectPanelTest)
#include "tst_inspect_panel.moc"
