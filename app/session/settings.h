// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <memory>
#include <vector>

#include "session/document.h"

namespace monotail {

enum class Appearance { System, Light, Dark };

/// Preferences and what was open lately, kept between runs.
class AppSettings : public QObject
{
    Q_OBJECT

public:
    /// In the user's configuration folder; `file` names another place (tests).
    explicit AppSettings(const QString& file = {}, QObject* parent = nullptr);
    ~AppSettings() override;

    Appearance appearance() const;
    void setAppearance(Appearance appearance);
    QByteArray geometry() const;
    QByteArray layout() const;
    void setWindow(const QByteArray& geometry, const QByteArray& layout);

    /// Newest first, at most ten, each checkpoint once; what cannot be found any more is still
    /// listed.
    std::vector<Inputs> recent() const;
    void addRecent(const Inputs& inputs);
    void clearRecent();

Q_SIGNALS:
    void appearanceChanged(monotail::Appearance appearance);
    void recentChanged();

private:
    std::unique_ptr<QSettings> m_store;
};

} // namespace monotail
