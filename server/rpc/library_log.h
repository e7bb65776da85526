#pragma once

// What the libraries below have to say goes to our log, in our form.

namespace twingraph::rpc {

// Sends lines of gRPC and Protocol Buffers to the log of storage/base: errors
// as warnings, all else as debug lines. What the parser says of a caller's
// bytes is a debug line: the caller is told. Call once, before the first
// server.
void TakeOverLibraryLogs();

}  // namespace twingraph::rpc
