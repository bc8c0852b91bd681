// SPDX-License-Identifier: GPL-3.0-or-later
#include <QXmlStreamReader>

#include "render/report.h"
#include "session/demo.h"

using namespace monotail;

namespace {

QStringList namesOf(const std::vector<std::filesystem::path>& files)
{
    QStringList names;
    for (const auto& file : files)
        names << QString::fromStdString(file.filename().string());
    names.sort();
    return names;
}

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ReportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theDemoGivesEveryFigureAndTable()
    {
        const Snapshot snapshot = settledSnapshot(demoInputs("stage1"), {}, {});
        const QString folder = m_folder.filePath("demo");
        const auto files = writeReport(snapshot, folder.toStdString(), Overwrite::Refuse);
        QCOMPARE(namesOf(files),
                 QStringList({"blocks.csv", "classes.csv", "groups.pdf", "groups.png", "groups.svg",
                              "methods.csv", "norms.pdf", "norms.png", "norms.svg", "recall.pdf",
                              "recall.png", "recall.svg", "report.html"}));
        const QByteArray page = contentsOf(folder + "/report.html");
        QVERIFY(page.contains("78.4"));
        QVERIFY(page.contains("T-shirt/top"));
        QCOMPARE(page.count("<svg"), 3);
        QVERIFY(contentsOf(folder + "/norms.pdf").startsWith("%PDF"));
        const QImage picture(folder + "/norms.png");
        QCOMPARE(picture.size(), QSize(3000, 1833)); // 720 x 440 points at 300 dpi
        QCOMPARE(picture.pixelColor(2, 2), QColor(Qt::white));
    }

    void aFileAloneGivesItsNorms()
    {
        Inputs inputs = demoInputs("stage1");
        inputs.counts.clear();
        inputs.data.clear();
        const auto files = writeReport(settledSnapshot(inputs, {}, {}),
                                       m_folder.filePath("file").toStdString(), Overwrite::Refuse);
        QCOMPARE(namesOf(files),
                 QStringList({"norms.pdf", "norms.png", "norms.svg", "report.html"}));
    }

    void whatIsThereIsNotReplacedUnasked()
    {
        Inputs inputs = demoInputs("stage1");
        inputs.data.clear();
        const Snapshot snapshot = settledSnapshot(inputs, {}, {});
        const QString folder = m_folder.filePath("twice");
        QVERIFY(QDir().mkpath(folder));
        QFile mine(folder + "/report.html");
        QVERIFY(mine.open(QIODevice::WriteOnly) && mine.write("mine") == 4);
        mine.close();
        try {
            writeReport(snapshot, folder.toStdString(), Overwrite::Refuse);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("report.html"));
        }
        QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList("report.html"));
        QCOMPARE(contentsOf(mine.fileName()), QByteArray("mine"));
        writeReport(snapshot, folder.toStdString(), Overwrite::Replace);
        QVERIFY(contentsOf(mine.fileName()).contains("<html"));
    }

    void namesWithMarkupStayText()
    {
        QFile counts(m_folder.filePath("a&b<c>.csv"));
        QVERIFY(counts.open(QIODevice::WriteOnly));
        counts.write("index,name,count\n");
        for (int c = 0; c < 10; ++c)
            counts.write(QString("%1,<b>&%1,%2\n").arg(c).arg(100 - c).toUtf8());
        counts.close();
        Inputs inputs = demoInputs("stage1");
        inputs.counts = counts.fileName().toStdString();
        inputs.data.clear();
        const QString folder = m_folder.filePath("markup");
        writeReport(settledSnapshot(inputs, {}, {}), folder.toStdString(), Overwrite::Refuse);
        QXmlStreamReader svg(contentsOf(folder + "/norms.svg"));
        QString text;
        while (!svg.atEnd())
            if (svg.readNext() == QXmlStreamReader::Characters)
                text += svg.text();
        QVERIFY2(!svg.hasError(), qPrintable(svg.errorString()));
        QVERIFY(text.contains("a&b<c>.csv"));
        QVERIFY(!contentsOf(folder + "/report.html").contains("<b>&"));
    }

    void whatCannotBeUsedIsSaid()
    {
        Inputs inputs = demoInputs("stage1");
        inputs.counts = "exp:500:100:7";
        try {
            settledSnapshot(inputs, {}, {});
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("7"));
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(ReportTest)
#include "tst_render.moc"
