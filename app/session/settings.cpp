// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/settings.h"

#include <algorithm>

#include "session/image_json.h"

namespace monotail {

namespace {

constexpr std::size_t mostRecent = 10;

QString fromPath(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

QString fromName(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QVariantMap toMap(const Inputs& inputs)
{
    return {{QStringLiteral("checkpoint"), QString::fromStdString(inputs.checkpoint)},
            {QStringLiteral("counts"), QString::fromStdString(inputs.counts)},
            {QStringLiteral("data"), QString::fromStdString(inputs.data)},
            {QStringLiteral("head"), QString::fromStdString(inputs.head.name)},
            {QStringLiteral("kind"),
             inputs.head.kind ? fromName(nameOf(*inputs.head.kind)) : QString()},
            {QStringLiteral("background"),
             inputs.head.background ? fromName(nameOf(*inputs.head.background)) : QString()},
            {QStringLiteral("logitScale"), inputs.head.logitScale.value_or(0)},
            {QStringLiteral("classCount"), static_cast<qlonglong>(inputs.head.classes.value_or(0))},
            {QStringLiteral("transposed"), inputs.head.transposed},
            {QStringLiteral("classes"), fromPath(inputs.naming.classes)},
            {QStringLiteral("classMap"), fromPath(inputs.naming.classMap)},
            {QStringLiteral("images"), QString::fromStdString(imageJson(inputs.images).dump())}};
}

Inputs fromMap(const QVariantMap& map)
{
    const auto text = [&](const char* key) {
        return map.value(QLatin1String(key)).toString().toStdString();
    };
    Inputs inputs{text("checkpoint"), text("counts"), text("data"), {}, {}};
    inputs.head.name = text("head");
    inputs.head.transposed = map.value(QStringLiteral("transposed")).toBool();
    try {
        if (const std::string kind = text("kind"); !kind.empty())
            inputs.head.kind = parseHeadKind(kind);
        if (const std::string background = text("background"); !background.empty())
            inputs.head.background = parseBackgroundRow(background);
    } catch (const Error&) { // of another version: the head is found anew
    }
    if (const double scale = map.value(QStringLiteral("logitScale")).toDouble(); scale > 0)
        inputs.head.logitScale = scale;
    if (const qlonglong count = map.value(QStringLiteral("classCount")).toLongLong(); count > 0)
        inputs.head.classes = count;
    inputs.naming = {text("classes"), text("classMap")};
    try {
        if (const std::string images = text("images"); !images.empty())
            inputs.images = readImageJson(Json::parse(images));
    } catch (const std::exception&) { // of another version: they are asked for again
    }
    return inputs;
}

bool sameFiles(const Inputs& a, const Inputs& b)
{
    return a.checkpoint == b.checkpoint && a.head.name == b.head.name;
}

} // namespace

AppSettings::AppSettings(const QString& file, QObject* parent) : QObject(parent)
{
    if (file.isEmpty())
        m_store =
            std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope,
                                        QStringLiteral("monotail"), QStringLiteral("monotail"));
    else
        m_store = std::make_unique<QSettings>(file, QSettings::IniFormat);
}

AppSettings::~AppSettings() = default;

Appearance AppSettings::appearance() const
{
    const QString name = m_store->value(QStringLiteral("appearance")).toString();
    if (name == QLatin1String("dark"))
        return Appearance::Dark;
    return name == QLatin1String("light") ? Appearance::Light : Appearance::System;
}

void AppSettings::setAppearance(Appearance appearance)
{
    if (appearance == this->appearance())
        return;
    m_store->setValue(QStringLiteral("appearance"),
                      appearance == Appearance::Dark    ? QStringLiteral("dark")
                      : appearance == Appearance::Light ? QStringLiteral("light")
                                                        : QStringLiteral("system"));
    Q_EMIT appearanceChanged(appearance);
}

QByteArray AppSettings::geometry() const
{
    return m_store->value(QStringLiteral("window/geometry")).toByteArray();
}

QByteArray AppSettings::layout() const
{
    return m_store->value(QStringLiteral("window/layout")).toByteArray();
}

void AppSettings::setWindow(const QByteArray& geometry, const QByteArray& layout)
{
    m_store->setValue(QStringLiteral("window/geometry"), geometry);
    m_store->setValue(QStringLiteral("window/layout"), layout);
}

std::vector<Inputs> AppSettings::recent() const
{
    std::vector<Inputs> out;
    for (const QVariant& entry : m_store->value(QStringLiteral("recent")).toList()) {
        const Inputs inputs = fromMap(entry.toMap());
        if (!inputs.checkpoint.empty() && out.size() < mostRecent)
            out.push_back(inputs);
    }
    return out;
}

void AppSettings::addRecent(const Inputs& inputs)
{
    std::vector<Inputs> all = recent();
    std::erase_if(all, [&](const Inputs& other) { return sameFiles(inputs, other); });
    all.insert(all.begin(), inputs);
    all.resize(std::min(all.size(), mostRecent));
    QVariantList list;
    for (const Inputs& entry : all)
        list.push_back(toMap(entry));
    m_store->setValue(QStringLiteral("recent"), list);
    Q_EMIT recentChanged();
}

void AppSettings::clearRecent()
{
    m_store->remove(QStringLiteral("recent"));
    Q_EMIT recentChanged();
}

} // namespace monotail
