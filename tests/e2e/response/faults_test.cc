// kill -9 and failing disks at every system call of every action, and of the recovery after it: no
// file is lost, none half moved. BACKSCAN_FAULT_STRIDE=1 tries every combination (minutes).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>

#include "scene.h"
#include "stepper.h"

namespace backscan::test {
namespace {

using testing_support::TempTree;

/// How many of the combinations of two kills are tried: every stride-th.
std::size_t stride() {
  const char* const text = std::getenv("BACKSCAN_FAULT_STRIDE");
  const auto number = text == nullptr ? 0UL : std::strtoul(text, nullptr, 10);
  return number == 0 ? 29 : number;
}

struct Case {
  const char* name;
  std::function<void(const Scene&)> prepare;
  std::function<int(const Scene&)> work;
};

void tell(std::size_t rounds) { std::cout << rounds << " rounds\n"; }

void nothing(const Scene&) {}

const Case kCases[] = {
    {"quarantine", nothing, [](const Scene& s) { return s.quarantine(); }},
    {"clean", nothing, [](const Scene& s) { return s.clean(); }},
    {"restore of a quarantined file", [](const Scene& s) { ASSERT_EQ(s.quarantine(), 0); },
     [](const Scene& s) { return s.restore(); }},
    {"restore of a cleaned file", [](const Scene& s) { ASSERT_EQ(s.clean(), 0); },
     [](const Scene& s) { return s.restore(); }},
};

/// Kills at every stop; returns the number of rounds.
std::size_t kill_everywhere(const Scene& scene, const Case& tried, std::size_t step = 1) {
  for (std::size_t at = 0;; at += step) {
    scene.reset();
    tried.prepare(scene);
    const Stepped stepped = run_stepped([&] { return tried.work(scene); }, at, Fault::kKill);
    const std::string problem = scene.problem_after_recovery();
    EXPECT_EQ(problem, "") << tried.name << ", killed at stop " << at;
    if (!stepped.is_hit || !problem.empty()) {
      EXPECT_TRUE(stepped.is_hit || stepped.exit_code == 0) << tried.name;
      return at / step + 1;
    }
  }
}

TEST(ResponseFaults, AKillAtAnySystemCallLosesNothing) {
  const Scene scene(TempTree::fast_place());
  std::size_t rounds = 0;
  for (const Case& tried : kCases) rounds += kill_everywhere(scene, tried);
  tell(rounds);
  EXPECT_GT(rounds, 400U);
}

TEST(ResponseFaults, AKillAtAnySystemCallLosesNothingAcrossFileSystems) {
  const Scene scene(std::filesystem::temp_directory_path());
  std::size_t rounds = 0;
  // Syncing a real disk takes its time.
  for (const Case& tried : kCases) rounds += kill_everywhere(scene, tried, 1 + stride() / 8);
  tell(rounds);
}

TEST(ResponseFaults, AKillDuringTheRecoveryFromAKillLosesNothing) {
  const Scene scene(TempTree::fast_place());
  std::size_t rounds = 0;
  std::size_t turn = 0;
  for (const Case& tried : kCases) {
    bool is_first_hit = true;
    for (std::size_t at = 0; is_first_hit; ++at) {
      bool is_second_hit = true;
      for (std::size_t again = turn++ % stride(); is_second_hit; again += stride()) {
        scene.reset();
        tried.prepare(scene);
        is_first_hit = run_stepped([&] { return tried.work(scene); }, at, Fault::kKill).is_hit;
        is_second_hit = run_stepped([&] { return scene.recover(); }, again, Fault::kKill).is_hit;
        ++rounds;
        ASSERT_EQ(scene.problem_after_recovery(), "")
            << tried.name << ", killed at stop " << at << ", recovery at stop " << again;
      }
    }
  }
  tell(rounds);
  EXPECT_GT(rounds, 400U);
}

TEST(ResponseFaults, AFailingCallIsToldAndLosesNothing) {
  if (!can_inject_errors()) GTEST_SKIP() << "needs to know the machine's registers";
  const Scene scene(TempTree::fast_place());
  for (const int error : {ENOSPC, EIO}) {
    for (const Case& tried : kCases) {
      for (std::size_t at = 0;; ++at) {
        scene.reset();
        tried.prepare(scene);
        const Stepped stepped = run_stepped([&] { return tried.work(scene); }, at, Fault::kError, error);
        ASSERT_EQ(scene.problem_after_recovery(), "")
            << tried.name << ", error " << error << " at call " << at;
        if (!stepped.is_hit) break;
      }
    }
  }
}

TEST(ResponseFaults, TheProgramItselfKilledAnywhereLosesNothing) {
  const Scene scene(TempTree::fast_place());
  const auto run_program = [&] {
    const std::string bad = scene.bad();
    const std::string store = scene.store();
    ::execl(BACKSCAN_BINARY, "backscan", "quarantine", "-q", "--apply", "--quarantine-dir",
            store.c_str(), "--file", bad.c_str(), nullptr);
    return 127;
  };
  std::size_t rounds = 0;
  for (std::size_t at = 0;; at += stride()) {
    scene.reset();
    const Stepped stepped = run_stepped(run_program, at, Fault::kKill);
    ++rounds;
    ASSERT_EQ(scene.problem_after_recovery(), "") << "killed at stop " << at;
    if (!stepped.is_hit) {
      EXPECT_EQ(stepped.exit_code, 0);
      break;
    }
  }
  tell(rounds);
}

}  // namespace
}  // namespace backscan::test
