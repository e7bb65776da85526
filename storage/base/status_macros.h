#pragma once

// The two macros of error passing. Nothing cleverer.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status of `expression` from the enclosing function unless it is
// OK.
#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (::absl::Status status_macro_ = (expression); !status_macro_.ok()) { \
      return status_macro_;                                                 \
    }                                                                       \
  } while (false)

#define TWINGRAPH_CONCAT_INNER(a, b) a##b
#define TWINGRAPH_CONCAT(a, b) TWINGRAPH_CONCAT_INNER(a, b)

// Evaluates a StatusOr; returns its status on failure, else moves its value
// into `target`, which may declare a variable.
#define ASSIGN_OR_RETURN(target, expression)                             \
  ASSIGN_OR_RETURN_INNER(TWINGRAPH_CONCAT(status_or_, __LINE__), target, \
                         expression)
#define ASSIGN_OR_RETURN_INNER(status_or, target, expression) \
  auto status_or = (expression);                              \
  if (!status_or.ok()) {                                      \
    return std::move(status_or).status();                     \
  }                                                           \
  target = *std::move(status_or)
