// What reading mail logs costs: megabytes a second of one core, and memory. A log of its own making,
// with the lines that a busy Exim with +arguments writes. Run by hand:
//   log_bench make LINES FILE; log_bench run FILE
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "bench/measure.h"
#include "mail/evidence.h"

namespace backscan::bench {
namespace {

std::string id_of(std::uint64_t n) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string digits;
  for (int i = 0; i < 11; ++i, n /= kDigits.size()) digits += kDigits[n % kDigits.size()];
  return "1xV" + digits.substr(0, 3) + "-0" + digits.substr(3, 5) + "-" + digits.substr(8, 2);
}

/// Five lines a message: half of them from scripts, half received.
void make(std::uint64_t lines, const std::string& file) {
  std::ofstream out(file, std::ios::binary);
  for (std::uint64_t n = 0; n * 5 < lines; ++n) {
    const std::uint64_t second = n / 20;
    const std::string stamp = fmt::format("2026-11-{:02} {:02}:{:02}:{:02} [{}] ", 1 + second / 86400 % 28,
                                          second / 3600 % 24, second / 60 % 60, second % 60,
                                          10000 + n % 50000);
    const std::string id = id_of(n * 7919);
    const std::string to = fmt::format("someone{}@customer{}.example", n % 90'000, n % 7'000);
    const bool is_script = n % 2 == 0;
    if (is_script)
      out << stamp << "cwd=/home/user" << n % 400
          << "/public_html/wp-content 3 args: /usr/sbin/sendmail -t -i\n";
    else
      out << stamp << "SMTP connection from [198.51.100." << n % 250 << "]:" << 20000 + n % 40000
          << " (TCP/IP connections: " << n % 90 << ")\n";
    out << stamp << id << " <= "
        << (is_script ? fmt::format("user{}@host.example U=user{} P=local", n % 400, n % 400)
                      : fmt::format("news{}@sender.example H=mx{}.sender.example [198.51.100.{}]:{} "
                                    "P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no",
                                    n % 9000, n % 40, n % 250, 20000 + n % 40000))
        << " S=" << 900 + n % 50'000 << " id=" << id << "@host.example T=\"Your order " << n
        << " is on its way\" from <x> for " << to << '\n';
    out << stamp << "cwd=/var/spool/exim4 3 args: /usr/sbin/exim4 -Mc " << id << '\n';
    out << stamp << id << " => " << to << " R=dnslookup T=remote_smtp H=mx.customer" << n % 7'000
        << ".example [203.0.113." << n % 250
        << "] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok: queued as " << id << "\"\n";
    out << stamp << id << " Completed\n";
  }
}

int run(const std::string& file) {
  const auto bytes = static_cast<double>(std::filesystem::file_size(file));
  std::vector<double> rates;
  Usage usage;
  for (int round = 0; round < 4; ++round) {
    usage = measure([&] {
      mail::EvidenceInput input{.mail_logs = {file}, .php_mail_logs = {"off"}, .queue = "off"};
      input.now = std::chrono::system_clock::now();
      const auto history = mail::read_history(input);
      if (!history || history->lines == 0) std::_Exit(1);
      fmt::print(stderr, "  {} lines, {} messages\n", history->lines,
                 history->store.messages().size());
    });
    if (usage.exit_status != 0) {
      fmt::print(stderr, "log_bench: {}: nothing was read (is the path absolute?)\n", file);
      return 2;
    }
    // The first round warms the page cache.
    if (round > 0) rates.push_back(bytes / 1e6 / usage.cpu_seconds);
  }
  fmt::print("{:.0f} MB: {:.0f} MB/s of one core (median of 3), {:.0f} MiB of memory\n", bytes / 1e6,
             median(rates), usage.max_rss_mib);
  return usage.exit_status;
}

}  // namespace
}  // namespace backscan::bench

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "make" && argc == 4) {
    backscan::bench::make(std::strtoull(argv[2], nullptr, 10), argv[3]);
    return 0;
  }
  if (command == "run" && argc == 3) return backscan::bench::run(argv[2]);
  fmt::print(stderr, "usage: log_bench make LINES FILE | log_bench run FILE\n");
  return 2;
}
