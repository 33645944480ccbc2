// The decisions about one file: what to read of it, whether a copy was seen before, what to record.
#include "scan/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iterator>
#include <utility>

#include "model/fact_names.h"
#include "php/carriers.h"
#include "rules/digest.h"
#include "scan/findings.h"
#include "scan/known_facts.h"
#include "scan/neighbour_reader.h"
#include "scan/symlink.h"

namespace backscan::scan {
namespace {

// Text does not hold it; JPEG, PNG, archives and programs do, early.
constexpr std::size_t kBinaryProbeBytes = 1024;

bool looks_binary(std::string_view bytes) {
  const std::string_view probe = bytes.substr(0, kBinaryProbeBytes);
  return std::memchr(probe.data(), '\0', probe.size()) != nullptr;
}

Time time_of(const timespec& t) {
  return Time(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

}  // namespace

Worker::Worker(const Shared& shared)
    : shared_(shared),
      scanner_(shared.rules, shared.options),
      places_(shared.web_server_uids),
      installations_(shared.installations),
      looks_at_neighbours_(shared.rules.asks_for("file.newer-than-neighbours")) {}

void Worker::look_at(const walk::FileEntry& entry) {
  try {
    scan_file(entry);
  } catch (const std::exception& bug) {
    tally_.add_error({.stage = Stage::kMatch,
                      .path = entry.path(),
                      .reason = std::string("internal error: ") + bug.what()});
  }
  reader_.close();
  shared_.progress.files.fetch_add(1, std::memory_order_relaxed);
}

void Worker::scan_file(const walk::FileEntry& entry) {
  ++tally_.counts.files_seen;
  const NameKind kind = kind_of_name(entry.name);
  const bool is_whole_by_name = kind == NameKind::kPhp || kind == NameKind::kCarrier;
  const ScanOptions& options = shared_.options;
  if (options.files == FilesMode::kPhp && !is_whole_by_name) {
    ++tally_.counts.skipped["not-php"];
    return;
  }
  if (const auto opened = reader_.open(entry); !opened) return fail(entry, opened.error());
  const struct stat& status = reader_.status();
  if (!S_ISREG(status.st_mode)) {
    // It was one when the directory was read.
    return fail(entry, ENOTDIR);
  }
  tally_.counts.bytes_seen += static_cast<std::uint64_t>(status.st_size);
  relative_path_.assign(entry.directory);
  if (!relative_path_.empty()) relative_path_ += '/';
  relative_path_ += entry.name;
  known_place_ = installations_.look(entry, relative_path_);
  if (!known_place_.stranger.empty())
    tally_.add_error(
        {.stage = Stage::kMatch,
         .path = known_place_.stranger_path,
         .reason = fmt::format("is {}, of which no manifest was given: not compared with "
                               "its originals",
                               known_place_.stranger),
         .is_note = true});
  if (shared_.clean_files != nullptr) {
    // A file is clean as one of a release: another release may list another one there.
    const std::string path =
        known_place_.release == nullptr
            ? relative_path_
            : fmt::format("{}\n{:x}", relative_path_, known_place_.release->digest());
    identity_ = shared_.clean_files->identity_of(entry.root, path, status,
                                                 std::chrono::system_clock::now());
    if (shared_.clean_files->is_known_clean(identity_)) {
      ++tally_.counts.files_unchanged;
      return;
    }
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const bool is_read_whole = (options.files != FilesMode::kSniff || is_whole_by_name) &&
                             size <= options.max_filesize_bytes;
  const LargeFiles::Turn turn(shared_.large_files, is_read_whole ? size : 0);
  const auto content =
      reader_.read({.only_head_and_tail = options.files == FilesMode::kSniff && !is_whole_by_name &&
                                          !is_size_listed(status),
                    .max_whole_bytes = options.max_filesize_bytes});
  if (!content) return fail(entry, content.error());
  scan_content(entry, kind, *content);
}

bool Worker::is_size_listed(const struct stat& status) const {
  return shared_.options.external != nullptr &&
         shared_.options.external->lists_size(static_cast<std::uint64_t>(status.st_size));
}

void Worker::scan_content(const walk::FileEntry& entry, NameKind kind, const Content& content) {
  const struct stat& status = reader_.status();
  const bool has_php =
      kind == NameKind::kPhp || (content.has_php ? *content.has_php : has_php_tag(content.bytes));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const bool is_too_large = size > shared_.options.max_filesize_bytes;
  const bool is_whole = content.is_whole() && !is_too_large;
  FileInput input{
      .relative_path = relative_path_,
      .name = entry.name,
      .bytes = content.bytes,
      .tail = content.tail,
      .tail_offset = static_cast<Offset>(std::min<std::uint64_t>(content.tail_offset, ~Offset{0})),
      .size_bytes = size,
      .place = places_.look(entry, kind, status)};
  if (is_original(kind, has_php, is_whole, input)) {
    ++tally_.counts.skipped["known-good"];
    remember_clean();
    return;
  }
  if (is_too_large) {
    ++tally_.counts.files_partial;
    if (content.has_php.value_or(false))
      tally_.add_error({.stage = Stage::kRead,
                        .path = entry.path(),
                        .reason = "holds PHP and is larger than --max-filesize: only its head and "
                                  "tail were scanned"});
  } else if (is_whole) {
    ++tally_.counts.files_scanned;
  } else {
    ++tally_.counts.skipped["no-php"];
  }
  if (shared_.options.external != nullptr) {
    input.all_bytes = input.bytes;
    input.all_tail = input.tail;
    if (shared_.options.external->looks_at_place()) {
      input.path = entry.path();
      input.owner = users_.name_of(status.st_uid);
    }
  }
  // Patterns say nothing about pixels and machine code; their names may still matter, and those of
  // an archive's members.
  if (!has_php && shared_.options.files != FilesMode::kAll && looks_binary(content.bytes) &&
      !php::is_archive(content.bytes)) {
    input.bytes = {};
    input.tail = {};
  }
  const std::uint64_t bytes = input.bytes.size() + input.tail.size();
  tally_.counts.bytes_scanned += bytes;
  shared_.progress.bytes.fetch_add(bytes, std::memory_order_relaxed);
  judge(entry, input, content.is_whole());
}

bool Worker::is_original(NameKind kind, bool has_php, bool is_whole, FileInput& input) const {
  if (known_place_.release == nullptr || !is_whole) return false;
  const known::Release& release = *known_place_.release;
  const std::string_view path = known_place_.path;
  switch (release.compare(path, input.bytes)) {
    case known::Standing::kOriginal:
      return true;
    case known::Standing::kChanged:
      if ((has_php || kind == NameKind::kCarrier) && !release.is_loose(path))
        input.known_facts.push_back(changed_core_fact(release, path, input.bytes));
      return false;
    case known::Standing::kNotListed:
      if (has_php && (kind == NameKind::kPhp || input.bytes.starts_with("<?php")) &&
          release.is_sealed(path) && !is_stub(input.bytes))
        input.known_facts.push_back(unknown_in_core_fact(release));
      return false;
  }
  return false;
}

bool Worker::is_original_on_second_look(bool is_whole) {
  if (known_place_.release == nullptr || is_whole ||
      !known_place_.release->lists(known_place_.path))
    return false;
  const auto content = reader_.read(
      {.only_head_and_tail = false, .max_whole_bytes = shared_.options.max_filesize_bytes});
  if (!content || !content->is_whole() ||
      known_place_.release->compare(known_place_.path, content->bytes) !=
          known::Standing::kOriginal)
    return false;
  ++tally_.counts.skipped["known-good"];
  return true;
}

void Worker::judge(const walk::FileEntry& entry, FileInput& input, bool is_whole) {
  const time_t ctime = reader_.status().st_ctim.tv_sec;
  if (looks_at_neighbours_)
    input.is_newer_than_neighbours = [&] { return neighbours_.is_newer(entry, ctime); };
  input.include_reader = [&entry](std::string_view path) {
    return read_neighbour(entry.directory_fd, path);
  };
  // What hashes and line numbers speak of.
  const std::string_view bytes =
      shared_.options.external != nullptr ? input.all_bytes : input.bytes;
  const std::string_view whole = is_whole ? bytes : std::string_view{};
  scanner_.begin(input);
  MemoKey key;
  // What is said of a place among a vendor's files is not said of its copies elsewhere.
  Memo* const memo = input.known_facts.empty() ? shared_.memo : nullptr;
  if (memo != nullptr) {
    circumstances_.clear();
    scanner_.append_circumstances(circumstances_);
    key = memo->key_of(bytes, circumstances_);
    const auto seen = memo->find(key);
    if (seen &&
        !(seen->is_interesting && looks_at_neighbours_ && input.is_newer_than_neighbours())) {
      if (seen->findings != nullptr && !is_original_on_second_look(is_whole))
        keep_findings(entry, reader_.status(), whole, *seen->findings);
      else if (seen->findings == nullptr)
        remember_clean();
      return;
    }
  }
  const FileVerdict& verdict = scanner_.scan();
  for (const FileVerdict::Failure& failure : verdict.failures)
    tally_.add_error({.stage = failure.stage, .path = entry.path(), .reason = failure.reason});
  std::vector<Finding> findings =
      findings_of(verdict, input, shared_.rules, shared_.options.show_addresses);
  if (memo != nullptr && verdict.is_repeatable) {
    MemoVerdict seen{.is_interesting = verdict.is_interesting, .findings = nullptr};
    if (!findings.empty()) seen.findings = std::make_shared<const std::vector<Finding>>(findings);
    memo->remember(key, std::move(seen));
  }
  if (!findings.empty() && !is_original_on_second_look(is_whole))
    keep_findings(entry, reader_.status(), whole, std::move(findings));
  else if (verdict.is_repeatable && verdict.failures.empty())
    remember_clean();
}

void Worker::remember_clean() {
  if (shared_.clean_files == nullptr) return;
  const auto size = static_cast<std::uint64_t>(reader_.status().st_size);
  if (size <= shared_.options.max_filesize_bytes) shared_.clean_files->remember(identity_);
}

void Worker::keep_findings(const walk::FileEntry& entry, const struct stat& status,
                           std::string_view whole, std::vector<Finding> findings) {
  const FileInfo file{.sha256 = whole.empty() ? std::string() : rules::sha256_hex(whole),
                      .size = static_cast<std::uint64_t>(status.st_size),
                      .mtime = time_of(status.st_mtim),
                      .ctime = time_of(status.st_ctim),
                      .owner = users_.name_of(status.st_uid),
                      .uid = status.st_uid,
                      .mode = static_cast<std::uint32_t>(status.st_mode & 07777)};
  place_findings(findings, entry, file);
  shared_.progress.findings.fetch_add(findings.size(), std::memory_order_relaxed);
  std::ranges::move(findings, std::back_inserter(tally_.findings));
}

void Worker::look_at_symlink(const walk::FileEntry& entry) {
  const std::string target = symlink_target(entry);
  struct stat status {};
  if (target.empty() || !leads_out(entry.root, entry.directory, target) ||
      ::fstatat(entry.directory_fd, entry.name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return;
  const std::string path = entry.relative_path();
  const FileInput input{.relative_path = path, .name = entry.name};
  scanner_.begin(input);
  const FileVerdict& verdict =
      scanner_.judge_unread({{.name = find_fact_name("file.symlink-out"), .source = target}});
  keep_findings(entry, status, {},
                findings_of(verdict, input, shared_.rules, shared_.options.show_addresses));
}

void Worker::fail(const walk::FileEntry& entry, int error_number) {
  const bool is_gone = error_number == ENOENT;
  const bool is_changed = error_number == ELOOP || error_number == ENOTDIR;
  tally_.add_error({.stage = Stage::kRead,
                    .path = entry.path(),
                    .reason = is_gone      ? "vanished during the scan"
                              : is_changed ? "changed during the scan"
                                           : errno_text(error_number),
                    .is_note = is_gone});
}

}  // namespace backscan::scan
