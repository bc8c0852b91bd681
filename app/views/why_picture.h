// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>

namespace monotail {

/// One image, as large as there is room; or why there is none.
class WhyPicture : public QWidget
{
    Q_OBJECT

public:
    explicit WhyPicture(QWidget* parent = nullptr);

    void setImage(const QImage& image, const QString& words);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_image;
    QString m_words; ///< instead of a null image
};

} // namespace monotail
