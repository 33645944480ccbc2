// Decides by contents, not by inode numbers: those may have changed since, as after a restore of the
// whole file system.
#include "response/recover.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "response/staging.h"

namespace backscan::response {
namespace {

/// What a name means, compared with what the journal knows.
enum class Content : std::uint8_t { kNothing, kOld, kNew, kOther };

Result<Content> content_at(int directory, const std::string& name, const Entry& entry) {
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Content::kNothing;
    return system_error(entry.target.path(), errno);
  }
  if (!S_ISREG(status.st_mode)) return Content::kOther;
  const auto fd = open_regular(directory, name, entry.target.path());
  if (!fd) return Content::kOther;
  const auto state = read_state(fd->get(), entry.target.path());
  if (!state) return std::unexpected(state.error());
  if (state->sha256 == entry.before.sha256) return Content::kOld;
  if (!entry.new_sha256.empty() && state->sha256 == entry.new_sha256) return Content::kNew;
  return Content::kOther;
}

class Recovery {
 public:
  Recovery(Store& store, Entry entry) : store_(store), entry_(std::move(entry)) {}

  Result<std::string> run() {
    if (!has_root()) return std::unexpected(Error{entry_.target.path(), "its root is not there"});
    if (auto place = open_place(entry_.target)) {
      place_ = *std::move(place);
      if (auto looked = look(); !looked) return std::unexpected(looked.error());
    }
    return entry_.phase == Phase::kRestoring             ? settle_restore()
           : entry_.action == Action::kQuarantine ? settle_quarantine()
                                                         : settle_clean();
  }

 private:
  /// A root that is not mounted says nothing about its files.
  [[nodiscard]] bool has_root() const {
    struct stat status {};
    return ::stat(entry_.target.root.c_str(), &status) == 0;
  }
  Result<void> look() {
    const auto at_name = content_at(directory(), place_.name, entry_);
    if (!at_name) return std::unexpected(at_name.error());
    name_ = *at_name;
    const auto at_staging = content_at(directory(), staging(), entry_);
    if (!at_staging) return std::unexpected(at_staging.error());
    staging_ = *at_staging;
    return {};
  }
  [[nodiscard]] int directory() const { return place_.directory.get(); }
  [[nodiscard]] std::string staging() const { return staging_name(entry_.id); }
  [[nodiscard]] bool has_item() const {
    return store_.item(entry_.id, entry_.before.sha256).has_value();
  }
  /// A copy that was cut off, where the file system made us give it a name at once.
  [[nodiscard]] bool is_beginning_of_item() const {
    const auto item = store_.item(entry_.id, entry_.before.sha256);
    const auto part = open_regular(directory(), staging(), entry_.target.path());
    return item && part && is_beginning(part->get(), item->get());
  }
  Result<void> remove_staging() {
    std::vector<std::string> known = {entry_.before.sha256};
    if (!entry_.new_sha256.empty()) known.push_back(entry_.new_sha256);
    return remove_known(directory(), staging(), known, entry_.target.path());
  }

  Result<std::string> mark(Phase phase, const std::string& what) {
    if (directory() >= 0) sync_directory(directory());
    if (auto marked = store_.journal().mark(entry_.id, phase, what); !marked)
      return std::unexpected(marked.error());
    return what;
  }
  Result<std::string> undo(const std::string& what) {
    if (name_ == Content::kOld && entry_.before.flags != 0)
      if (const auto fd = open_regular(directory(), place_.name, entry_.target.path()))
        (void)set_flags(fd->get(), entry_.before.flags, entry_.target.path());
    if (auto discarded = store_.discard(entry_.id); !discarded)
      return std::unexpected(discarded.error());
    return mark(Phase::kUndone, what);
  }

  Result<std::string> settle_quarantine() {
    if (!has_item()) {
      // Taken away only after the item was whole: what bears the staging name is not known to us.
      if (staging_ != Content::kNothing)
        if (auto back = put_back(directory(), staging(), place_.name, entry_.target.path()); !back)
          return std::unexpected(back.error());
      return undo("quarantine had only begun; undone");
    }
    if (staging_ == Content::kOld) {
      if (auto removed = remove_staging(); !removed) return std::unexpected(removed.error());
      return mark(Phase::kDone, "quarantine was half done; finished");
    }
    if (staging_ != Content::kNothing) {
      if (auto back = put_back(directory(), staging(), place_.name, entry_.target.path()); !back)
        return std::unexpected(
            Error{back.error().object, back.error().reason + "; see " + staging() + " beside it"});
      return undo("was replaced while it was taken; put back");
    }
    if (name_ == Content::kOld) return undo("quarantine had only begun; undone");
    if (name_ == Content::kNothing) return mark(Phase::kDone, "quarantine was done; said so now");
    return mark(Phase::kDone, "quarantined; something else stands in its place now");
  }

  Result<std::string> settle_clean() {
    if (name_ == Content::kOld) {
      if (staging_ == Content::kOther)
        return undo("cleaning had only begun; undone, but for " + staging() + " beside it");
      if (staging_ != Content::kNothing)
        if (auto removed = remove_staging(); !removed) return std::unexpected(removed.error());
      return undo("cleaning had only begun; undone");
    }
    if (staging_ == Content::kOther && name_ == Content::kNew) {
      if (auto back = swap_names(directory(), staging(), place_.name, entry_.target.path()); !back)
        return std::unexpected(back.error());
      if (auto removed = remove_staging(); !removed) return std::unexpected(removed.error());
      return undo("was replaced while it was cleaned; put back");
    }
    if (staging_ != Content::kNothing && has_item())
      if (auto removed = remove_staging(); !removed) return std::unexpected(removed.error());
    if (!has_item()) return undo("changed before it was cleaned; left alone");
    if (name_ == Content::kNew) {
      set_flags_again();
      return mark(Phase::kDone, "cleaning was half done; finished");
    }
    return mark(Phase::kDone, "was changed after cleaning; the old content is kept");
  }

  Result<std::string> settle_restore() {
    const bool is_back = name_ == Content::kOld;
    if (staging_ == Content::kOther && entry_.action == Action::kClean && is_back) {
      if (auto back = swap_names(directory(), staging(), place_.name, entry_.target.path()); !back)
        return std::unexpected(back.error());
      if (auto removed = remove_staging(); !removed) return std::unexpected(removed.error());
      return mark(Phase::kDone, "was changed while it was restored; left as it is");
    }
    if (staging_ == Content::kOther && !is_beginning_of_item())
      return std::unexpected(Error{{}, "see " + staging() + " beside it"});
    if (staging_ != Content::kNothing && ::unlinkat(directory(), staging().c_str(), 0) != 0)
      return system_error(entry_.target.path(), errno);
    if (!is_back) return mark(Phase::kDone, "restore had only begun; undone");
    set_flags_again();
    auto marked = mark(Phase::kRestored, "restore was half done; finished");
    if (marked) (void)store_.discard(entry_.id);
    return marked;
  }

  void set_flags_again() {
    if (entry_.before.flags == 0) return;
    if (const auto fd = open_regular(directory(), place_.name, entry_.target.path()))
      (void)set_flags(fd->get(), entry_.before.flags, entry_.target.path());
  }

  Store& store_;
  Entry entry_;
  Place place_;
  Content name_ = Content::kNothing;
  Content staging_ = Content::kNothing;
};

bool is_unsettled(const Entry& entry) {
  return entry.phase == Phase::kBegun || entry.phase == Phase::kRestoring;
}

}  // namespace

std::vector<Recovered> recover(Store& store) {
  std::vector<Recovered> all;
  const std::vector<Entry> entries = store.journal().entries();
  for (const Entry& entry : entries) {
    // A restore that was killed between its last line and this.
    if (entry.phase == Phase::kRestored || entry.phase == Phase::kUndone) {
      (void)store.discard(entry.id);
      continue;
    }
    if (!is_unsettled(entry)) continue;
    const auto what = Recovery(store, entry).run();
    all.push_back({entry.target.path(), what ? *what : what.error().reason, what.has_value()});
  }
  return all;
}

std::size_t count_unsettled(const Journal& journal) {
  return static_cast<std::size_t>(std::ranges::count_if(journal.entries(), is_unsettled));
}

}  // namespace backscan::response
