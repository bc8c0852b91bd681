// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tensor_model.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "models/search_role.h"

namespace monotail {

namespace {

constexpr std::size_t longestName = 300;

/// A tensor that repeats its storage may claim more than 63 bits can count.
qint64 bytesOf(const Tensor& tensor)
{
    const auto size = static_cast<qint64>(sizeOf(tensor.dtype));
    const qint64 most = std::numeric_limits<qint64>::max();
    return tensor.elements() > most / size ? most : tensor.elements() * size;
}

QString nameText(const Tensor& tensor)
{
    return QString::fromStdString(printable(tensor.name, longestName));
}

QString textOf(const Tensor& tensor, int column)
{
    switch (column) {
    case TensorModel::Name:
        return nameText(tensor);
    case TensorModel::Type:
        return QString::fromUtf8(nameOf(tensor.dtype).data(),
                                 static_cast<qsizetype>(nameOf(tensor.dtype).size()));
    case TensorModel::Shape:
        return QString::fromStdString(shapeText(tensor.shape));
    case TensorModel::Elements:
        return QString::fromStdString(toGroupedText(tensor.elements()));
    case TensorModel::Bytes:
        return bytesText(static_cast<std::uint64_t>(bytesOf(tensor)));
    default:
        return {};
    }
}

/// Shapes as they are shown and as people type them: "10 x 64", "10x64", "10, 64".
QString searchedText(const Tensor& tensor)
{
    const QString shape = textOf(tensor, TensorModel::Shape);
    const QStringList pieces{nameText(tensor), textOf(tensor, TensorModel::Type), shape,
                             QString(shape).remove(QLatin1Char(' ')),
                             QString(shape).replace(QStringLiteral(" x "), QStringLiteral(", "))};
    return pieces.join(QLatin1Char('\n'));
}

QVariant sortValueOf(const Tensor& tensor, int column)
{
    switch (column) {
    case TensorModel::Shape: // by how many sizes, then by how large
        return static_cast<qint64>(tensor.shape.size()) * (qint64{1} << 40) +
               std::min(tensor.elements(), (std::int64_t{1} << 40) - 1);
    case TensorModel::Elements:
        return static_cast<qint64>(tensor.elements());
    case TensorModel::Bytes:
        return bytesOf(tensor);
    default:
        return textOf(tensor, column);
    }
}

} // namespace

void TensorModel::setCheckpoint(std::shared_ptr<const Checkpoint> checkpoint)
{
    if (checkpoint == m_checkpoint)
        return;
    beginResetModel();
    m_checkpoint = std::move(checkpoint);
    endResetModel();
}

const Tensor& TensorModel::tensor(int row) const
{
    return m_checkpoint->tensors[static_cast<std::size_t>(row)];
}

int TensorModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_checkpoint ? 0 : static_cast<int>(m_checkpoint->tensors.size());
}

int TensorModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Bytes + 1;
}

QVariant TensorModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Tensor& of = tensor(index.row());
    if (role == Qt::DisplayRole)
        return textOf(of, index.column());
    if (role == sortRole)
        return sortValueOf(of, index.column());
    if (role == searchRole)
        return searchedText(of);
    if (role == Qt::ToolTipRole && index.column() == Name)
        return nameText(of);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((index.column() >= Elements ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    return {};
}

QVariant TensorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const std::array titles{tr("tensor"), tr("type"), tr("shape"), tr("numbers"), tr("size")};
    const std::array explanations{
        tr("The tensor's name, as PyTorch would print it."),
        tr("The type of its numbers."),
        tr("How many numbers along each dimension."),
        tr("How many numbers there are."),
        tr("How much space the numbers take, in bytes: numbers times bytes of each."),
    };
    if (role == Qt::DisplayRole)
        return titles[static_cast<std::size_t>(section)];
    if (role == Qt::ToolTipRole)
        return explanations[static_cast<std::size_t>(section)];
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Elements ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    return {};
}

QString bytesText(std::uint64_t bytes)
{
    if (bytes < 1000)
        return TensorModel::tr("%1 bytes").arg(bytes);
    const std::array units{QStringLiteral("kB"), QStringLiteral("MB"), QStringLiteral("GB"),
                           QStringLiteral("TB")};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return QString::fromStdString(toText(value, 1)) + QLatin1Char(' ') + units[unit];
}

} // namespace monotail
