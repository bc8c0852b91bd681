// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QLineEdit>

#include "opened.h"
#include "views/class_panel.h"

namespace monotail::test {

/// The class panel in a session of its own, under Qt's checks of models.
struct ShownClasses
{
    Session session;
    ClassPanel panel{session};
    QTableView& view = *panel.findChild<QTableView*>();
    QAbstractItemModelTester tester{view.model(),
                                    QAbstractItemModelTester::FailureReportingMode::Fatal};

    ShownClasses()
    {
        panel.resize(700, 400);
        panel.show();
        panel.activateWindow();
    }
    bool wait(bool data = true)
    {
        return QTest::qWaitFor(
            [&] {
                return data ? session.snapshot().hasData()
                            : session.snapshot().hasFile() && !session.jobs().isBusy();
            },
            patience);
    }
    QStringList names() const { return textsOf(view, QStringLiteral("class")); }
    QString counts() const
    {
        return panel.findChild<QLabel*>(QStringLiteral("classCounts"))->text();
    }
    QLineEdit& filter() const { return *panel.findChild<QLineEdit*>(); }
    std::vector<std::int64_t> selected() { return session.selection().classes(); }
};

} // namespace monotail::test
