// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>

#include "opened.h"
#include "support/safetensors_file.h"
#include "views/inspect_panel.h"

namespace monotail::test {

/// The panel in a window of its own, and hands for it.
struct ShownInspect
{
    Session session;
    InspectPanel panel{session};
    QTableView& heads = *childOf<QTableView>(panel, QStringLiteral("Candidate heads"));
    QTableView& tensors = *childOf<QTableView>(panel, QStringLiteral("Tensors"));
    QAbstractItemModelTester headTester{heads.model(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester tensorTester{tensors.model(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal};

    ShownInspect()
    {
        panel.resize(800, 600);
        panel.show();
        panel.activateWindow();
    }
    enum Tab { Heads, Tensors, Others, Remarks };
    void showTab(Tab tab) const
    {
        auto* bar = panel.findChild<QTabBar*>();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(tab).center());
        QCOMPARE(bar->currentIndex(), int(tab));
    }
    /// "Heads (2), Tensors (3), Other contents (2)".
    QString tabTitles() const
    {
        const auto* bar = panel.findChild<QTabBar*>();
        return QStringList{bar->tabText(Heads), bar->tabText(Tensors), bar->tabText(Others)}.join(
            QStringLiteral(", "));
    }
    void open(const Inputs& inputs)
    {
        QSignalSpy opened(&session, &Session::documentChanged);
        session.open(inputs);
        QVERIFY(opened.wait(patience));
    }
    QString text(const char* name) const
    {
        return panel.findChild<QLabel*>(QLatin1String(name))->text();
    }
    template <typename Widget>
    Widget& find(const char* name) const
    {
        return *panel.findChild<Widget*>(QLatin1String(name));
    }
    /// Goes down the list by keyboard, from where it stands.
    void goDown(const char* combo, int times) const
    {
        auto& box = find<QComboBox>(combo);
        box.setFocus();
        for (int i = 0; i < times; ++i) {
            QSignalSpy opened(&session, &Session::documentChanged);
            QTest::keyClick(&box, Qt::Key_Down);
            QVERIFY(opened.wait(patience));
        }
    }
    const ClassifierHead& head() const { return *session.snapshot().document->head; }
    const HeadQuery& asked() const { return session.snapshot().document->inputs.head; }
    QString headInUse() const
    {
        const auto& head = session.snapshot().document->head;
        return head ? QString::fromStdString(head->source.weight) : QString();
    }
};

/// Two heads of which neither is more likely, and what is no head.
inline Inputs twoHeads(const QTemporaryDir& folder)
{
    SafetensorsFile file;
    file.add("a.weight", {5, 4}, std::vector<float>(20, 1.0F))
        .add("b.weight", {7, 4}, std::vector<float>(28, 2.0F))
        .add("norm.weight", {4}, std::vector<float>(4, 1.0F));
    file.metadata = {{"author", "made by hand"}, {"format", "pt"}};
    Inputs inputs;
    inputs.checkpoint =
        file.write(folder.filePath(QStringLiteral("two heads.safetensors")).toStdString());
    return inputs;
}

} // namespace monotail::test
