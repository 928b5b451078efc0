// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/session.h"

namespace rp::ui {

Engine& Session::engine() {
    if (!m_engine) m_engine = makeEngine(m_settings.engine);
    return *m_engine;
}

Session::Networks& Session::prepared() {
    if (!m_networks) m_networks = std::make_unique<Networks>(*m_model, engine(), m_settings.dispatch);
    return *m_networks;
}

} // namespace rp::ui
