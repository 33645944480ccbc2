// The content is copied, never moved: a process that holds the file open, or another hard link to it,
// can then neither change what is in the store nor have its mode changed under it.
#include "response/act.h"

#include <unistd.h>

#include <cerrno>

#include "response/content_digest.h"
#include "response/staging.h"

namespace backscan::response {
namespace {

/// An action under way: journalled, its file's content in the store.
struct Begun {
  Entry entry;
  Place place;
  UniqueFd file;
  std::string label;

  [[nodiscard]] int directory() const { return place.directory.get(); }
  [[nodiscard]] std::string staging() const { return staging_name(entry.id); }
};

/// Nothing of the action is to be seen any more. If that cannot be said in the journal, the next call
/// finds out by itself.
std::unexpected<Error> give_up(Store& store, const Begun& begun, Error error) {
  if (begun.entry.before.flags != 0)
    (void)set_flags(begun.file.get(), begun.entry.before.flags, begun.label);
  if (store.discard(begun.entry.id))
    (void)store.journal().mark(begun.entry.id, Phase::kUndone, error.reason);
  return std::unexpected(std::move(error));
}

Result<Begun> begin(Store& store, const Request& request, Action action, std::string new_sha256) {
  Begun begun;
  begun.label = request.target.path();
  auto place = open_place(request.target);
  if (!place) return std::unexpected(place.error());
  begun.place = *std::move(place);
  auto file = open_regular(begun.directory(), begun.place.name, begun.label);
  if (!file) return std::unexpected(file.error());
  begun.file = *std::move(file);
  auto state = read_state(begun.file.get(), begun.label);
  if (!state) return std::unexpected(state.error());
  if (!request.sha256.empty() && state->sha256 != request.sha256)
    return std::unexpected(Error{begun.label, "has changed since the scan; scan again"});
  if (state->flags != 0 && state->links > 1)
    return std::unexpected(Error{begun.label, "is immutable and has other hard links"});
  auto id = make_id(request.now);
  if (!id) return std::unexpected(id.error());
  begun.entry = {.id = *std::move(id),
                 .action = action,
                 .target = request.target,
                 .time = request.now,
                 .before = *std::move(state),
                 .new_sha256 = std::move(new_sha256),
                 .finding = request.finding};
  if (auto written = store.journal().begin(begun.entry); !written)
    return std::unexpected(written.error());
  if (auto kept = store.keep(begun.entry.id, begun.file.get(), begun.entry.before.sha256, begun.label);
      !kept)
    return give_up(store, begun, kept.error());
  if (begun.entry.before.flags != 0)
    if (auto cleared = set_flags(begun.file.get(), 0, begun.label); !cleared)
      return give_up(store, begun, {begun.label, "is immutable, and chattr -ia fails: " +
                                                     cleared.error().reason});
  return begun;
}

/// What now has the staging name must be the very file whose content is in the store.
Result<void> check_taken(const Begun& begun) {
  const Error changed{begun.label, "was changed or replaced meanwhile"};
  const auto fd = open_regular(begun.directory(), begun.staging(), begun.label);
  if (!fd) return std::unexpected(changed);
  const auto state = read_state(fd->get(), begun.label);
  if (!state) return std::unexpected(state.error());
  if (!begun.entry.before.is_same_file(*state)) return std::unexpected(changed);
  return {};
}

Outcome finish(Store& store, const Begun& begun, std::vector<std::string> remarks) {
  sync_directory(begun.directory());
  if (const auto marked = store.journal().mark(begun.entry.id, Phase::kDone); !marked)
    remarks.push_back(marked.error().message() + " (done, and the next call will say so there)");
  if (begun.entry.before.links > 1)
    remarks.push_back("the same file has other names: " +
                      std::to_string(begun.entry.before.links - 1) + " more hard links");
  return {begun.entry.id, std::move(remarks)};
}

/// An old file with a new one beside it, until they are exchanged.
Result<std::vector<std::string>> put_new_file_beside(const Begun& begun, std::string_view content,
                                                     UniqueFd& kept) {
  auto file = NewFile::create(begun.directory(), begun.staging(), begun.label);
  if (!file) return std::unexpected(file.error());
  if (auto written = write_all(file->fd(), content, begun.label); !written)
    return std::unexpected(written.error());
  auto lost = apply_owner_and_mode(file->fd(), begun.entry.before, begun.label);
  if (!lost) return lost;
  if (::fsync(file->fd()) != 0) return system_error(begun.label, errno);
  kept.reset(::dup(file->fd()));
  if (auto linked = file->link_as(begun.staging(), begun.label); !linked)
    return std::unexpected(linked.error());
  return lost;
}

}  // namespace

Result<Outcome> quarantine(Store& store, const Request& request) {
  const auto begun = begin(store, request, Action::kQuarantine, {});
  if (!begun) return std::unexpected(begun.error());
  const int directory = begun->directory();
  const std::string staging = begun->staging();
  if (auto taken = take_away(directory, begun->place.name, staging, begun->label); !taken)
    return give_up(store, *begun, taken.error());
  auto removed = check_taken(*begun);
  if (removed && ::unlinkat(directory, staging.c_str(), 0) != 0)
    removed = system_error(begun->label, errno);
  if (!removed) {
    if (const auto back = put_back(directory, staging, begun->place.name, begun->label); !back)
      removed.error().reason += "; it is now called " + staging + " in the same directory";
    return give_up(store, *begun, removed.error());
  }
  return finish(store, *begun, {});
}

Result<Outcome> replace(Store& store, const Request& request, std::string_view content) {
  const std::string new_sha256 = sha256_of(content);
  const auto begun = begin(store, request, Action::kClean, new_sha256);
  if (!begun) return std::unexpected(begun.error());
  const int directory = begun->directory();
  const std::string staging = begun->staging();
  UniqueFd new_file;
  auto lost = put_new_file_beside(*begun, content, new_file);
  if (!lost) return give_up(store, *begun, lost.error());
  if (auto swapped = swap_names(directory, staging, begun->place.name, begun->label); !swapped) {
    (void)remove_known(directory, staging, {new_sha256}, begun->label);
    return give_up(store, *begun, swapped.error());
  }
  auto removed = check_taken(*begun);
  if (removed && ::unlinkat(directory, staging.c_str(), 0) != 0)
    removed = system_error(begun->label, errno);
  if (!removed) {
    auto back = swap_names(directory, staging, begun->place.name, begun->label);
    if (back) back = remove_known(directory, staging, {new_sha256}, begun->label);
    if (!back) removed.error().reason += "; see " + staging + " in the same directory";
    return give_up(store, *begun, removed.error());
  }
  if (begun->entry.before.flags != 0)
    if (const auto set = set_flags(new_file.get(), begun->entry.before.flags, begun->label); !set)
      lost->push_back("chattr: " + set.error().reason);
  return finish(store, *begun, *std::move(lost));
}

}  // namespace backscan::response
