// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/json_parts.h"

namespace monotail::detail {

Json rate(const Rate& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json groupsOf(const std::array<Rate, 3>& rates)
{
    return {{"many", rate(rates[0])}, {"medium", rate(rates[1])}, {"few", rate(rates[2])}};
}

Json groupsJson(const ShotGroups& groups)
{
    return {{"preset", groups.rule.preset},
            {"many", groups.rule.many},
            {"few", groups.rule.few},
            {"rule", describe(groups.rule)},
            {"sizes", groups.sizes}};
}

namespace {

Json changeJson(const std::optional<Change>& change)
{
    if (!change)
        return nullptr;
    return {{"difference", change->difference}, {"low", change->low}, {"high", change->high}};
}

} // namespace

Json changesJson(const Comparison& comparison)
{
    return {{"top1", changeJson(comparison.top1)},
            {"class_mean", changeJson(comparison.classMean)},
            {"many", changeJson(comparison.groups[0])},
            {"medium", changeJson(comparison.groups[1])},
            {"few", changeJson(comparison.groups[2])}};
}

Json mcnemarJson(const Comparison& comparison)
{
    return {{"gained", comparison.gained}, {"lost", comparison.lost}, {"p", comparison.p}};
}

Json confusionJson(const GroupConfusion& confusion)
{
    Json percent = Json::array();
    for (const Shot truth : allShots) {
        Json row = Json::array();
        for (const Shot predicted : allShots)
            row.push_back(rate(confusion.share(truth, predicted)));
        percent.push_back(std::move(row));
    }
    return {{"counts", confusion.counts}, {"percent", std::move(percent)}};
}

namespace {

Json headroomOf(const std::optional<Headroom>& headroom)
{
    if (!headroom)
        return nullptr;
    Json out = metricsJson(headroom->accuracy);
    out["changes"] = changesJson(headroom->comparison);
    out["fitted_on_half"] = Json::array();
    for (const HeadroomFit& fit : headroom->fits)
        out["fitted_on_half"].push_back({{"start", fit.start},
                                         {"sweeps", fit.sweeps},
                                         {"fitted", rate(fit.fitted)},
                                         {"before", rate(fit.unchanged)},
                                         {"projection", rate(fit.projection)},
                                         {"other_half", rate(fit.other)},
                                         {"scale", fit.rescaling.scale},
                                         {"bias", fit.rescaling.bias}});
    return out;
}

} // namespace

Json headroomJson(const HeadroomResult& headroom)
{
    return {{"scale", headroomOf(headroom.scale)}, {"bias", headroomOf(headroom.bias)}};
}

} // namespace monotail::detail
