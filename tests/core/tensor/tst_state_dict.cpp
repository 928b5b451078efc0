// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/state_dict.h"
#include "tests/support/refusal.h"

#include <QTest>

using namespace rp;

class TestStateDict : public QObject {
    Q_OBJECT
private slots:
    void prefixSharedByAllIsStripped();
    void prefixOfSomeIsKept();
    void counterBesideDottedKeysDoesNotKeepThePrefix();
    void clashKeepsFullNames();
    void twiceTheSameNameIsMalformed();
};

namespace {

StateDict dict(const std::vector<std::string>& names) {
    std::vector<NamedTensor> tensors;
    for (const std::string& name : names) tensors.push_back({name, StoredTensor::of(TensorF(Shape{1}))});
    return StateDict(std::move(tensors));
}

} // namespace

void TestStateDict::prefixSharedByAllIsStripped() {
    const StateDict d = dict({"module._orig_mod.a.weight", "module._orig_mod.b.weight"});
    QCOMPARE(d.strippedPrefix(), std::string("module._orig_mod."));
    QVERIFY(d.find("a.weight") && !d.find("module._orig_mod.a.weight"));
    QCOMPARE(d.fileNameOf("a.weight"), std::string("module._orig_mod.a.weight"));
}

void TestStateDict::prefixOfSomeIsKept() {
    const StateDict d = dict({"backbone.a.weight", "head.fc.weight"});
    QVERIFY(d.strippedPrefix().empty());
    QVERIFY(d.find("backbone.a.weight"));
}

void TestStateDict::counterBesideDottedKeysDoesNotKeepThePrefix() {
    const StateDict d = dict({"n_averaged", "module.a.weight"});
    QCOMPARE(d.strippedPrefix(), std::string("module."));
    QVERIFY(d.find("n_averaged") && d.find("a.weight"));
    QCOMPARE(std::string(d.nameOf(0)), std::string("n_averaged"));
}

void TestStateDict::clashKeepsFullNames() {
    const StateDict d = dict({"weight", "module.weight"});
    QVERIFY(d.find("weight") && d.find("module.weight"));
}

void TestStateDict::twiceTheSameNameIsMalformed() {
    QCOMPARE(test::refusal(ErrorCode::malformed, "a.weight", [] { dict({"a.weight", "a.weight"}); }), QString());
}

QTEST_APPLESS_MAIN(TestStateDict)
#include "tst_state_dict.moc"
