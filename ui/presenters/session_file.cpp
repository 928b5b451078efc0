// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/session_file.h"

#include "ui/presenters/display_text.h"

#include "core/io/atomic_file.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <limits>

namespace rp::ui {
namespace {

constexpr int kVersion = 1;
const QString kFormat = QStringLiteral("repscope-session");
constexpr std::array kRoles{"input", "branch", "sum", "output", "difference", "step"};

QString relativeTo(const QDir& folder, const QString& path) {
    if (path.isEmpty()) return {};
    const QString relative = folder.relativeFilePath(path);
    return relative.startsWith(QStringLiteral("../")) || QDir::isAbsolutePath(relative) ? path : relative;
}

QString absoluteIn(const QDir& folder, const QString& path) {
    return path.isEmpty() ? QString() : QDir::cleanPath(folder.absoluteFilePath(path));
}

/// Members of known types; what is absent keeps its default, what is of another type is an error.
class Members {
public:
    Members(const QJsonObject& object, QString where) : m_object(object), m_where(std::move(where)) {}

    QString text(const char* name, const QString& fallback = {}) const {
        const QJsonValue value = m_object[QLatin1String(name)];
        if (value.isUndefined()) return fallback;
        if (!value.isString()) throw wrong(name, "a text", value);
        return value.toString();
    }
    int number(const char* name, int low, int high, int fallback) const {
        const QJsonValue value = m_object[QLatin1String(name)];
        if (value.isUndefined()) return fallback;
        const double found = value.toDouble(std::numeric_limits<double>::quiet_NaN());
        if (!(found >= low && found <= high) || found != static_cast<int>(found)) throw wrong(name, "a whole number in its range", value);
        return static_cast<int>(found);
    }
    QStringList texts(const char* name) const {
        const QJsonValue value = m_object[QLatin1String(name)];
        if (value.isUndefined()) return {};
        if (!value.isArray()) throw wrong(name, "a list of texts", value);
        QStringList list;
        for (const QJsonValue& item : value.toArray()) {
            if (!item.isString()) throw wrong(name, "a list of texts", item);
            list << item.toString();
        }
        return list;
    }
    template<class Value, class Parse>
    Value word(const char* name, Value fallback, Parse parse) const {
        const QString found = text(name);
        if (found.isEmpty()) return fallback;
        const std::optional<Value> value = parse(found);
        if (!value) throw wrong(name, "one of the known words", m_object[QLatin1String(name)]);
        return *value;
    }

private:
    Error wrong(const char* name, const char* expected, const QJsonValue& found) const {
        const QByteArray text = QJsonDocument(QJsonArray{found}).toJson(QJsonDocument::Compact).left(80);
        return Error(ErrorCode::malformed, {m_where.toStdString() + ": " + name, expected, text.toStdString(), "mend the file, or save the session anew"});
    }

    const QJsonObject& m_object;
    QString m_where;
};

std::optional<EngineKind> engineFrom(const QString& text) {
    for (EngineKind kind : {EngineKind::float32, EngineKind::float64})
        if (toQString(toString(kind)) == text) return kind;
    return std::nullopt;
}

std::vector<std::string> plain(const QStringList& texts) {
    std::vector<std::string> list;
    for (const QString& text : texts) list.push_back(text.toStdString());
    return list;
}

Edits editsOf(const Members& members, const QDir& folder) {
    Edits edits;
    if (const QString weights = members.text("weights"); !weights.isEmpty()) edits.weights = weights.toStdString();
    edits.assumptions = plain(members.texts("assumptions"));
    for (const QString& file : members.texts("blockFiles")) edits.blocks.push_back(absoluteIn(folder, file).toStdString());
    edits.against = absoluteIn(folder, members.text("against"));
    edits.settings.engine = members.word("engine", EngineKind::float32, engineFrom);
    edits.settings.dispatch = members.word("dispatch", DispatchMethod::state, [](const QString& text) { return dispatchFrom(text.toStdString()); });
    return edits;
}

} // namespace

QByteArray toJson(const SessionState& state, const QDir& folder) {
    QJsonObject object{{QStringLiteral("format"), kFormat}, {QStringLiteral("version"), kVersion}};
    const auto put = [&object](const char* name, const QJsonValue& value) {
        const bool isEmpty = (value.isString() && value.toString().isEmpty()) || (value.isArray() && value.toArray().isEmpty());
        if (!isEmpty) object[QLatin1String(name)] = value;
    };
    QJsonArray assumptions, blockFiles;
    for (const std::string& text : state.edits.assumptions) assumptions.append(toQString(text));
    for (const std::string& file : state.edits.blocks) blockFiles.append(relativeTo(folder, toQString(file)));
    put("model", relativeTo(folder, state.model));
    put("picture", relativeTo(folder, state.picture));
    put("against", relativeTo(folder, state.edits.against));
    put("weights", toQString(state.edits.weights.value_or(std::string())));
    put("assumptions", assumptions);
    put("blockFiles", blockFiles);
    put("engine", toQString(toString(state.edits.settings.engine)));
    put("dispatch", toQString(toString(state.edits.settings.dispatch)));
    put("phase", toQString(toString(state.phase)));
    put("block", state.block);
    if (state.map) {
        put("map", QString::fromLatin1(kRoles[static_cast<std::size_t>(state.map->role)]));
        put("mapName", state.map->name);
    }
    put("sample", state.sample);
    put("channel", state.channel);
    put("layout", state.layout);
    put("tab", state.tab);
    put("docks", QString::fromLatin1(state.docks.toBase64()));
    put("filter", state.filter);
    put("colours", state.colours);
    put("range", state.scope);
    put("sort", state.order);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

SessionState fromJson(const QByteArray& text, const QDir& folder, const QString& where) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError)
        throw Error(ErrorCode::malformed, {where.toStdString(), "a session, which is JSON", error.errorString().toStdString() + " at byte " + std::to_string(error.offset), "choose a file that Repscope saved"});
    const QJsonObject object = document.object();
    if (object[QStringLiteral("format")].toString() != kFormat)
        throw Error(ErrorCode::formatForeign, {where.toStdString(), "a Repscope session", "other JSON", "choose a .repscope file"});
    const Members members(object, where);
    if (const int version = members.number("version", 1, std::numeric_limits<int>::max(), 1); version > kVersion)
        throw Error(ErrorCode::formatForeign, {where.toStdString(), "a session of version 1", "version " + std::to_string(version), "open it with a newer Repscope"});
    SessionState state;
    state.model = absoluteIn(folder, members.text("model"));
    if (state.model.isEmpty()) throw Error(ErrorCode::malformed, {where.toStdString() + ": model", "the path of a model", "nothing", "save the session anew"});
    state.picture = absoluteIn(folder, members.text("picture"));
    state.edits = editsOf(members, folder);
    state.phase = members.word("phase", Phase::eval, [](const QString& name) { return phaseFrom(name.toStdString()); });
    state.block = members.text("block");
    const auto role = [](const QString& name) -> std::optional<BlockMap::Role> {
        for (std::size_t i = 0; i < kRoles.size(); ++i)
            if (name == QLatin1String(kRoles[i])) return static_cast<BlockMap::Role>(i);
        return std::nullopt;
    };
    if (!members.text("map").isEmpty()) state.map = MapKey{members.word("map", BlockMap::Role::output, role), members.text("mapName")};
    state.sample = members.number("sample", 0, 1 << 20, 0);
    state.channel = members.number("channel", -1, 1 << 20, -1);
    state.layout = members.text("layout");
    state.tab = members.text("tab");
    state.docks = QByteArray::fromBase64(members.text("docks").toLatin1());
    state.filter = members.text("filter");
    state.colours = members.number("colours", 0, 15, 0);
    state.scope = members.number("range", 0, 15, 0);
    state.order = members.number("sort", 0, 15, 0);
    return state;
}

SessionState readSession(const QString& path) {
    QFile file(path);
    const auto error = [&path](ErrorCode code, const char* expected, const std::string& found, const char* remedy) {
        return Error(code, {path.toStdString(), expected, found, remedy});
    };
    if (!file.exists()) throw error(ErrorCode::fileMissing, "a session file", "nothing of that name", "check the path");
    if (!file.open(QIODevice::ReadOnly)) throw error(ErrorCode::fileUnreadable, "a file that can be read", file.errorString().toStdString(), "check its permissions");
    const QByteArray text = file.read(kMostSessionBytes + 1);
    if (text.size() > kMostSessionBytes) throw error(ErrorCode::limitExceeded, "a session of at most 1 MiB", "a larger file", "choose a file that Repscope saved");
    return fromJson(text, QFileInfo(path).absoluteDir(), path);
}

void writeSession(const QString& path, const SessionState& state) {
    const QByteArray text = toJson(state, QFileInfo(path).absoluteDir());
    io::writeText(path.toStdString(), {text.constData(), static_cast<std::size_t>(text.size())});
}

bool isSessionName(const QString& path) {
    return path.endsWith(QStringLiteral(".repscope"), Qt::CaseInsensitive);
}

} // namespace rp::ui
