// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>

#include "report/export.h"
#include "session/document.h"

namespace monotail {

constexpr std::size_t exportFormats = 5; ///< as many as ExportFormat has

struct TensorChange
{
    std::string tensor; ///< as the written file calls it
    std::int64_t numbers = 0;
};

/// What writing a rescaled head would do, found out without writing anything.
struct ExportPlan
{
    std::shared_ptr<const Document> document; ///< these two are what it is about
    std::shared_ptr<const Rescaling> rescaling;
    ExportFormat automatic = ExportFormat::Patch; ///< what Automatic means here
    std::filesystem::path patched;                ///< the file that a patch is a copy of
    std::vector<TensorChange> patchChanges, newFileChanges;
    Warnings newFileNotes; ///< what a new file leaves out or holds in another form
    /// Why a format is impossible, in the core's words; empty where it is not.
    std::array<std::string, exportFormats> refusals;

    const std::string& refusal(ExportFormat format) const
    {
        return refusals[static_cast<std::size_t>(format)];
    }
    ExportFormat meaning(ExportFormat format) const
    {
        return format == ExportFormat::Automatic ? automatic : format;
    }
};

/// Reads the whole head, which may take a while. The document has counts.
ExportPlan planExport(std::shared_ptr<const Document> document,
                      std::shared_ptr<const Rescaling> rescaling);

} // namespace monotail
