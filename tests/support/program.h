// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>
#include <nlohmann/json.hpp>

#include "support/shared_material.h"

namespace monotail::test {

struct Outcome
{
    int code = -1;
    QString output;
    QString errors;

    nlohmann::json json() const { return nlohmann::json::parse(output.toStdString()); }
};

/// Runs monotail-cli, or another program of ours, as a person would.
inline Outcome runProgram(const QStringList& arguments, const QString& name = "monotail-cli")
{
    QProcess program;
    program.start(MONOTAIL_BINARY_DIR "/bin/" + name, arguments);
    if (!program.waitForFinished(240000) || program.exitStatus() != QProcess::NormalExit)
        return {};
    return {program.exitCode(), QString::fromUtf8(program.readAllStandardOutput()),
            QString::fromUtf8(program.readAllStandardError())};
}

/// A file of the demo.
inline QString demoFile(const char* name)
{
    return QString::fromStdString((demoFolder() / name).string());
}

} // namespace monotail::test
