// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <QtWidgets>

#include "charts/norm_chart.h"
#include "session/session.h"
#include "session/settings.h"
#include "views/main_window.h"

/// The main window with settings of its own, and hands for it.
namespace monotail::test {

struct WindowUnderTest
{
    QTemporaryDir folder;
    AppSettings settings{folder.filePath("settings.ini")};
    Session session;
    MainWindow window{session, settings};

    explicit WindowUnderTest(QSize size = {1280, 820})
    {
        window.resize(size);
        window.show();
    }

    template <typename Widget>
    Widget* find(const char* name = nullptr) const
    {
        if (name)
            return window.findChild<Widget*>(QString(name));
        // Runs have a norm chart and a progress of their own.
        if constexpr (std::is_same_v<Widget, NormChart>)
            return window.centralWidget()->findChild<Widget*>();
        else if constexpr (std::is_same_v<Widget, QProgressBar>)
            return window.statusBar()->findChild<Widget*>();
        else
            return window.findChild<Widget*>();
    }

    QRadioButton* method(MethodKind kind) const
    {
        for (QRadioButton* button : window.findChildren<QRadioButton*>())
            if (button->group() && button->group()->id(button) == static_cast<int>(kind))
                return button;
        return nullptr;
    }

    /// Clicks the method's button, on its mark: the rest of a wide button does not react.
    void choose(MethodKind kind) const
    {
        QRadioButton* button = method(kind);
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(8, button->height() / 2));
    }

    /// Whether everything that follows from the choices has arrived.
    bool isSettled() const
    {
        const Snapshot& now = session.snapshot();
        return now.accuracy && now.accuracy->settled && !session.jobs().isBusy() &&
               now.accuracy->rescaling.scale == now.rescaling->scale &&
               now.accuracy->rescaling.bias == now.rescaling->bias && now.methods &&
               now.methods->groups.rule == now.choices.groups;
    }
};

/// The widget that gets the mouse there.
inline QWidget* innermost(QWidget& widget, QPoint at)
{
    QWidget* inner = widget.childAt(at);
    return inner ? inner : &widget;
}

/// Clicks where `at` (in coordinates of `widget`) lies.
inline void clickAt(QWidget& widget, QPointF at, Qt::KeyboardModifiers modifiers = {})
{
    QWidget* target = innermost(widget, at.toPoint());
    QTest::mouseClick(target, Qt::LeftButton, modifiers, target->mapFrom(&widget, at.toPoint()));
}

inline QImage pictureOf(QWidget& widget)
{
    return widget.grab().toImage();
}

} // namespace monotail::test
