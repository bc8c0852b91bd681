// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>

namespace monotail::test {

/// A Python with PyTorch; empty where there is none.
inline QString pythonWithTorch()
{
    for (const QString python : {"python3", "/usr/bin/python3"}) {
        QProcess process;
        process.start(python, {"-c", "import torch"});
        if (process.waitForFinished(120000) && process.exitStatus() == QProcess::NormalExit &&
            process.exitCode() == 0)
            return python;
    }
    return {};
}

} // namespace monotail::test
