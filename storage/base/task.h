#pragma once

// Work that can wait without keeping a thread: a coroutine that gives a T.
//
//   Task<absl::StatusOr<int>> Sum(Store& store) {
//     CO_ASSIGN_OR_RETURN(const int a, co_await store.Read("a"));
//     co_return a + 1;
//   }
//
// It runs when it is awaited, on that thread, and goes on on the thread of
// whoever ends what it waits for. Parameters that are references must live
// until it has ended. Not safe for two threads at a time; not cancelled from
// outside: give it a Context.

#include <coroutine>
#include <exception>
#include <future>
#include <optional>
#include <utility>

namespace twingraph {

template <typename T>
class [[nodiscard]] Task {
 public:
  class promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}

  Task(Task&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)) {}

  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  Task& operator=(Task&&) = delete;

  ~Task() {
    if (handle_ != nullptr) {
      handle_.destroy();
    }
  }

  // What co_await calls. A task is awaited once.
  bool await_ready() const noexcept { return false; }

  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) {
    handle_.promise().awaiting_ = awaiting;
    return handle_;
  }

  T await_resume() { return *std::move(handle_.promise().value_); }

 private:
  // Hands over to the one who awaits.
  struct Last {
    bool await_ready() const noexcept { return false; }

    std::coroutine_handle<> await_suspend(Handle ended) const noexcept {
      return ended.promise().awaiting_;
    }

    void await_resume() const noexcept {}
  };

  Handle handle_;
};

template <typename T>
class Task<T>::promise_type {
 public:
  Task get_return_object() { return Task(Handle::from_promise(*this)); }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  Last final_suspend() const noexcept { return {}; }

  template <typename Value>
  void return_value(Value&& value) {
    value_.emplace(std::forward<Value>(value));
  }

  // Nothing here throws on purpose.
  void unhandled_exception() const { std::terminate(); }

 private:
  friend class Task<T>;

  std::coroutine_handle<> awaiting_;
  std::optional<T> value_;
};

// A coroutine that nobody awaits.
struct DetachedTask {
  struct promise_type {
    DetachedTask get_return_object() const { return {}; }

    std::suspend_never initial_suspend() const noexcept { return {}; }

    std::suspend_never final_suspend() const noexcept { return {}; }

    void return_void() const {}

    void unhandled_exception() const { std::terminate(); }
  };
};

// Runs `task`, and `done` with its value when it has ended.
template <typename T, typename Done>
DetachedTask Start(Task<T> task, Done done) {
  done(co_await std::move(task));
}

// Runs `task` and blocks until it has ended. REQUIRES: not on a thread that the
// task waits for.
template <typename T>
T Wait(Task<T> task) {
  std::promise<T> promise;
  std::future<T> value = promise.get_future();
  Start(std::move(task), [promise = std::move(promise)](T ended) mutable {
    promise.set_value(std::move(ended));
  });
  return value.get();
}

}  // namespace twingraph
