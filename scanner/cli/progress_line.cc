// Five times a second is smooth enough and costs nothing.
#include "cli/progress_line.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ostream>

#include "base/words.h"

namespace backscan::cli {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

void write_until_stopped(const scan::Progress& progress, std::ostream& err,
                         const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!never.wait_for(lock, stop, std::chrono::milliseconds{200},
                         [&] { return stop.stop_requested(); })) {
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    err << kClearLine << "backscan: " << progress_text(progress, elapsed.count()) << std::flush;
  }
}

}  // namespace

ProgressLine::ProgressLine(const scan::Progress& progress, std::ostream& err)
    : err_(err), writer_([&progress, &err](const std::stop_token& stop) {
        write_until_stopped(progress, err, stop);
      }) {}

ProgressLine::~ProgressLine() {
  writer_.request_stop();
  writer_.join();
  err_ << kClearLine << std::flush;
}

std::string progress_text(const scan::Progress& progress, double elapsed_seconds) {
  const std::uint64_t bytes = progress.bytes.load(std::memory_order_relaxed);
  const double rate = elapsed_seconds > 0 ? static_cast<double>(bytes) / elapsed_seconds : 0;
  return fmt::format("{}, {}, {}/s, {}",
                     counted(progress.files.load(std::memory_order_relaxed), "file"),
                     bytes_text(bytes), bytes_text(static_cast<std::uint64_t>(rate)),
                     counted(progress.findings.load(std::memory_order_relaxed), "finding"));
}

}  // namespace backscan::cli
