// Each record of CONTRACT.md as JSON: the one place that knows the field names when writing. Shared
// by the json, jsonl and sarif formats, therefore apart from them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "model/scan_result.h"

namespace backscan::report {

using Json = nlohmann::ordered_json;

/// Text becomes valid UTF-8; a path that was not also stands, byte for byte, in `path_base64`.
[[nodiscard]] Json finding_record(const Finding& finding);
[[nodiscard]] Json listing_record(const Listing& listing);
[[nodiscard]] Json audit_record(const AuditNote& note);
[[nodiscard]] Json sender_record(const Sender& sender);
/// Without `type`; jsonl writes it as the record `mail`.
[[nodiscard]] Json mail_record(const MailActivity& mail);
/// Without `type`; jsonl writes it as the record `history`.
[[nodiscard]] Json history_record(const RunHistory& history);
[[nodiscard]] Json error_record(const ErrorRecord& error);
[[nodiscard]] Json scan_record(const ScanInfo& scan);
[[nodiscard]] Json summary_record(const Summary& summary);
/// `{"name": "backscan", "version": …}` with the version that made the scan.
[[nodiscard]] Json tool_record(const ScanInfo& scan);

}  // namespace backscan::report
