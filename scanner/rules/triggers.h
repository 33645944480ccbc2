// What decides which costly stages a file deserves (DESIGN.md, "Triggers"): a table of patterns
// over the raw bytes and the code view, and what each one speaks for. A trigger may only be too
// generous: it opens a stage, it never closes one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/view.h"
#include "rules/rule_set.h"

namespace backscan::rules {

/// What a trigger saw; several together open a stage.
enum Sign : Signs {
  kSignTag = 1u << 0,          // a PHP open tag
  kSignMail = 1u << 1,         // a mail sink
  kSignExecute = 1u << 2,      // runs code or commands
  kSignCall = 1u << 3,         // calls what a variable or an argument names
  kSignWrite = 1u << 4,        // writes files
  kSignDecode = 1u << 5,       // decodes what nobody can read
  kSignSource = 1u << 6,       // data from the request
  kSignHidden = 1u << 7,       // words that even the code view does not spell out
  kSignPacked = 1u << 8,       // packed as no honest file is
  kSignRemote = 1u << 9,       // fetches from another host
  kSignForm = 1u << 10,        // asks visitors for input, in whatever variable it arrives
  kSignEncoded = 1u << 11,     // many encoded strings
  kSignRecode = 1u << 12,      // turns text into other text, as honest code does every day
  kSignChosen = 1u << 13,      // … what is called or included is not written there
  kSignMailName = 1u << 14,    // names a mail sink in a string
  kSignNamed = 1u << 15,       // calls what some expression names
  kSignTable = 1u << 16,       // looks into a table of $GLOBALS, as packers do, and programs of old
  kSignShape = 1u << 17,       // the shape of a packer, and of much else
  kSignVarVar = 1u << 18,      // a variable that a variable names, perhaps the request
  kSignGlobalName = 1u << 19,  // a text that holds a name such as _GET, or begins one
  kSignMailWord = 1u << 20,    // a mail program or a command of SMTP, in whatever text
  kSignSend = 1u << 21,        // writes to whatever is open
  kSignExecuteName = 1u << 22,  // names in a string what runs code or commands
  kSignNeighbour = 1u << 23,    // includes a file of its own directory
};

struct TriggerPattern {
  ViewKind view = ViewKind::kCode;
  std::string_view pattern;
  Signs signs = 0;
};

[[nodiscard]] std::span<const TriggerPattern> trigger_patterns();

}  // namespace backscan::rules
