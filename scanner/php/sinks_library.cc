// Mail libraries: PHPMailer, Swift, Symfony, Zend/Laminas, PEAR, CodeIgniter and classes of the
// same make. A message is an object that gathers roles until something sends it.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "php/name_filter.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

struct Setter {
  std::string_view name;  // of a method or property, lower case
  Role role;
  bool is_telling;  // its name alone says that the object is a mailer
};

constexpr std::array kSetters = {
    Setter{"addaddress", Role::kRecipient, true},
    Setter{"addbcc", Role::kRecipient, true},
    Setter{"addcc", Role::kRecipient, true},
    Setter{"addrecipient", Role::kRecipient, true},
    Setter{"addto", Role::kRecipient, false},
    Setter{"setto", Role::kRecipient, false},
    Setter{"to", Role::kRecipient, false},
    Setter{"cc", Role::kRecipient, false},
    Setter{"bcc", Role::kRecipient, false},
    Setter{"setcc", Role::kRecipient, false},
    Setter{"setbcc", Role::kRecipient, false},
    Setter{"setfrom", Role::kSender, false},
    Setter{"from", Role::kSender, false},
    Setter{"fromname", Role::kSender, false},
    Setter{"addfrom", Role::kSender, false},
    Setter{"setsender", Role::kSender, false},
    Setter{"sender", Role::kSender, false},
    Setter{"returnpath", Role::kSender, false},
    Setter{"setreturnpath", Role::kSender, false},
    Setter{"subject", Role::kSubject, false},
    Setter{"setsubject", Role::kSubject, false},
    Setter{"body", Role::kBody, false},
    Setter{"altbody", Role::kBody, false},
    Setter{"setbody", Role::kBody, false},
    Setter{"addpart", Role::kBody, false},
    Setter{"text", Role::kBody, false},
    Setter{"html", Role::kBody, false},
    Setter{"message", Role::kBody, false},
    Setter{"msghtml", Role::kBody, true},
    Setter{"settext", Role::kBody, false},
    Setter{"sethtml", Role::kBody, false},
    Setter{"sethtmlbody", Role::kBody, false},
    Setter{"settxtbody", Role::kBody, false},
    Setter{"setbodytext", Role::kBody, false},
    Setter{"setbodyhtml", Role::kBody, false},
    Setter{"setmessage", Role::kBody, false},
    Setter{"addcustomheader", Role::kHeaders, false},
    Setter{"addtextheader", Role::kHeaders, false},
    Setter{"addheader", Role::kHeaders, false},
    Setter{"host", Role::kServer, false},
};

// One cell of the message for each role.
constexpr std::array<std::string_view, 7> kRoleCells = {
    " recipient", " sender", " subject", " headers", " body", " parameters", " server"};

const Setter* find_setter(std::string_view lower_name) {
  static constexpr NameFilter kFilter = [] {
    NameFilter all;
    for (const Setter& setter : kSetters) all.add(setter.name);
    return all;
  }();
  if (!kFilter.may_hold(lower_name)) return nullptr;
  static const std::unordered_map<std::string_view, const Setter*> setters = [] {
    std::unordered_map<std::string_view, const Setter*> all;
    for (const Setter& setter : kSetters) all.emplace(setter.name, &setter);
    return all;
  }();
  const auto it = setters.find(lower_name);
  return it == setters.end() ? nullptr : it->second;
}

bool is_send(std::string_view name) {
  return name == "send" || name == "sendmail" || name == "batchsend" || name == "smtpsend" ||
         name == "dosend" || name == "sendmessage";
}

void gather(Interpreter& in, Object& message, Role role, const Value& value) {
  const Cell cell = in.property_cell(message, kRoleCells[static_cast<std::size_t>(role)]);
  const Value before = in.state.get(cell);
  const Value plain = in.values.flat(value);
  // A subject or body is replaced, recipients add up.
  const bool adds = role == Role::kRecipient || role == Role::kSender || role == Role::kHeaders;
  in.state.set(cell, adds ? in.values.merge(before, plain) : plain);
}

void send(Interpreter& in, const Call& call, Object& message, std::string_view sink) {
  const VisitId id = in.visit(call.node, SinkKind::kLibrary, sink);
  if (message.info != nullptr) in.report.at(id).circumstances |= kInOwnClass;
  for (std::size_t i = 0; i < kRoleCells.size(); ++i) {
    if (!message.properties.contains(kRoleCells[i])) continue;
    const Value value = in.state.get(in.property_cell(message, kRoleCells[i]));
    in.add_role(id, static_cast<Role>(i), value);
  }
}

std::string sink_name(const Object& object, std::string_view method) {
  const std::string name = object.class_name.empty() ? "mailer" : object.class_name;
  return name + "::" + std::string(method) + "()";
}

// Turns what stands left of -> into a message object, so that later calls find it.
Object* become_mailer(Interpreter& in, const Node* receiver) {
  if (receiver == nullptr ||
      !(receiver->is(NodeKind::Variable) || receiver->is(NodeKind::Prop) ||
        receiver->is(NodeKind::StaticProp))) {
    return nullptr;
  }
  Object* object = in.object_at(receiver, ObjectKind::kMailer, "mailer");
  in.assign(receiver, in.object_value(object));
  return object;
}

void add_address_array(Interpreter& in, Object& message, Role role, const Value& value) {
  Value plain = in.values.flat(value);
  if (value.array != nullptr) {  // Swift: ['address' => 'name']
    for (const Entry& entry : value.array->entries) {
      if (entry.key.find('@') != std::string_view::npos) {
        plain = in.values.merge(plain, in.values.text(entry.key));
      }
    }
  }
  gather(in, message, role, plain);
}

void set_role(Interpreter& in, Object& message, const Setter& setter, const Call& call) {
  if (setter.role == Role::kHeaders) {
    Value line = call.arg(0);
    if (call.args.size() > 1) {
      line = in.values.concat(in.values.concat(line, in.values.text(": ")), call.arg(1));
    }
    gather(in, message, setter.role, line);
    return;
  }
  const bool takes_name = setter.role == Role::kSender && call.args.size() > 1;
  add_address_array(in, message, setter.role, call.arg(0));
  if (takes_name) gather(in, message, setter.role, call.arg(1));
}

// $mailer->send($message): the roles are the argument's; PEAR's send($to, $headers, $body).
bool send_argument(Interpreter& in, const Call& call, const Value& object) {
  Object* message = call.arg(0).object;
  if (message != nullptr && message->kind == ObjectKind::kMailer) {
    send(in, call, *message, sink_name(*message, call.name));
    return true;
  }
  const bool is_pear = object.object != nullptr && object.object->kind == ObjectKind::kMailer &&
                       object.object->class_name == "mail" && call.args.size() >= 3;
  if (!is_pear) return false;
  const VisitId id = in.visit(call.node, SinkKind::kLibrary, "Mail::send()");
  in.add_role(id, Role::kRecipient, call.arg(0));
  Value lines;
  if (call.arg(1).array != nullptr) {
    for (const Entry& entry : call.arg(1).array->entries) {
      lines = in.values.concat(lines, in.values.own_text(std::string(entry.key) + ": "));
      lines = in.values.concat(in.values.concat(lines, entry.value), in.values.text("\n"));
    }
  } else {
    lines = call.arg(1);
  }
  add_header_roles(in, id, lines, false);
  in.add_role(id, Role::kBody, call.arg(2));
  return true;
}

// Drupal and Joomla: the whole mail in one method call.
bool send_whole(Interpreter& in, const Call& call) {
  const bool is_drupal = call.name == "mail" && call.args.size() >= 5;
  const bool is_joomla = call.name == "sendmail" && call.args.size() >= 5;
  if (!is_drupal && !is_joomla) return false;
  const VisitId id = in.visit(call.node, SinkKind::kLibrary,
                              is_drupal ? "MailManager::mail()" : "JMail::sendMail()");
  in.add_role(id, Role::kRecipient, call.arg(2));
  if (is_drupal) {
    in.add_role(id, Role::kBody, call.arg(4));
  } else {
    in.add_role(id, Role::kSender, call.arg(0));
    in.add_role(id, Role::kSubject, call.arg(3));
    in.add_role(id, Role::kBody, call.arg(4));
  }
  return true;
}

}  // namespace

bool is_mail_class(std::string_view key) {
  static constexpr std::array kClasses = {
      std::string_view{"phpmailer"},    std::string_view{"swift_message"},
      std::string_view{"email"},        std::string_view{"templatedemail"},
      std::string_view{"zend_mail"},    std::string_view{"mail_mime"},
      std::string_view{"smtp_mail"},    std::string_view{"mail"},
      std::string_view{"mimemessage"},  std::string_view{"jmail"},
      std::string_view{"swiftmailer"},  std::string_view{"simplemail"},
      std::string_view{"sendgrid"},     std::string_view{"nette_mail"},
      std::string_view{"ci_email"},     std::string_view{"html_mime_mail"},
      std::string_view{"htmlmimemail"}, std::string_view{"attach_mailer"},
      std::string_view{"jmailer"},      std::string_view{"mailmessage"},
      std::string_view{"mimemail"}};
  return std::ranges::find(kClasses, key) != kClasses.end();
}

bool makes_mailer(std::string_view method) {
  const Setter* setter = find_setter(method);
  return setter != nullptr && setter->is_telling;
}

bool is_mail_name(std::string_view name) {
  if (name.size() < 4 || name.size() > 9) return false;
  const std::string lower = ascii_lower(name);
  return lower == "email" || lower == "mail" || lower == "mailer" || lower == "phpmailer";
}

bool sink_method(Interpreter& in, const Call& call, const Value& object_in, Value* result) {
  Object* object = object_in.object;
  const bool is_mailer = object != nullptr && object->kind == ObjectKind::kMailer;
  const bool is_own = object != nullptr && object->info != nullptr && !is_mailer;
  if (is_own || (object != nullptr && object->kind == ObjectKind::kHandle)) return false;
  const Setter* setter = find_setter(call.name);
  const Node* receiver = call.node->kid(0);
  if (is_send(call.name) && send_argument(in, call, object_in)) {
    *result = in.values.unknown();
    return true;
  }
  if (!is_mailer) {
    const bool is_named = receiver != nullptr && is_mail_name(receiver->name);
    const bool is_telling = setter != nullptr && (setter->is_telling || is_named);
    if (!is_telling) {
      if (!send_whole(in, call)) return false;
      *result = in.values.unknown();
      return true;
    }
    object = become_mailer(in, receiver);
    if (object == nullptr) return false;
  }
  if (setter != nullptr) {
    set_role(in, *object, *setter, call);
    *result = in.object_value(object);
    return true;
  }
  *result = in.object_value(object);  // fluent
  if (is_send(call.name)) {
    send(in, call, *object, sink_name(*object, call.name));
    *result = in.values.unknown();
  } else if (object->info != nullptr) {
    return false;  // another method of a mailer that the file itself defines
  }
  return true;
}

bool sink_static(Interpreter& in, const Call& call, std::string_view class_name, Value* result) {
  *result = in.values.unknown();
  const bool makes = call.name == "newinstance" || call.name == "factory" ||
                     call.name == "getmailer" || call.name == "instance";
  if (makes && (is_mail_class(class_name) || class_name == "jfactory" || class_name == "factory")) {
    Object* object = in.object_at(call.node, ObjectKind::kMailer, class_name);
    if (class_name == "swift_message") sink_construct(in, *object, call);
    *result = in.object_value(object);
    return true;
  }
  if (class_name != "mail" && class_name != "jutility") return false;
  if (send_whole(in, call)) return true;
  if (call.name == "to") {  // Laravel: Mail::to($x)->send(…)
    Object* object = in.object_at(call.node, ObjectKind::kMailer, "mail facade");
    add_address_array(in, *object, Role::kRecipient, call.arg(0));
    *result = in.object_value(object);
    return true;
  }
  const bool is_closure = (call.name == "send" || call.name == "raw" || call.name == "queue") &&
                          call.args.size() >= 2 && call.args.back().object != nullptr;
  if (!is_closure) return false;
  Object* object = in.object_at(call.node, ObjectKind::kMailer, "mail facade");
  if (call.name == "raw") gather(in, *object, Role::kBody, call.arg(0));
  const Value message = in.object_value(object);
  (void)in.call_value(call.args.back(), call.node, {}, {&message, 1});
  send(in, call, *object, "Mail::" + std::string(call.name) + "()");
  return true;
}

void sink_construct(Interpreter& in, Object& object, const Call& call) {
  if (object.class_name != "swift_message") return;
  if (!call.arg(0).is_nothing()) gather(in, object, Role::kSubject, call.arg(0));
  if (!call.arg(1).is_nothing()) gather(in, object, Role::kBody, call.arg(1));
}

bool sink_property(Interpreter& in, Object& object, std::string_view name, const Value& value) {
  if (object.kind != ObjectKind::kMailer) return false;
  const Setter* setter = find_setter(ascii_lower(name));
  if (setter == nullptr) return false;
  gather(in, object, setter->role, value);
  return true;
}

}  // namespace backscan::php::flow
