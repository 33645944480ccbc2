// The new file is complete before it gets its name, and never replaces what it does not know.
#include "response/restore.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "response/staging.h"

namespace backscan::response {
namespace {

struct Ready {
  Entry entry;
  Place place;
  UniqueFd item;
  std::string label;
};

Result<void> check_place(const Ready& ready) {
  const int directory = ready.place.directory.get();
  const std::string& name = ready.place.name;
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT && ready.entry.action == Action::kQuarantine) return {};
    return system_error(ready.label, errno);
  }
  if (ready.entry.action == Action::kQuarantine)
    return std::unexpected(Error{ready.label, "something else stands in its place now"});
  const auto fd = open_regular(directory, name, ready.label);
  if (!fd) return std::unexpected(fd.error());
  const auto state = read_state(fd->get(), ready.label);
  if (!state) return std::unexpected(state.error());
  if (state->sha256 != ready.entry.new_sha256)
    return std::unexpected(Error{ready.label, "was changed since it was cleaned"});
  return {};
}

Result<Ready> get_ready(const Store& store, const std::string& id) {
  const Entry* const entry = store.journal().find(id);
  if (entry == nullptr) return std::unexpected(Error{id, "no such entry in the journal"});
  if (entry->phase != Phase::kDone)
    return std::unexpected(
        Error{entry->target.path(), entry->phase == Phase::kRestored ? "is restored already"
                                                                     : "there is nothing to restore"});
  Ready ready{.entry = *entry, .label = entry->target.path()};
  auto item = store.item(id, entry->before.sha256);
  if (!item) return std::unexpected(item.error());
  ready.item = *std::move(item);
  auto place = open_place(entry->target);
  if (!place) return std::unexpected(place.error());
  ready.place = *std::move(place);
  if (auto checked = check_place(ready); !checked) return std::unexpected(checked.error());
  return ready;
}

Result<std::vector<std::string>> put_in_place(const Ready& ready) {
  const int directory = ready.place.directory.get();
  const std::string staging = staging_name(ready.entry.id);
  auto file = NewFile::create(directory, staging, ready.label);
  if (!file) return std::unexpected(file.error());
  const FileState& before = ready.entry.before;
  if (const auto copied = copy_content(ready.item.get(), file->fd(), ready.label); !copied)
    return std::unexpected(copied.error());
  auto lost = apply_owner_and_mode(file->fd(), before, ready.label);
  if (!lost) return lost;
  if (auto set = apply_times(file->fd(), before, ready.label); !set)
    return std::unexpected(set.error());
  if (::fsync(file->fd()) != 0) return system_error(ready.label, errno);
  const UniqueFd kept(::dup(file->fd()));
  if (ready.entry.action == Action::kQuarantine) {
    if (auto linked = file->link_as(ready.place.name, ready.label); !linked)
      return std::unexpected(linked.error());
  } else {
    if (auto linked = file->link_as(staging, ready.label); !linked)
      return std::unexpected(linked.error());
    auto swapped = swap_names(directory, staging, ready.place.name, ready.label);
    if (!swapped) {
      (void)remove_known(directory, staging, {before.sha256}, ready.label);
      return std::unexpected(swapped.error());
    }
    if (auto removed = remove_known(directory, staging, {ready.entry.new_sha256}, ready.label);
        !removed) {
      if (auto back = swap_names(directory, staging, ready.place.name, ready.label); back)
        (void)remove_known(directory, staging, {before.sha256}, ready.label);
      return std::unexpected(Error{ready.label, "was changed meanwhile"});
    }
  }
  if (before.flags != 0)
    if (const auto set = set_flags(kept.get(), before.flags, ready.label); !set)
      lost->push_back("chattr: " + set.error().reason);
  sync_directory(directory);
  return lost;
}

}  // namespace

Result<void> check_restore(const Store& store, const std::string& id) {
  const auto ready = get_ready(store, id);
  if (!ready) return std::unexpected(ready.error());
  return {};
}

Result<std::vector<std::string>> restore(Store& store, const std::string& id) {
  const auto ready = get_ready(store, id);
  if (!ready) return std::unexpected(ready.error());
  if (auto begun = store.journal().mark(id, Phase::kRestoring); !begun)
    return std::unexpected(begun.error());
  auto lost = put_in_place(*ready);
  if (!lost) {
    (void)store.journal().mark(id, Phase::kDone, lost.error().reason);
    return lost;
  }
  if (ready->entry.before.links > 1) lost->emplace_back("it is no longer a hard link of other files");
  std::string remark;
  for (const std::string& line : *lost) remark += (remark.empty() ? "" : "; ") + line;
  if (const auto marked = store.journal().mark(id, Phase::kRestored, remark); !marked) {
    // The content stays until the journal knows.
    lost->push_back(marked.error().message());
    return lost;
  }
  if (const auto discarded = store.discard(id); !discarded)
    lost->push_back(discarded.error().message());
  return lost;
}

}  // namespace backscan::response
