// A graph of where data may go in one file, blind to order and branches: places (variables,
// properties, results of calls) with bits that run along edges. Its own file, because it knows
// nothing of PHP: flow_suspects.cc makes the edges and asks what arrived where.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace backscan::php::flow {

/// One thing that a place may hold.
enum Taint : std::uint32_t {
  kTaintOutside = 1U << 0,     // data that a visitor, another host or whoever packed the file chose
  kTaintRequest = 1U << 1,     // … a visitor
  kTaintTelling = 1U << 2,     // … that is no number, no hash and not quoted
  kTaintUndefined = 1U << 3,   // a variable of the main program that nothing assigns
  kTaintNameless = 1U << 4,    // a value of which nothing is known, not even whose it is
  kTaintEmpty = 1U << 5,       // perhaps nothing at all
  kTaintNumber = 1U << 6,      // one that the file spells out
  kTaintText = 1U << 7,        // text that the file spells out, or the file's own path
  kTaintComposed = 1U << 8,    // text put together out of such texts
  kTaintHidden = 1U << 9,      // text that no literal shows: decoded, made of letters
  kTaintLetters = 1U << 10,    // … not even packed in a literal: made of letters or bits
  kTaintRemote = 1U << 11,     // text that begins as the address of another host does
  kTaintCode = 1U << 12,       // … that holds PHP code
  kTaintFunction = 1U << 13,   // … that names a function that matters, or the request
  kTaintMailer = 1U << 14,     // … a class or method of a mail library
  kTaintMailWord = 1U << 15,   // … a mail program
  kTaintRecipient = 1U << 16,  // … the command of SMTP that names a recipient
  kTaintEvalFlag = 1U << 17,   // … the end of a pattern with the flag /e
  kTaintFile = 1U << 18,       // a handle of a file
  kTaintOwn = 1U << 19,        // an object of a class of the file
};
inline constexpr std::uint32_t kTaintForeign = kTaintOutside | kTaintTelling;
inline constexpr std::uint32_t kTaintSpelled =
    kTaintText | kTaintComposed | kTaintFunction | kTaintMailer;

/// Everything but texts that name nothing.
inline constexpr std::uint32_t kTaintNamed =
    ~std::uint32_t{kTaintText | kTaintComposed | kTaintNumber};

using Place = std::uint32_t;
inline constexpr Place kNowhere = 0;

/// What of a place's bits an edge hands on.
enum class Carries : std::uint8_t {
  kAll,        // an assignment
  kItem,       // … to an element with a name: whoever reads another name does not get it
  kUnnamed,    // … to an element of a name that nobody knows
  kRest,       // what a named element may be besides what was assigned to that name
  kElements,   // what any element may be
  kParts,      // a concatenation: what a part holds, the whole holds
  kData,       // functions nobody knows
  kSafe,       // arithmetic, hashes and what quotes
  kOtherText,  // functions that make other text of a text
  kContents,   // what stands behind a path
  kDecoded,    // text that was packed in a literal
  kMade,       // text made of letters or bits
};

class TaintGraph {
 public:
  TaintGraph() { (void)make(0); }  // kNowhere

  /// Room for so many places.
  void expect(std::size_t places) {
    bits_.reserve(places);
    edges_.reserve(places + places / 2);
  }
  [[nodiscard]] Place make(std::uint32_t bits) {
    bits_.push_back(itself(bits));
    return static_cast<Place>(bits_.size() - 1);
  }
  void mark(Place place, std::uint32_t bits) {
    if (place != kNowhere) bits_[place] |= itself(bits);
  }
  void connect(Place from, Place to, Carries carries = Carries::kAll) {
    if (to == kNowhere || from == to) return;
    if (from == kNowhere)
      bits_[to] |= itself(kTaintNameless);
    else
      edges_.push_back({from, to, carries});
  }
  /// The whole is a composed text where every part may be text or nothing.
  void compose(std::span<const Place> parts, Place whole);
  /// Texts combined bit by bit: data of whoever packed it, where all may be texts.
  void combine(std::span<const Place> parts, Place whole);
  /// As an edge of kData, but `name` decides, once data arrives, whether it is there at all.
  void ask(Place from, Place to, std::uint32_t name) {
    questions_.push_back({from, to, name, kNowhere, 0});
  }
  /// An edge that is there if `when` has any of `bits`; only what `kept` says goes along.
  void connect_if(Place when, std::uint32_t bits, Place from, Place to,
                  std::uint32_t kept = kTaintNamed) {
    if (from != kNowhere && when != kNowhere) questions_.push_back({from, to, bits, when, kept});
  }

  /// Lets the bits run. `passes(name)` answers the questions.
  template <typename Passes>
  void spread(const Passes& passes) {
    arrange();
    run();
    for (bool is_changed = true; is_changed;) {
      is_changed = close_compositions();
      for (Question& question : questions_) {
        constexpr std::uint32_t kAsked = kTaintForeign | kTaintRequest | kTaintUndefined;
        const bool is_named = question.when == kNowhere;
        const Bits bits = itself(bits_[question.from] & (is_named ? kAsked : question.kept));
        if ((bits & ~bits_[question.to]) == 0) continue;
        if (!is_named) {
          if ((bits_[question.when] & question.name) == 0) continue;
        } else if (!passes(question.name)) {
          question.from = kNowhere;
          continue;
        }
        add(question.to, bits);
        is_changed = true;
      }
      if (is_changed) run();
    }
  }
  [[nodiscard]] std::uint32_t bits(Place place) const {
    return static_cast<std::uint32_t>(bits_[place]);
  }

 private:
  struct Edge {
    Place from;
    Place to;
    Carries carries;
  };
  struct Question {
    Place from;
    Place to;
    std::uint32_t name;  // or the bits that `when` needs
    Place when;
    std::uint32_t kept;
  };
  struct Composition {
    std::uint32_t first;
    std::uint32_t count;
    Place whole;
    bool is_bits;
  };

  // What a place may hold in any way, and of it what it may be itself, and what stands in elements
  // of a name that nobody knows, at whatever depth.
  using Bits = std::uint64_t;
  static constexpr unsigned kOwnShift = 21;
  static constexpr unsigned kRestShift = 42;
  static constexpr Bits kMask = (1U << kOwnShift) - 1;
  static constexpr Bits itself(Bits bits) { return (bits & kMask) | (bits & kMask) << kOwnShift; }
  [[nodiscard]] static Bits carried(Bits bits, Carries carries);

  void add(Place place, Bits bits) {
    bits_[place] |= bits;
    waiting_.push_back(place);
  }
  /// Sorts the edges by where they begin.
  void arrange();
  void hand_on(Place from, Place known);
  void run();
  [[nodiscard]] bool close_compositions();

  std::vector<Bits> bits_;
  std::vector<Edge> edges_;
  std::vector<Question> questions_;
  std::vector<Composition> compositions_;
  std::vector<Place> parts_;
  std::vector<std::uint32_t> first_edge_;
  std::vector<std::uint32_t> sorted_edges_;  // the place, and what is carried
  std::vector<Place> waiting_;
};

}  // namespace backscan::php::flow
