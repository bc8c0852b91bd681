// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/sha256.h"
#include "images/decode.h"
#include "images/preprocessing.h"
#include "support/shared_material.h"

namespace monotail::test {

/// Written by tests/fixtures/make_images.py.
inline std::filesystem::path imageFolder()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/images";
}

inline const nlohmann::json& expectedImages()
{
    static const nlohmann::json expected = readJson(imageFolder() / "expected.json");
    return expected;
}

inline DecodedImage decoded(const std::string& bytes, const std::string& name = "a.jpg")
{
    // A copy of its own, so that AddressSanitizer sees every byte read behind the end.
    const std::vector<char> input(bytes.begin(), bytes.end());
    return decodeImage(std::as_bytes(std::span(input)), name);
}

inline DecodedImage decodedFixture(const std::string& name)
{
    return decoded(readText(imageFolder() / name), name);
}

inline std::string digestOf(const Picture& picture)
{
    Sha256 digest;
    digest.add(picture.pixels.data(), picture.pixels.size());
    return digest.hex();
}

/// One of the settings of expected.json.
inline Preprocessing preprocessingOf(const nlohmann::json& setting)
{
    Preprocessing preprocessing;
    preprocessing.resize = setting.at("resize");
    preprocessing.crop = setting.at("crop");
    preprocessing.filter =
        setting.at("filter") == "bicubic" ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
    return preprocessing;
}

} // namespace monotail::test
