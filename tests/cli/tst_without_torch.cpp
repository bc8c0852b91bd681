// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>

#include "cli/program.h"
#include "support/shared_material.h"

using namespace monotail;

namespace {

int run(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "monotail-cli");
    std::vector<char*> pointers;
    for (std::string& argument : arguments)
        pointers.push_back(argument.data());
    return cli::runProgram(static_cast<int>(pointers.size()), pointers.data());
}

} // namespace

class WithoutTorchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verbsDoNotLoadLibTorch_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString demo = QString::fromStdString(test::demoFolder().string()) + "/";
        const QString counts = demo + "counts.csv";
        QTest::addRow("inspect") << QStringList{"inspect", demo + "stage1.pth.tar"};
        QTest::addRow("profile") << QStringList{"profile", demo + "stage1.pth.tar", "--counts",
                                                counts};
        QTest::addRow("export with data")
            << QStringList{"export",   demo + "stage1.pth.tar",
                           "--counts", counts,
                           "--data",   demo + "features-test.safetensors",
                           "-o",       m_folder.filePath("out.pth.tar")};
    }

    void verbsDoNotLoadLibTorch()
    {
        QFETCH(QStringList, arguments);
        std::vector<std::string> texts;
        for (const QString& argument : arguments)
            texts.push_back(argument.toStdString());
        QCOMPARE(run(texts), 0);
        const std::string maps = test::readText("/proc/self/maps");
        QVERIFY(maps.find("libmonotail_core") != std::string::npos);
        for (const char* library : {"libtorch", "libc10", "libmonotail_torch"})
            QVERIFY2(maps.find(library) == std::string::npos, library);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(WithoutTorchTest)
#include "tst_without_torch.moc"
