// Reading and compiling YARA rule files (yara_rules.h).
#include "external/yara_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "base/whole_file.h"
#include "external/rule_file.h"
#include "external/yara_info.h"
#include "external/yara_library.h"
#include "rules/digest.h"
#include "rules/rule_files.h"

namespace backscan::external {

#ifdef BACKSCAN_WITH_YARA

namespace {

/// What one rule file and its includes tell.
struct Compilation {
  std::string directory;  // canonical; includes come from here
  std::map<std::string, std::string> paths;  // of files, by the names that libyara knows them by
  std::string read;       // every text, for the digest
  std::vector<Error> errors;
  std::vector<Error> warnings;
};

void on_compiled(int level, const char* file, int line, const YR_RULE*, const char* message,
                 void* data) {
  auto& compilation = *static_cast<Compilation*>(data);
  auto& list = level == YARA_ERROR_LEVEL_ERROR ? compilation.errors : compilation.warnings;
  list.push_back({fmt::format("{}:{}", file == nullptr ? "" : file, line), message});
}

/// `name` as it stands there, relative to the file that has it; `including`, the name of that file, too.
const char* on_include(const char* name, const char* including, const char*, void* data) {
  auto& compilation = *static_cast<Compilation*>(data);
  const auto known = compilation.paths.find(including);
  const std::string from = known == compilation.paths.end() ? including : known->second;
  const std::string path =
      name[0] == '/' ? name : from.substr(0, from.rfind('/') + 1) + name;
  auto text = read_rule_file_below(path, compilation.directory);
  if (!text) {
    compilation.errors.push_back(
        {including, fmt::format("include \"{}\": {}", name, text.error().reason)});
    return nullptr;
  }
  compilation.paths[name] = path;
  compilation.read += *text;
  compilation.read += '\0';
  return ::strdup(text->c_str());
}

void free_include(const char* text, void*) {
  std::free(const_cast<char*>(text));  // NOLINT: strdup's
}

std::string namespace_for(const std::string& file, std::set<std::string>& taken) {
  std::string name = file.substr(file.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  for (char& c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
  if (name.empty()) name = "rules";
  std::string unique = name;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
  return unique;
}

std::vector<YaraMeta> metas_of(const YR_RULE* rule) {
  std::vector<YaraMeta> metas;
  const YR_META* meta = nullptr;
  yr_rule_metas_foreach(rule, meta) {
    if (meta->type == META_TYPE_STRING)
      metas.push_back({meta->identifier, std::string(meta->string)});
    else
      metas.push_back({meta->identifier, std::int64_t{meta->integer}});
  }
  return metas;
}

struct CompilerDeleter {
  const YaraLibrary* yara;
  void operator()(YR_COMPILER* compiler) const { yara->compiler_destroy(compiler); }
};
using Compiler = std::unique_ptr<YR_COMPILER, CompilerDeleter>;

/// Adds the rules of `file`; true if all of it was understood.
bool add_file(const YaraLibrary& yara, YR_COMPILER* compiler, const std::string& file,
              const std::string& name_space, Compilation& compilation) {
  auto text = read_whole_file(file, kMaxYaraFileBytes);
  if (!text) {
    compilation.errors.push_back(text.error());
    return false;
  }
  compilation.read += *text;
  compilation.read += '\0';
  compilation.directory = directory_of(file);
  compilation.paths.clear();
  yara.compiler_set_callback(compiler, on_compiled, &compilation);
  yara.compiler_set_include_callback(compiler, on_include, free_include, &compilation);
  if (text->empty()) return true;
  const std::unique_ptr<FILE, int (*)(FILE*)> in(::fmemopen(text->data(), text->size(), "r"),
                                                 &std::fclose);
  if (in == nullptr) {
    compilation.errors.push_back({file, "not enough memory"});
    return false;
  }
  const int errors =
      yara.compiler_add_file(compiler, in.get(), name_space.c_str(), file.c_str());
  if (errors > 0 && compilation.errors.empty())
    compilation.errors.push_back({file, "libyara does not say what is wrong with it"});
  return errors == 0 && compilation.errors.empty();
}

}  // namespace

std::expected<YaraRules, std::vector<Error>> YaraRules::compile(
    const std::vector<std::string>& files, const rules::LoadOptions& options) {
  const auto library = yara_library();
  if (!library) return std::unexpected(std::vector{library.error()});
  const YaraLibrary& yara = **library;
  const auto no_memory = [] {
    return std::unexpected(std::vector{Error{"--yara", "not enough memory"}});
  };
  YR_COMPILER* created = nullptr;
  if (yara.compiler_create(&created) != ERROR_SUCCESS) return no_memory();
  const Compiler compiler(created, {&yara});
  for (const char* variable : kYaraVariables)
    yara.compiler_define_string(compiler.get(), variable, "");

  YaraRules rules;
  Compilation compilation;
  std::set<std::string> namespaces;
  for (const std::string& file : files) {
    const std::string name_space = namespace_for(file, namespaces);
    compilation.read += name_space + '\0';
    if (!add_file(yara, compiler.get(), file, name_space, compilation))
      return std::unexpected(std::move(compilation.errors));
  }
  YR_RULES* compiled = nullptr;
  if (yara.compiler_get_rules(compiler.get(), &compiled) != ERROR_SUCCESS) return no_memory();
  rules.compiled_ = {compiled, [&yara](YR_RULES* old) { yara.rules_destroy(old); }};
  const YR_RULE* rule = nullptr;
  yr_rules_foreach(compiled, rule) {
    rules.rules_.push_back(yara_rule_info(rule->ns->name, rule->identifier, metas_of(rule)));
    rules.wanted_.push_back(!RULE_IS_PRIVATE(rule) &&
                            rules::is_wanted(rules.rules_.back(), options));
  }
  rules.warnings_ = std::move(compilation.warnings);
  rules.digest_ = rules::sha256_hex(compilation.read + YR_VERSION);
  rules.looks_at_place_ = std::ranges::any_of(kYaraVariables, [&](const char* variable) {
    return compilation.read.find(variable) != std::string::npos;
  });
  return rules;
}

#else

std::expected<YaraRules, std::vector<Error>> YaraRules::compile(const std::vector<std::string>&,
                                                                const rules::LoadOptions&) {
  return std::unexpected(std::vector{
      Error{"--yara", "this backscan was built without libyara (libyara-dev was not installed)"}});
}

#endif

}  // namespace backscan::external
