// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Ours against a rival, in turns and in one run, so that a busy machine slows both.
namespace monotail::bench {

template <typename Work>
double secondsOf(Work work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// 0 of none.
inline double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// One claim: rival / ours, of seconds or of bytes.
struct Claim
{
    std::string name;
    double ours = 0;
    double rival = 0;
    std::string unit;

    double ratio() const { return rival / ours; }
};

/// Takes an option and its value out of the arguments; `value` if it is not there.
inline std::string takeOption(int& argc, char** argv, const std::string& name, std::string value)
{
    for (int i = 1; i + 1 < argc; ++i)
        if (argv[i] == name) {
            value = argv[i + 1];
            std::move(argv + i + 2, argv + argc, argv + i);
            argc -= 2;
        }
    return value;
}

/// [{name, ratio, ours, rival, unit}]
inline void writeClaims(const std::string& file, const std::vector<Claim>& claims)
{
    nlohmann::json all = nlohmann::json::array();
    for (const Claim& claim : claims)
        all.push_back({{"name", claim.name},
                       {"ratio", claim.ratio()},
                       {"ours", claim.ours},
                       {"rival", claim.rival},
                       {"unit", claim.unit}});
    std::ofstream(file) << all.dump(1) << '\n';
}

} // namespace monotail::bench
