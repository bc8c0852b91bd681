// SPDX-License-Identifier: GPL-3.0-or-later
// What stock PyTorch makes of the corrected copies of checkpoints of every kind. Skipped where
// there is no PyTorch.
#include <QDir>
#include <QTemporaryDir>
#include <cctype>

#include "support/program.h"

using namespace monotail::test;
using nlohmann::json;

class PyTorchFixturesTest : public QObject
{
    Q_OBJECT

private:
    const QString m_fixtures = MONOTAIL_SOURCE_DIR "/tests/fixtures/";
    QTemporaryDir m_folder;
    QStringList m_exported; ///< sources that have a corrected copy
    json m_found;

    static QByteArray outputOf(const QString& program, const QStringList& arguments)
    {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(240000) || process.exitCode() != 0)
            return {};
        return process.readAllStandardOutput();
    }

    static QString pythonWithTorch()
    {
        for (const char* python : {"python3", "/usr/bin/python3"})
            if (!outputOf(python, {"-c", "import torch; print(1)"}).isEmpty())
                return python;
        return {};
    }

    QString corrected(const QString& source) const
    {
        return m_folder.filePath(QFileInfo(source).fileName());
    }

    /// A long tail of so many classes, as a file of counts.
    QString countsOf(int classes) const
    {
        QFile file(m_folder.filePath(QString("counts-%1.txt").arg(classes)));
        if (file.open(QIODevice::WriteOnly))
            for (int c = 0; c < classes; ++c)
                file.write(QByteArray::number(500 / (c + 1) + 1) + "\n");
        return file.fileName();
    }

    /// Whether the program offers a head in the file and writes a corrected copy.
    bool exportsHead(const QString& source) const
    {
        const Outcome inspected = runProgram({"inspect", source, "--json"});
        if (inspected.code != 0 || inspected.json().at("heads").empty())
            return false;
        const json head = inspected.json().at("heads").at(0);
        return runProgram({"export", source, "--format", "patch", "--method", "tau=0.5", "--head",
                           QString::fromStdString(head.at("weight").get<std::string>()), "--counts",
                           countsOf(head.at("classes").get<int>()), "-o", corrected(source)})
                   .code == 0;
    }

    /// Whether a patch of the head may change the tensor. A learned scale is changed in the
    /// weight's place, and the bias under it with it; other kinds have several tensors in one
    /// module.
    static bool belongsTo(const json& head, const std::string& name)
    {
        const std::string weight = head.at("weight");
        if (head.at("kind") == "linear")
            return name == weight;
        if (head.at("kind") == "lws")
            return head.at("scales") == name || head.at("bias") == name;
        std::string module = weight.substr(0, weight.rfind('.'));
        while (!module.empty() && (std::isdigit(module.back()) || module.back() == '.'))
            module.pop_back(); // experts are numbered
        return name.compare(0, module.size(), module) == 0;
    }

    const json& found(const QString& source) const
    {
        return m_found.at(static_cast<std::size_t>(m_exported.indexOf(source)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString python = pythonWithTorch();
        if (python.isEmpty())
            QSKIP("skipped: no python3 with PyTorch");
        json pairs = json::array();
        for (const char* folder : {"checkpoints/", "heads/"})
            for (const QString& name : QDir(m_fixtures + folder).entryList(QDir::Files))
                if (const QString source = m_fixtures + folder + name; exportsHead(source)) {
                    m_exported << source;
                    pairs.push_back({source.toStdString(), corrected(source).toStdString()});
                }
        QVERIFY(m_exported.size() > 60);
        QFile file(m_folder.filePath("pairs.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(pairs.dump()));
        file.close();
        const QByteArray output =
            outputOf(python, {MONOTAIL_SOURCE_DIR "/tests/cli/check_fixtures.py", m_fixtures,
                              file.fileName()});
        QVERIFY(!output.isEmpty());
        m_found = json::parse(output.toStdString());
        QCOMPARE(m_found.size(), pairs.size());
    }

    void hasTheVerdictOfItsSource_data()
    {
        QTest::addColumn<QString>("source");
        for (const QString& source : m_exported)
            QTest::newRow(qPrintable(QFileInfo(source).fileName())) << source;
    }

    void hasTheVerdictOfItsSource()
    {
        QFETCH(QString, source);
        for (const char* key : {"bare", "load", "zip"})
            QCOMPARE(found(source)[key][1].dump(), found(source)[key][0].dump());
    }

    void differsFromItsSourceInTheHeadAlone_data() { hasTheVerdictOfItsSource_data(); }
    void differsFromItsSourceInTheHeadAlone()
    {
        QFETCH(QString, source);
        const json& changed = found(source)["changed"];
        if (changed.is_null())
            QSKIP("skipped: a file that this PyTorch does not open");
        const json head = runProgram({"inspect", source, "--json"}).json().at("heads").at(0);
        QVERIFY(!changed.empty());
        for (const json& name : changed)
            QVERIFY2(belongsTo(head, name.get<std::string>()), name.dump().c_str());
    }
};

QTEST_APPLESS_MAIN(PyTorchFixturesTest)
#include "tst_pytorch_fixtures.moc"
