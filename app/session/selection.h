// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <cstdint>
#include <vector>

namespace monotail {

/// The classes that are selected, the same in every view.
class ClassSelection : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Ascending, each once.
    const std::vector<std::int64_t>& classes() const { return m_classes; }
    bool contains(std::int64_t c) const;
    void set(std::vector<std::int64_t> classes);
    void toggle(const std::vector<std::int64_t>& classes); ///< removes them if all are selected
    void add(const std::vector<std::int64_t>& classes);
    void clear() { set({}); }

Q_SIGNALS:
    void changed();

private:
    std::vector<std::int64_t> m_classes;
};

} // namespace monotail
