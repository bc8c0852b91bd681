// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGroupBox>

class QGridLayout;
class QLabel;
class QToolButton;

namespace monotail {

class Session;

/// What heads are trained and validated on.
class TrainingSourcesBox : public QGroupBox
{
    Q_OBJECT

public:
    enum class Source { Features, View, Validation };
    Q_ENUM(Source)

    explicit TrainingSourcesBox(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void asked(monotail::TrainingSourcesBox::Source source); ///< it is to be chosen

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void addRow(const QString& title, const QString& tip, Source source, QLabel*& name,
                QToolButton*& clear);
    void clear(Source source);
    void refresh();

    Session& m_session;
    QGridLayout* m_rows;
    QLabel* m_features = nullptr;
    QLabel* m_views = nullptr;
    QLabel* m_validation = nullptr;
    QToolButton* m_noFeatures = nullptr;
    QToolButton* m_noViews = nullptr;
    QToolButton* m_noValidation = nullptr;
    QLabel* m_words;
};

} // namespace monotail
