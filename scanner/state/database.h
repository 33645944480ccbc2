// The little of SQLite that the history needs, with RAII and values for errors.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan::state {

class Database;

/// A prepared statement. Failures stay with the database: its first error is asked for at the end.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  Statement& bind(std::int64_t number);
  Statement& bind(std::string_view text);
  /// True while there is a row.
  bool step();
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  /// Makes it ready for other values.
  void reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_parameter_ = 1;
};

class Database {
 public:
  /// Opens or makes the file, 0600; waits some seconds for another writer.
  [[nodiscard]] static Result<Database> open(const std::string& file);

  /// Runs statements without values.
  void run(const char* sql);
  /// Nothing while all went well.
  [[nodiscard]] Result<void> outcome() const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  Database(std::string file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}
  void note(int code);

  std::string file_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::string problem_;
};

}  // namespace backscan::state
