#include "server/engine/engine.h"

#include <utility>

#include "server/engine/built_in_model.h"
#include "server/engine/parts.h"
#include "storage/base/id.h"
#include "storage/base/seal.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"

namespace twingraph::engine {
namespace {

constexpr char kTokenKeyRow[] = "token_key";

// Makes what every graph has: the built-in model and the key of its tokens.
absl::Status Prepare(const Context& ctx, Parts& parts) {
  const auto prepare = [&](graph::GraphWriter& writer) -> absl::Status {
    if (parts.catalog.Current()->Find(kDeviceModelId) == nullptr) {
      const std::vector<graph::ModelDraft> drafts = {
          {.id = kDeviceModelId, .text = kDeviceModelText}};
      RETURN_IF_ERROR(writer.CreateModels(ctx, drafts).status());
    }
    commit::Transaction& rows = writer.transaction();
    ASSIGN_OR_RETURN(const auto stored,
                     rows.GetForUpdate(ctx, key::kMetaSpace, kTokenKeyRow));
    if (stored.has_value()) {
      parts.token_key = stored->value;
      return absl::OkStatus();
    }
    parts.token_key = RandomBytes(kSealKeyBytes);
    return rows.Put(key::kMetaSpace, kTokenKeyRow, parts.token_key);
  };
  return parts.graph->RunTransaction(ctx, {}, prepare).status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(EngineOptions options) {
  auto parts = std::make_unique<Parts>();
  parts->clock =
      options.clock == nullptr ? &parts->system_clock : options.clock;
  parts->limits = options.limits;
  parts->executor = options.executor;
  parts->engine_name = options.store_kind;
  parts->backup_directory = options.backup_directory;
  parts->start_time = parts->clock->Now();
  parts->leases = std::make_unique<LeaseSet>(
      *parts->clock, options.limits.lease, options.limits.leases);
  options.graph.store.clock = parts->clock;
  Origin origin;
  origin.actor = origin.kind = "system";
  const Context ctx(absl::InfiniteFuture(), std::move(origin));
  ASSIGN_OR_RETURN(parts->graph,
                   graph::GraphStore::Open(ctx, std::move(options.store),
                                           options.graph, {&parts->catalog}));
  parts->model_memory = std::make_unique<ModelMemory>(
      ModelMemory::Limits{.own_bytes = options.model_memory_bytes,
                          .topology_bytes = options.graph.topology.bytes,
                          .process_bytes = options.memory_budget_bytes},
      *parts->graph);
  RETURN_IF_ERROR(Prepare(ctx, *parts));
  parts->model_memory->Note(parts->catalog.Current()->bytes());
  parts->incarnation = parts->graph->commits().head()->incarnation;
  return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

Engine::Engine(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)),
      models_(*parts_),
      twins_(*parts_),
      relationships_(*parts_),
      queries_(*parts_),
      hubs_(*parts_),
      devices_(*parts_),
      admin_(*parts_) {}

Engine::~Engine() {
  Shutdown();
}

void Engine::Shutdown() {
  parts_->is_stopping.store(true);
  // Pins belong to the store and end before it.
  parts_->leases.reset();
  parts_->graph.reset();
}

const std::string& Engine::token_key() const {
  return parts_->token_key;
}

const Clock& Engine::clock() const {
  return *parts_->clock;
}

}  // namespace twingraph::engine
