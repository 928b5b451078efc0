// SPDX-License-Identifier: Apache-2.0
#include "core/base/shell.h"

#include <QTest>

using namespace rp;

class TestShell : public QObject {
    Q_OBJECT
private slots:
    void plainWordsStayAsTheyAre() {
        QCOMPARE(shellLine({"repscope-cli", "verify", "a/b.pth", "--size", "320x256"}),
                 std::string("repscope-cli verify a/b.pth --size 320x256"));
    }
    void whatTheShellWouldReadIsQuoted() {
        QCOMPARE(shellLine({"my model.pth", "stage3.*:stride=2", "eps=0.5", "it's", "", "$HOME"}),
                 std::string("'my model.pth' 'stage3.*:stride=2' 'eps=0.5' 'it'\\''s' '' '$HOME'"));
    }
};

QTEST_APPLESS_MAIN(TestShell)
#include "tst_shell.moc"
