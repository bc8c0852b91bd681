// SPDX-License-Identifier: GPL-3.0-or-later
// What the session sets side by side.
#include "session/session.h"
#include "words/words.h"

namespace monotail {

namespace {

const QString otherKey = QStringLiteral("other");
const QString pairKey = QStringLiteral("pair");

bool isSame(const PairStudy& study, const Sides& sides, const SideSource& before,
            const SideSource& after, const ShotRule& rule)
{
    return study.sides == sides && study.result.groups.rule == rule &&
           study.result.before.name == before.name && study.result.after.name == after.name &&
           study.result.before.predictions.predicted == before.predicted &&
           study.result.after.predictions.predicted == after.predicted;
}

const MethodResult* methodNamed(const Snapshot& snapshot, const std::string& name)
{
    if (snapshot.methods)
        for (const MethodResult& result : snapshot.methods->methods)
            if (result.rescaling.method == name)
                return &result;
    return nullptr;
}

std::vector<double> scaled(std::vector<double> norms, const std::vector<double>& scale)
{
    for (std::size_t c = 0; c < norms.size(); ++c)
        norms[c] *= scale[c];
    return norms;
}

std::optional<SideSource> ownSource(const Document& document)
{
    if (!document.own)
        return std::nullopt;
    return SideSource{
        Session::tr("%1, its own head").arg(fileName(document.inputs.checkpoint)).toStdString(),
        document.own->base->beforePredictions.predicted, document.own->head->norms};
}

std::optional<SideSource> runSource(const Snapshot& snapshot, int number)
{
    for (const auto& one : snapshot.runs) {
        const Run& run = one->run;
        if (run.number != number)
            continue;
        const Rescaling then = afterwards(run, *snapshot.document->classes);
        return SideSource{Session::tr("run %1: %2")
                              .arg(QString::number(number),
                                   QString::fromStdString(shortName(run.recipe)))
                              .toStdString(),
                          one->predictions.predicted, scaled(run.head->norms, then.scale)};
    }
    return std::nullopt;
}

/// Whether there is none any more: its parameter has changed, or its run was removed.
bool isGone(const Snapshot& snapshot, const Side& side)
{
    if (side.kind == Side::Kind::Method)
        return snapshot.methods && !methodNamed(snapshot, side.method);
    if (side.kind == Side::Kind::Own)
        return !snapshot.document->own;
    return side.kind == Side::Kind::Run && !runSource(snapshot, side.run);
}

} // namespace

void Session::forgetPair()
{
    m_snapshot.other.reset();
    m_snapshot.pair.reset();
    m_snapshot.sides = {};
    m_jobs.drop(otherKey);
    m_jobs.drop(pairKey);
}

bool Session::isPairing() const
{
    return isComparing() || m_jobs.isPending(otherKey) || m_jobs.isPending(pairKey);
}

void Session::setPairWanted(bool wanted)
{
    m_pairWanted = wanted;
    requestPair();
}

void Session::setSides(const Sides& sides)
{
    if (sides == m_snapshot.sides)
        return;
    m_snapshot.sides = sides;
    requestPair();
    Q_EMIT pairChanged();
}

void Session::compareWith(const Inputs& inputs)
{
    const auto document = m_snapshot.document;
    if (!document || !document->hasData())
        return Q_EMIT failed(tr("Two checkpoints are compared on data: add the training counts and "
                                "the evaluation data first."));
    m_jobs.start(
        Lane::Long, tr("Reading %1").arg(fileName(inputs.checkpoint)), otherKey,
        [this, document, inputs, compute = m_compute](const Progress& progress) -> Delivery {
            const auto other = readOther(*document, inputs, compute, progress);
            return [this, document, other] {
                if (m_snapshot.document != document)
                    return;
                m_snapshot.other = other;
                m_snapshot.sides = {{}, {Side::Kind::Other, {}, 0}};
                requestPair();
                Q_EMIT pairChanged();
            };
        });
}

std::optional<SideSource> Session::sideSource(const Side& side) const
{
    const Document& document = *m_snapshot.document;
    const auto named = [&](const QString& what) {
        return tr("%1, %2").arg(headName(document), what).toStdString();
    };
    const std::vector<double>& norms = document.head->norms;
    switch (side.kind) {
    case Side::Kind::AsItIs:
        return SideSource{named(tr("as it is")), document.base->beforePredictions.predicted, norms};
    case Side::Kind::Shown: {
        const auto& live = m_snapshot.accuracy;
        if (!live || !live->settled)
            return std::nullopt;
        return SideSource{named(methodText(live->rescaling)), live->predicted,
                          scaled(norms, live->rescaling.scale)};
    }
    case Side::Kind::Method:
        if (const MethodResult* result = methodNamed(m_snapshot, side.method))
            return SideSource{named(methodText(result->rescaling)), result->predictions.predicted,
                              scaled(norms, result->rescaling.scale)};
        return std::nullopt;
    case Side::Kind::Own:
        return ownSource(document);
    case Side::Kind::Run:
        return runSource(m_snapshot, side.run);
    case Side::Kind::Other:
        break;
    }
    const auto& other = m_snapshot.other;
    if (!other)
        return std::nullopt;
    return SideSource{tr("%1, as it is").arg(fileName(other->inputs.checkpoint)).toStdString(),
                      other->predictions.predicted, other->head->norms};
}

void Session::requestPair()
{
    const auto document = m_snapshot.document;
    if (!m_pairWanted || !document || !document->hasData() || !m_snapshot.accuracy)
        return;
    for (Side* side : {&m_snapshot.sides.before, &m_snapshot.sides.after})
        if (isGone(m_snapshot, *side))
            *side = {Side::Kind::Shown, {}, 0};
    const auto before = sideSource(m_snapshot.sides.before);
    const auto after = sideSource(m_snapshot.sides.after);
    const ShotRule& rule = m_snapshot.choices.groups;
    if (!before || !after ||
        (m_snapshot.pair && isSame(*m_snapshot.pair, m_snapshot.sides, *before, *after, rule)))
        return;
    m_jobs.start(Lane::Browsing, tr("Comparing classes"), pairKey,
                 [this, document, sides = m_snapshot.sides, before, after,
                  rule](const Progress&) -> Delivery {
                     const auto pair = studyPair(*document, sides, *before, *after, rule);
                     return [this, document, pair] {
                         if (m_snapshot.document != document || m_snapshot.sides != pair->sides)
                             return;
                         m_snapshot.pair = pair;
                         Q_EMIT pairChanged();
                     };
                 });
}

} // namespace monotail
