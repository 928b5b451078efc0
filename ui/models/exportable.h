// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/text_table.h"

#include "core/tensor/tensor.h"

namespace rp::ui {

/// The numbers of a chart as a table.
struct ChartTable {
    QStringList headers;
    std::vector<TextRow> rows;
};

/// A widget whose picture says what a table can say as well: it can be shown, copied and saved as one
/// (`views/table_twin`). Emits a signal `changed()`.
class HasTable {
public:
    virtual ~HasTable() = default;
    virtual ChartTable table() const = 0;
};

/// A widget that shows one array, which can be saved as `.npy`.
class HasTensor {
public:
    virtual ~HasTensor() = default;
    virtual const TensorD& tensor() const = 0; ///< empty when there is nothing
    virtual QString tensorName() const = 0;
};

} // namespace rp::ui
