#pragma once

// The rows of one query, as they come from the server: a range to read once.
//
//   for (const v1::QueryRow& row : rows) { ... }
//   RETURN_IF_ERROR(rows.status());
//
// Where the server ends a stream before its last row because it was open for
// too long, the next one goes on after the last row, at the same revision. One
// thread at a time.

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "client/connection.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::client {

class RowStream {
 public:
  // Begins the query and waits for its first answer. `connection` must outlive
  // the stream.
  RowStream(const Connection& connection, v1::QueryRequest request);
  ~RowStream();
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  // Goes to the next row; false at the end and after an error.
  bool Next();

  // The row that Next went to; valid until the following call of it.
  const v1::QueryRow& row() const;

  // How the stream ended. OK while it goes on.
  // Errors: those of QueryService.Query.
  const absl::Status& status() const { return status_; }

  // Names of the columns; empty if the query failed at once.
  const std::vector<std::string>& columns() const { return columns_; }

  // Token of the state that is read; empty if the query failed at once.
  const std::string& revision() const { return revision_; }

  // What the query took; known at the end.
  const v1::QueryStats& stats() const { return stats_; }

  // A single pass over what Next still gives.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = v1::QueryRow;
    using difference_type = std::ptrdiff_t;
    using pointer = const v1::QueryRow*;
    using reference = const v1::QueryRow&;

    explicit Iterator(RowStream* stream) : stream_(stream) { ++*this; }

    reference operator*() const { return stream_->row(); }

    Iterator& operator++() {
      is_end_ = !stream_->Next();
      return *this;
    }

    friend bool operator==(const Iterator& it, std::default_sentinel_t) {
      return it.is_end_;
    }

   private:
    RowStream* stream_;
    bool is_end_ = false;
  };

  Iterator begin() { return Iterator(this); }

  std::default_sentinel_t end() const { return {}; }

 private:
  struct Reader;
  // Opens a stream and reads its first message, with retries.
  absl::Status Open();
  // Reads the next message; false at the end or after an error.
  bool ReadMessage();
  // Takes what the first and the last message say beside rows.
  void TakeHeadAndTail();

  const Connection& connection_;
  v1::QueryRequest request_;
  std::unique_ptr<Reader> reader_;
  v1::QueryResponse message_;
  int row_ = -1;
  absl::Status status_;
  std::vector<std::string> columns_;
  std::string revision_;
  v1::QueryStats stats_;
};

}  // namespace twingraph::client
