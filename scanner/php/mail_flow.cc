// The door to the flow analysis: one interpreter a file, then its report.
#include "php/mail_flow.h"

#include "php/flow_interpreter.h"
#include "php/sinks_foreign.h"

namespace backscan::php {

std::vector<Fact> mail_flow(std::string_view source, const SyntaxTree& tree,
                            const FlowLimits& limits, const IncludeReader& reader) {
  flow::Interpreter interpreter(source, limits, reader);
  interpreter.run(tree);
  if (interpreter.report.has_visits_besides_mail() &&
      flow::needs_application(interpreter.program, tree.root())) {
    interpreter.report.add_file_fact("flow.needs-application", {});
  }
  return interpreter.report.facts(source, limits.max_trace);
}

}  // namespace backscan::php
