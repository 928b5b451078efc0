// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Qt>

namespace rp::ui {

/// Roles beyond Qt's own, for all models here.
enum Role {
    ToneRole = Qt::UserRole + 1, ///< int of `Tone`: verdict or severity
    BlockRole,                   ///< int: block index, -1 for a stage
    SnrRole,    ///< double: local SNR in dB, infinity when exact; invalid before verification
    FormRole,   ///< QString: what the block contains
    ShareRole,  ///< double: probability, [0, 1]
    ValueRole,  ///< double: logit
    ClassRole,  ///< qlonglong: class index
};

} // namespace rp::ui
