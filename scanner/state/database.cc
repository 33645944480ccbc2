// A file of our own, but on a disk that can be full or damaged: every code is looked at.
#include "state/database.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/unique_fd.h"

namespace backscan::state {
namespace {

constexpr int kBusyMilliseconds = 10'000;

}  // namespace

Statement::Statement(Database& database, const char* sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  database.note(sqlite3_prepare_v2(database.handle_.get(), sql, -1, &statement, nullptr));
  statement_.reset(statement);
}

Statement& Statement::bind(std::int64_t number) {
  if (statement_) database_.note(sqlite3_bind_int64(statement_.get(), next_parameter_++, number));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  if (statement_)
    database_.note(sqlite3_bind_text64(statement_.get(), next_parameter_++, text.data(), text.size(),
                                       SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

bool Statement::step() {
  if (!statement_) return false;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  database_.note(code == SQLITE_DONE ? SQLITE_OK : code);
  return false;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const unsigned char* const bytes = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string()
                          : std::string(reinterpret_cast<const char*>(bytes),
                                        static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Statement::reset() {
  if (statement_) sqlite3_reset(statement_.get());
  next_parameter_ = 1;
}

Result<Database> Database::open(const std::string& file) {
  // SQLite would make it with the umask's rights; a link in its place is not followed.
  const UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (made.get() < 0) return system_error(file, errno);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
  Database database(file, handle);
  if (code != SQLITE_OK) return std::unexpected(Error{file, sqlite3_errstr(code)});
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return database;
}

void Database::run(const char* sql) {
  note(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

void Database::note(int code) {
  if (code != SQLITE_OK && problem_.empty()) problem_ = sqlite3_errmsg(handle_.get());
}

Result<void> Database::outcome() const {
  if (problem_.empty()) return {};
  return std::unexpected(Error{file_, problem_});
}

}  // namespace backscan::state
