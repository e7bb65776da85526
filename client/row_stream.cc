#include "client/row_stream.h"

#include <utility>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

#include "proto/cc/status.h"
#include "twingraph/v1/query.grpc.pb.h"

namespace twingraph::client {

struct RowStream::Reader {
  grpc::ClientContext context;
  std::unique_ptr<v1::QueryService::Stub> stub;
  std::unique_ptr<grpc::ClientReader<v1::QueryResponse>> stream;

  ~Reader() { context.TryCancel(); }
};

RowStream::RowStream(const Connection& connection, v1::QueryRequest request)
    : connection_(connection), request_(std::move(request)) {
  status_ = Open();
}

RowStream::~RowStream() = default;

bool RowStream::Next() {
  if (!status_.ok()) {
    return false;
  }
  while (++row_ >= message_.rows_size()) {
    if (!ReadMessage()) {
      return false;
    }
  }
  return true;
}

const v1::QueryRow& RowStream::row() const {
  return message_.rows(row_);
}

absl::Status RowStream::Open() {
  message_.Clear();
  row_ = -1;
  // Only what fails before the first message is repeated: from then on rows
  // have been seen. The stream has a context of its own, without deadline.
  return connection_.Run([this](grpc::ClientContext&) {
    reader_ = std::make_unique<Reader>();
    connection_.Prepare(reader_->context);
    reader_->stub = v1::QueryService::NewStub(connection_.channel());
    reader_->stream = reader_->stub->Query(&reader_->context, request_);
    if (!reader_->stream->Read(&message_)) {
      return FromGrpcStatus(reader_->stream->Finish());
    }
    TakeHeadAndTail();
    return absl::OkStatus();
  });
}

bool RowStream::ReadMessage() {
  std::string resume_token = message_.next_page_token();
  message_.Clear();
  row_ = -1;
  if (reader_->stream == nullptr) {
    return false;
  }
  if (reader_->stream->Read(&message_)) {
    TakeHeadAndTail();
    return true;
  }
  status_ = FromGrpcStatus(reader_->stream->Finish());
  reader_->stream.reset();
  if (!status_.ok() || resume_token.empty()) {
    return false;
  }
  request_.set_page_token(std::move(resume_token));
  status_ = Open();
  return status_.ok();
}

void RowStream::TakeHeadAndTail() {
  if (columns_.empty()) {
    columns_.assign(message_.columns().begin(), message_.columns().end());
  }
  if (revision_.empty()) {
    revision_ = message_.revision();
  }
  if (message_.has_stats()) {
    stats_ = message_.stats();
  }
}

}  // namespace twingraph::client
