// Bytes that may not be UTF-8 (paths, attributes) are base64: a journal must give back exactly what
// it was told.
#include "response/journal_record.h"

#include <stdexcept>

#include "base/text.h"
#include "model/time_text.h"

namespace backscan::response {
namespace {

std::string bytes_of(const Json& record, const char* key) {
  const auto bytes = base64_decode(record.at(key).get<std::string>());
  if (!bytes) throw std::invalid_argument(std::string(key) + " is not base64");
  return *bytes;
}

Json stamp_record(const Stamp& stamp) { return Json::array({stamp.seconds, stamp.nanoseconds}); }

Stamp stamp_of(const Json& record) {
  return {record.at(0).get<std::int64_t>(), record.at(1).get<std::int64_t>()};
}

Json state_record(const FileState& state) {
  Json xattrs = Json::array();
  for (const Xattr& xattr : state.xattrs)
    xattrs.push_back(Json{{"name_base64", base64_encode(xattr.name)},
                          {"value_base64", base64_encode(xattr.value)}});
  return {{"device", state.device},
          {"inode", state.inode},
          {"links", state.links},
          {"size", state.size},
          {"uid", state.uid},
          {"gid", state.gid},
          {"mode", state.mode},
          {"flags", state.flags},
          {"accessed", stamp_record(state.accessed)},
          {"modified", stamp_record(state.modified)},
          {"xattrs", std::move(xattrs)},
          {"sha256", state.sha256}};
}

FileState state_of(const Json& record) {
  FileState state{.device = record.at("device").get<std::uint64_t>(),
                  .inode = record.at("inode").get<std::uint64_t>(),
                  .links = record.at("links").get<std::uint64_t>(),
                  .size = record.at("size").get<std::uint64_t>(),
                  .uid = record.at("uid").get<std::uint32_t>(),
                  .gid = record.at("gid").get<std::uint32_t>(),
                  .mode = record.at("mode").get<std::uint32_t>(),
                  .flags = record.at("flags").get<std::uint32_t>(),
                  .accessed = stamp_of(record.at("accessed")),
                  .modified = stamp_of(record.at("modified"))};
  for (const Json& xattr : record.at("xattrs"))
    state.xattrs.push_back({bytes_of(xattr, "name_base64"), bytes_of(xattr, "value_base64")});
  state.sha256 = record.at("sha256").get<std::string>();
  return state;
}

}  // namespace

Json begin_record(const Entry& entry) {
  const Json finding = Json::parse(entry.finding, nullptr, false);
  return {{"type", "begin"},
          {"schema_version", 1},
          {"id", entry.id},
          {"action", kActionNames[static_cast<std::size_t>(entry.action)]},
          {"time", format_time(entry.time)},
          {"path", to_utf8(entry.target.path())},  // for people; the two below are what counts
          {"root_base64", base64_encode(entry.target.root)},
          {"relative_base64", base64_encode(entry.target.relative)},
          {"before", state_record(entry.before)},
          {"new_sha256", entry.new_sha256},
          {"finding", finding.is_discarded() ? Json() : finding}};
}

Entry entry_of(const Json& record) {
  if (record.at("schema_version").get<int>() != 1)
    throw std::invalid_argument("written by another version of backscan");
  Entry entry;
  entry.id = record.at("id").get<std::string>();
  const auto action = parse_name<Action>(kActionNames, record.at("action").get<std::string>());
  if (!action) throw std::invalid_argument("unknown action");
  entry.action = *action;
  entry.time = parse_time(record.at("time").get<std::string>()).value_or(Time{});
  entry.target = {bytes_of(record, "root_base64"), bytes_of(record, "relative_base64")};
  entry.before = state_of(record.at("before"));
  entry.new_sha256 = record.at("new_sha256").get<std::string>();
  if (!record.at("finding").is_null()) entry.finding = record.at("finding").dump();
  return entry;
}

}  // namespace backscan::response
