#include "bench/load/workload.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "twingraph/v1/admin.pb.h"
#include "twingraph/v1/model.grpc.pb.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::bench {
namespace {

constexpr char kModel[] = R"({
  "@context": "dtmi:dtdl:context;3",
  "@id": "dtmi:twingraph:bench:Machine;1",
  "@type": "Interface",
  "contents": [
    {"@type": "Property", "name": "name", "schema": "string"},
    {"@type": "Property", "name": "serial", "schema": "string"},
    {"@type": "Property", "name": "vendor", "schema": "string"},
    {"@type": "Property", "name": "site", "schema": "string"},
    {"@type": "Property", "name": "running", "schema": "boolean"},
    {"@type": "Property", "name": "speed", "schema": "integer"},
    {"@type": "Property", "name": "load", "schema": "double"},
    {"@type": "Property", "name": "temperature", "schema": "double"},
    {"@type": "Property", "name": "pressure", "schema": "double"},
    {"@type": "Property", "name": "installed", "schema": "dateTime"}
  ]
})";

std::string TwinId(int number) {
  return absl::StrCat("machine-", number);
}

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  const std::string bytes = message.SerializeAsString();
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

absl::Status ToStatus(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

// All numbers below `count` in an order that is the same in every run.
std::vector<int> Shuffled(int count) {
  std::vector<int> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(1));
  return numbers;
}

v1::CreateTwinRequest MachineRequest(int number) {
  v1::CreateTwinRequest request;
  request.mutable_twin()->set_id(TwinId(number));
  request.mutable_twin()->set_model_id("dtmi:twingraph:bench:Machine;1");
  auto& fields = *request.mutable_twin()->mutable_contents()->mutable_fields();
  fields["name"].set_string_value(absl::StrCat("Machine ", number));
  fields["serial"].set_string_value(absl::StrCat("SN-", 100'000 + number));
  fields["vendor"].set_string_value("Harbor Works");
  fields["site"].set_string_value(absl::StrCat("Hall ", number % 20));
  fields["running"].set_bool_value(number % 3 != 0);
  fields["speed"].set_number_value(900 + number % 100);
  fields["load"].set_number_value(0.01 * (number % 100));
  fields["temperature"].set_number_value(20 + 0.5 * (number % 40));
  fields["pressure"].set_number_value(1.013);
  fields["installed"].set_string_value("2024-05-01T06:00:00Z");
  return request;
}

grpc::ByteBuffer PatchRequest(int twin, double temperature) {
  v1::PatchTwinRequest request;
  request.set_id(TwinId(twin));
  v1::PatchOperation& operation = *request.add_operations();
  operation.set_op(v1::PatchOperation::OP_ADD);
  operation.set_path("/temperature");
  operation.mutable_value()->set_number_value(temperature);
  return ToBytes(request);
}

}  // namespace

absl::Status MakeWorld(const std::shared_ptr<grpc::Channel>& channel,
                       int twins) {
  {
    grpc::ClientContext context;
    v1::UploadModelsRequest request;
    request.add_documents(kModel);
    v1::UploadModelsResponse response;
    const grpc::Status status =
        v1::ModelService::NewStub(channel)->UploadModels(&context, request,
                                                         &response);
    if (!status.ok()) {
      return ToStatus(status);
    }
  }
  const auto stub = v1::TwinService::NewStub(channel);
  for (int i = 0; i < twins; ++i) {
    grpc::ClientContext context;
    v1::CreateTwinResponse response;
    const grpc::Status status =
        stub->CreateTwin(&context, MachineRequest(i), &response);
    if (!status.ok() &&
        status.error_code() != grpc::StatusCode::ALREADY_EXISTS) {
      return ToStatus(status);
    }
  }
  return absl::OkStatus();
}

CallPlan EmptyCalls() {
  CallPlan plan;
  plan.method = "/twingraph.v1.AdminService/Ping";
  plan.requests.push_back(ToBytes(v1::PingRequest()));
  return plan;
}

CallPlan GetCalls(int twins) {
  CallPlan plan;
  plan.method = "/twingraph.v1.TwinService/GetTwin";
  for (const int number : Shuffled(twins)) {
    v1::GetTwinRequest request;
    request.set_id(TwinId(number));
    plan.requests.push_back(ToBytes(request));
  }
  return plan;
}

CallPlan PatchCalls(int twins) {
  CallPlan plan;
  plan.method = "/twingraph.v1.TwinService/PatchTwin";
  // An odd number of values per twin: no patch repeats the value before it.
  for (int round = 0; round < 3; ++round) {
    for (const int number : Shuffled(twins)) {
      plan.requests.push_back(PatchRequest(number, 20.25 + round));
    }
  }
  return plan;
}

CallPlan HotPatchCalls() {
  CallPlan plan;
  plan.method = "/twingraph.v1.TwinService/PatchTwin";
  for (int value = 0; value < 1000; ++value) {
    plan.requests.push_back(PatchRequest(0, 20.5 + value));
  }
  return plan;
}

}  // namespace twingraph::bench
