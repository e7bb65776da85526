// Covered by tests/server/query/execution_test.cc.
#include <utility>

#include "server/query/exec/condition_filter.h"
#include "server/query/exec/operator.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

class FilterStep final : public Operator {
 public:
  FilterStep(const ExecutionContext& context, const std::vector<size_t>& tests,
             std::unique_ptr<Operator> input)
      : context_(context), tests_(tests), input_(std::move(input)) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    while (true) {
      RETURN_IF_ERROR(ctx.Check());
      RETURN_IF_ERROR(input_->Next(ctx, rows));
      if (rows.size() == 0) {
        return absl::OkStatus();
      }
      for (const size_t test : tests_) {
        RETURN_IF_ERROR(
            KeepWhere(ctx, context_, context_.query.conjuncts[test], rows));
      }
      if (rows.size() > 0) {
        return absl::OkStatus();
      }
    }
  }

  std::string Place() const override { return input_->Place(); }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    return input_->GoTo(ctx, place);
  }

 private:
  const ExecutionContext& context_;
  const std::vector<size_t>& tests_;
  const std::unique_ptr<Operator> input_;
};

}  // namespace

std::unique_ptr<Operator> MakeFilter(const ExecutionContext& context,
                                     const std::vector<size_t>& tests,
                                     std::unique_ptr<Operator> input) {
  return std::make_unique<FilterStep>(context, tests, std::move(input));
}

}  // namespace twingraph::query
