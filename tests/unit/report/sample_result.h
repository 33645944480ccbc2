// One made result with everything that outputs must survive: hostile names, every kind of record.
#pragma once

#include "model/scan_result.h"

namespace backscan::test {

[[nodiscard]] ScanResult sample_result();

/// `count` plain findings over ten accounts.
[[nodiscard]] ScanResult large_result(std::size_t count);

}  // namespace backscan::test
