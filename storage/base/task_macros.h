#pragma once

// The macros of status_macros.h for coroutines.

#include "storage/base/status_macros.h"

// Ends the enclosing coroutine with the status of `expression` unless it is OK.
#define CO_RETURN_IF_ERROR(expression)                                      \
  do {                                                                      \
    if (::absl::Status status_macro_ = (expression); !status_macro_.ok()) { \
      co_return status_macro_;                                              \
    }                                                                       \
  } while (false)

// Evaluates a StatusOr; ends the enclosing coroutine with its status on
// failure, else moves its value into `target`, which may declare a variable.
#define CO_ASSIGN_OR_RETURN(target, expression)                             \
  CO_ASSIGN_OR_RETURN_INNER(TWINGRAPH_CONCAT(status_or_, __LINE__), target, \
                            expression)
#define CO_ASSIGN_OR_RETURN_INNER(status_or, target, expression) \
  auto status_or = (expression);                                 \
  if (!status_or.ok()) {                                         \
    co_return std::move(status_or).status();                     \
  }                                                              \
  target = *std::move(status_or)
