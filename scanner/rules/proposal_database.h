// Hyperscan (libhs) behind RAII: a block-mode database over many expressions, and the scratch of a
// thread. Its fork Vectorscan has the same interface, but its versions up to 5.4.12 miss matches.
#pragma once

#include <hs.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::rules {

struct Expression {
  std::string text;
  std::uint32_t id = 0;
};

/// True for the versions of Vectorscan whose accelerated automata miss matches: on x86 with AVX-512
/// 5.4.9 does not find `[^)]*\)` in some texts (also issues 317 and 382 of VectorCamp/vectorscan).
/// Its literal matchers are sound.
[[nodiscard]] bool library_misses_matches();

/// Version of the library and features of the processor: a serialized database fits no other.
[[nodiscard]] std::string library_identity();

class ProposalDatabase {
 public:
  ProposalDatabase() = default;  // matches nothing

  /// Compiles `expressions` so that each is proposed at most once a scan, possibly without reason,
  /// never missed. Ids of those that Hyperscan refuses are appended to `rejected`.
  [[nodiscard]] static Result<ProposalDatabase> compile(std::vector<Expression> expressions,
                                                        std::vector<std::uint32_t>& rejected);

  /// The inverse of `serialize`; an error for what was made by another version or for another CPU.
  [[nodiscard]] static Result<ProposalDatabase> deserialize(std::string_view bytes);
  [[nodiscard]] Result<std::string> serialize() const;

  [[nodiscard]] bool empty() const { return database_ == nullptr; }
  [[nodiscard]] const hs_database_t* get() const { return database_.get(); }

  /// Calls `propose(id)` for every expression that may match in `bytes`.
  template <typename Propose>
  void scan(std::string_view bytes, hs_scratch_t* scratch, Propose&& propose) const {
    if (empty() || bytes.empty()) return;
    // A failure can only be a bug (bad arguments, scratch in use): reported as such once a file.
    check(hs_scan(
        get(), bytes.data(), static_cast<unsigned>(bytes.size()), 0, scratch,
        [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
          (*static_cast<std::remove_reference_t<Propose>*>(context))(id);
          return 0;
        },
        &propose));
  }

 private:
  static void check(hs_error_t code);

  struct Free {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
  };
  std::unique_ptr<hs_database_t, Free> database_;
};

/// Working memory of one thread, large enough for every database it was made for.
class Scratch {
 public:
  explicit Scratch(std::span<const ProposalDatabase* const> databases);
  [[nodiscard]] hs_scratch_t* get() const { return scratch_.get(); }

 private:
  struct Free {
    void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
  };
  std::unique_ptr<hs_scratch_t, Free> scratch_;
};

}  // namespace backscan::rules
