// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "session/snapshot.h"

/// Numbers and choices as the window words them.
namespace monotail {

/// A sentence of the core's, with what the command line calls an option named as the window does.
QString inWindow(const std::string& sentence);

/// For tooltips: plain text in lines that are not too long.
QString wrapped(const QString& plain);

QString fileName(const std::string& source);    ///< a path's last part; a law as it is
QString headName(const Document& document); ///< the checkpoint's file and, of a run, its label
QString signedText(double value, int decimals); ///< "+1.2", "0.0", with a true minus
QString pText(double p);                        ///< "p < 0.001", "p = 0.02"
QString fitText(const Choices& choices);        ///< "tail-high, ties averaged, uniform weights"
QString splitText(const Document& document);    ///< "test", or that the file does not say
QString groupName(Shot shot);
QString groupDetail(const ShotGroups& groups, Shot shot); ///< "n > 100, 4 classes"
QString methodName(MethodKind kind);                      ///< "SAMN projection"
/// A rescaling in words, from the core's name for it: "tau = 0.7, bias dropped".
QString methodText(const Rescaling& rescaling);

} // namespace monotail
