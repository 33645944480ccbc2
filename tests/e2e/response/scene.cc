// Owner, mode, times and an attribute of the bad file are odd on purpose.
#include "scene.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "response/recover.h"
#include "response/restore.h"

namespace backscan::test {
namespace {

namespace fs = std::filesystem;

constexpr timespec kTimes[2] = {{1'500'000'000, 123'456'789}, {1'400'000'000, 987'654'321}};
constexpr mode_t kMode = 0604;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string last_id(response::Store& store) {
  const auto& entries = store.journal().entries();
  return entries.empty() ? std::string() : entries.back().id;
}

}  // namespace

Scene::Scene(const fs::path& store_place)
    : site_tree_(testing_support::TempTree::fast_place()), store_tree_(store_place) {
  reset();
}

response::Request Scene::request() const {
  return {.target = {site(), "up/bad.php"},
          .finding = R"({"rule":"mailer/made"})",
          .now = Time{std::chrono::seconds{1'700'000'000}}};
}

void Scene::reset() const {
  fs::remove_all(store());
  fs::remove_all(site());
  site_tree_.file("site/up/bad.php", kBad);
  site_tree_.file("site/up/good.php", "<?php echo 1;\n");
  ::setxattr(bad().c_str(), "user.made", "value", 5, 0);
  ::chmod(bad().c_str(), kMode);
  ::utimensat(AT_FDCWD, bad().c_str(), kTimes, 0);
}

int Scene::quarantine() const {
  auto opened = response::Store::open(store());
  return opened && response::quarantine(*opened, request()) ? 0 : 1;
}

int Scene::clean() const {
  auto opened = response::Store::open(store());
  return opened && response::replace(*opened, request(), kCleaned) ? 0 : 1;
}

int Scene::restore() const {
  auto opened = response::Store::open(store());
  return opened && response::restore(*opened, last_id(*opened)) ? 0 : 1;
}

int Scene::recover() const {
  auto opened = response::Store::open(store());
  if (!opened) return 1;
  (void)response::recover(*opened);
  return 0;
}

std::string Scene::problem_of_bad_file(bool is_here, std::string_view content) const {
  struct stat status {};
  if (::lstat(bad().c_str(), &status) != 0) return is_here ? "the file is gone" : "";
  if (!is_here) return "the file is still there";
  if (read(bad()) != content) return "the file has another content";
  if ((status.st_mode & 07777) != kMode) return "the file has another mode";
  if (content != kBad) return "";
  if (status.st_mtim.tv_sec != kTimes[1].tv_sec || status.st_mtim.tv_nsec != kTimes[1].tv_nsec)
    return "the file has another time";
  char value[16] = {};
  if (::getxattr(bad().c_str(), "user.made", value, sizeof value) != 5 && errno != ENOTSUP)
    return "the file lost its attribute";
  return "";
}

std::string Scene::problem_of_others() const {
  if (read(site() + "/up/good.php") != "<?php echo 1;\n") return "the neighbour was touched";
  for (const auto& entry : fs::directory_iterator(site() + "/up"))
    if (entry.path().filename() != "bad.php" && entry.path().filename() != "good.php")
      return "left behind: " + entry.path().filename().string();
  return "";
}

std::string Scene::problem_after_recovery() const {
  auto opened = response::Store::open(store());
  if (!opened) return "the store cannot be opened: " + opened.error().message();
  for (const auto& recovered : response::recover(*opened))
    if (!recovered.is_settled) return "not settled: " + recovered.what;
  if (response::count_unsettled(opened->journal()) != 0) return "something is still unsettled";
  if (auto problem = problem_of_others(); !problem.empty()) return problem;
  std::size_t items = 0;
  for (const auto& entry : fs::directory_iterator(store() + "/items")) {
    ++items;
    if (entry.path().extension() == ".part") return "a half-made copy stayed";
  }
  const std::string id = last_id(*opened);
  const response::Entry* const entry = opened->journal().find(id);
  const bool is_away = entry != nullptr && entry->phase == response::Phase::kDone;
  if (items != (is_away ? 1U : 0U)) return "the store holds " + std::to_string(items) + " items";
  if (!is_away) return problem_of_bad_file(true, kBad);
  const bool is_cleaned = entry->action == response::Action::kClean;
  if (auto problem = problem_of_bad_file(is_cleaned, kCleaned); !problem.empty()) return problem;
  const auto lost = response::restore(*opened, id);
  if (!lost) return "cannot be restored: " + lost.error().message();
  if (!lost->empty()) return "restored, but: " + lost->front();
  if (auto problem = problem_of_others(); !problem.empty()) return problem;
  return problem_of_bad_file(true, kBad);
}

}  // namespace backscan::test
