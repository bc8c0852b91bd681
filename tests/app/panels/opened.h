// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QHeaderView>
#include <QTableView>
#include <QtTest>

#include "session/session.h"
#include "support/shared_material.h"

namespace monotail::test {

constexpr int patience = 60000; // milliseconds; the first evaluation under a sanitizer is slow

/// The demo's stage-1 checkpoint in one of the three states.
inline Inputs demoInputs(bool counts, bool data)
{
    Inputs inputs;
    inputs.checkpoint = (demoFolder() / "stage1.pth.tar").string();
    if (counts)
        inputs.counts = (demoFolder() / "counts.csv").string();
    if (data)
        inputs.data = (demoFolder() / "features-test.safetensors").string();
    return inputs;
}

/// A checkpoint as a published code base writes it.
inline Inputs headFixture(const std::string& file, const std::string& counts = {})
{
    Inputs inputs;
    inputs.checkpoint = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads/" + file;
    inputs.counts = counts;
    return inputs;
}

/// Whether the session shows the rescaling chosen, with its intervals.
inline bool isSettled(const Session& session)
{
    const Snapshot& snapshot = session.snapshot();
    return snapshot.methods && snapshot.accuracy && snapshot.accuracy->settled &&
           snapshot.accuracy->rescaling.method == snapshot.rescaling->method;
}

template <typename Child>
Child* childOf(QWidget& widget, const QString& accessibleName)
{
    for (Child* child : widget.findChildren<Child*>())
        if (child->accessibleName() == accessibleName)
            return child;
    return nullptr;
}

template <typename Button>
Button* buttonOf(QWidget& widget, const QString& text)
{
    for (Button* button : widget.findChildren<Button*>())
        if (button->text() == text)
            return button;
    return nullptr;
}

inline QAction* actionOf(QWidget& widget, const QString& text)
{
    for (QAction* action : widget.actions())
        if (action->text() == text)
            return action;
    return nullptr;
}

inline int columnOf(const QTableView& view, const QString& title)
{
    for (int column = 0; column < view.model()->columnCount(); ++column)
        if (view.model()->headerData(column, Qt::Horizontal).toString() == title)
            return column;
    return -1;
}

/// The column's texts, from top to bottom.
inline QStringList textsOf(const QTableView& view, const QString& title)
{
    QStringList texts;
    const int column = columnOf(view, title);
    for (int row = 0; row < view.model()->rowCount(); ++row)
        texts += view.model()->index(row, column).data().toString();
    return texts;
}

inline void clickHeader(QTableView& view, const QString& title)
{
    QHeaderView* header = view.horizontalHeader();
    const int column = columnOf(view, title);
    view.scrollTo(view.model()->index(0, column));
    const QPoint middle(header->sectionViewportPosition(column) + header->sectionSize(column) / 2,
                        header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, middle);
}

inline void clickRow(QTableView& view, int row, Qt::KeyboardModifiers modifiers = {})
{
    const QModelIndex index = view.model()->index(row, std::max(0, view.columnAt(20)));
    view.scrollTo(index);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, view.visualRect(index).center());
}

} // namespace monotail::test
