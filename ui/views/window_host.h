// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <memory>

class QSettings;

namespace rp::ui {

class Document;
class MainWindow;

/// The window of a document. Another language is another window on the same document, which stands where the old one
/// stood and shows the same: every view says everything once, when it is made.
class WindowHost : public QObject {
    Q_OBJECT

public:
    /// `settings`, which may be null, keep the language.
    WindowHost(Document& document, QSettings* settings);
    ~WindowHost() override;

    MainWindow& window() { return *m_window; }
    void setLanguage(const QString& code);

signals:
    void windowChanged(); ///< `window` is another one

private:
    void makeWindow();

    Document& m_document;
    QSettings* m_settings;
    std::unique_ptr<MainWindow> m_window;
};

/// The language that was chosen last, else the system's.
QString rememberedLanguage(const QSettings* settings);

} // namespace rp::ui
