// Where data leaves for the outside or runs: mail, processes, code, files. Each sink opens a visit
// of the report and says which argument plays which role.
#pragma once

#include <string>
#include <string_view>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

/// Origins of data that a visitor, or whoever packed the file, chose.
constexpr std::uint16_t kFromOutside = kRequest | kHeader | kRemote | kDecoded | kUpload;

/// Functions. Sets `result` and returns true where nothing else need be done about the call.
[[nodiscard]] bool sink_call(Interpreter& in, const Call& call, Value* result);
/// Methods of mail libraries, known by the object's class or by a telling name.
[[nodiscard]] bool sink_method(Interpreter& in, const Call& call, const Value& object,
                               Value* result);
[[nodiscard]] bool sink_static(Interpreter& in, const Call& call, std::string_view class_name,
                               Value* result);
/// `new` of a mail class.
void sink_construct(Interpreter& in, Object& object, const Call& call);
/// $mail->Subject = …; true where the property plays a role.
[[nodiscard]] bool sink_property(Interpreter& in, Object& object, std::string_view name,
                                 const Value& value);
[[nodiscard]] bool is_mail_class(std::string_view class_key);
/// True where a call of `method`, or of any method of a variable or property called so, may make
/// that a message.
[[nodiscard]] bool makes_mailer(std::string_view method);
[[nodiscard]] bool is_mail_name(std::string_view name);

/// sinks_mail.cc: mail() and functions like it.
[[nodiscard]] bool sink_mail_function(Interpreter& in, const Call& call);
/// Reads From:, Cc:, Subject: … off header lines and adds the roles they play; `is_message` where
/// a body may follow the headers.
void add_header_roles(Interpreter& in, VisitId id, const Value& headers, bool is_message);

/// sinks_transport.cc: SMTP over sockets, sendmail as a process, curl.
[[nodiscard]] bool sink_transport(Interpreter& in, const Call& call, Value* result);
/// A command line; tells mail programs from others. The result is what the command printed.
Value sink_command(Interpreter& in, const Node* node, std::string_view sink, const Value& command);
/// Text written to a handle or a socket object.
void sink_write(Interpreter& in, const Node* node, const Value& handle, const Value& text);

/// sinks_exec.cc: code, callbacks, includes.
Value sink_code(Interpreter& in, const Node* node, std::string_view sink, const Value& code);
Value sink_callback(Interpreter& in, const Node* node, const Value& callee,
                    std::span<const Value> args);
void sink_include(Interpreter& in, const Node* node, const Value& path);
[[nodiscard]] bool sink_exec_function(Interpreter& in, const Call& call, Value* result);
[[nodiscard]] bool has_eval_flag(std::string_view pattern);

/// sinks_files.cc: files written.
[[nodiscard]] bool sink_file_function(Interpreter& in, const Call& call, Value* result);
void sink_file_write(Interpreter& in, const Node* node, std::string_view sink, const Value& path,
                     const Value& content);

/// Output that sends the browser elsewhere: sinks on the way here were followed by a redirect.
void note_redirect(Interpreter& in, std::string_view output);

/// True for the placeholders of mass mailers: [-email-], %NAME%, {random}.
[[nodiscard]] bool is_macro(std::string_view text);

}  // namespace backscan::php::flow
