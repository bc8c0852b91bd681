// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/snapshot.h"

namespace monotail {

Choices firstChoices(const Document& document)
{
    Choices choices;
    if (document.head && document.head->source.kind == HeadKind::Cosine)
        choices.method = MethodKind::None;
    return choices;
}

Derived derived(Snapshot snapshot)
{
    const Document* document = snapshot.document.get();
    if (!document || !document->hasCounts())
        return {std::move(snapshot), {}};
    const ClassifierHead& head = *document->head;
    const ClassSet& classes = *document->classes;
    const Choices& choices = snapshot.choices;
    if (!snapshot.groups)
        snapshot.groups =
            std::make_shared<ShotGroups>(groupClasses(classes.counts, choices.groups));
    if (!snapshot.profile)
        snapshot.profile =
            std::make_shared<ClassProfile>(profileHead(head, classes, fitOptions(choices)));
    const auto apply = [&](const Method& method) {
        snapshot.rescaling =
            std::make_shared<Rescaling>(rescale(head, classes, *snapshot.profile, method));
    };
    QString problem;
    try {
        apply(methodOf(choices, choices.method, head.norms));
    } catch (const Error& error) {
        problem = QString::fromUtf8(error.what());
        apply({MethodKind::None, 0, {}, {}, BiasRule::Keep});
    }
    return {std::move(snapshot), problem};
}

double normAfter(const Snapshot& snapshot, std::size_t c)
{
    const double norm = snapshot.document->head->norms[c];
    return snapshot.rescaling ? norm * snapshot.rescaling->scale[c] : norm;
}

} // namespace monotail
