#include "server/engine/hub_ops.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "server/engine/device_sweep.h"
#include "server/engine/fill_page.h"
#include "server/engine/item_bytes.h"
#include "server/engine/parts.h"
#include "server/engine/proxy_twin.h"
#include "server/engine/twin_id.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"

namespace twingraph::engine {
namespace {

constexpr size_t kHubIdBytes = 64;
constexpr size_t kDisplayNameBytes = 1024;

bool IsHubId(absl::string_view id) {
  if (id.empty() || id.size() > kHubIdBytes) {
    return false;
  }
  for (const char c : id) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_') {
      return false;
    }
  }
  return true;
}

absl::Status CheckSettings(const Parts& parts, const HubSettings& settings) {
  if (!IsHubId(settings.id)) {
    return InvalidField("hub.id", "1 to 64 bytes of letters, digits, - and _");
  }
  if (settings.kind != "grpc") {
    return InvalidField("hub.kind",
                        absl::StrCat("\"", settings.kind,
                                     "\" is not known; the kind is \"grpc\""));
  }
  if (settings.display_name.size() > kDisplayNameBytes) {
    return InvalidField("hub.display_name", "at most 1024 bytes");
  }
  RETURN_IF_ERROR(
      CheckIdTemplate("hub.twin_id_template", settings.twin_id_template));
  if (!settings.default_model.empty() &&
      parts.catalog.Current()->Find(settings.default_model) == nullptr) {
    return graph::ModelNotFound(settings.default_model);
  }
  return absl::OkStatus();
}

HubSettings ToSettings(const graph::HubRecord& record) {
  return {.id = record.id,
          .kind = record.kind,
          .display_name = record.display_name,
          .twin_id_template = record.id_template,
          .default_model = record.default_model};
}

bool IsSame(const HubSettings& a, const HubSettings& b) {
  return a.kind == b.kind && a.display_name == b.display_name &&
         a.twin_id_template == b.twin_id_template &&
         a.default_model == b.default_model;
}

absl::StatusOr<Hub> ToHub(const Context& ctx, const graph::GraphReader& reader,
                          const graph::HubRecord& record) {
  Hub hub{.settings = ToSettings(record),
          .attach_time = record.attach_time,
          .device_count = 0};
  for (const BindingState state :
       {BindingState::kUnbound, BindingState::kAttached,
        BindingState::kDetached, BindingState::kConflict}) {
    ASSIGN_OR_RETURN(
        const int64_t count,
        reader.CountDevices(ctx, record.id, static_cast<int>(state)));
    hub.device_count += count;
  }
  return hub;
}

// A device's path as a place in a list. A part may hold any byte but 0.
std::string JoinPath(const std::vector<std::string>& path) {
  return absl::StrJoin(path, absl::string_view("\0", 1));
}

std::vector<std::string> SplitPath(const std::string& position) {
  if (position.empty()) {
    return {};
  }
  return absl::StrSplit(position, '\0');
}

}  // namespace

void HubOps::SetDetachListener(
    std::function<void(const std::string&)> listener) {
  parts_.detach_listener = std::move(listener);
}

absl::StatusOr<At<Hub>> HubOps::Attach(const Context& ctx,
                                       const HubSettings& settings,
                                       const WriteOptions& options) {
  HubSettings wanted = settings;
  if (wanted.twin_id_template.empty()) {
    wanted.twin_id_template = std::string(kDefaultIdTemplate);
  }
  RETURN_IF_ERROR(CheckSettings(parts_, wanted));
  Hub hub;
  const auto attach = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const auto current,
                     writer.reader().FindHub(ctx, wanted.id));
    if (current.has_value()) {
      if (!IsSame(ToSettings(*current), wanted)) {
        return AlreadyExists(v1::ERROR_REASON_HUB_ALREADY_EXISTS,
                             absl::StrCat("the hub \"", wanted.id,
                                          "\" is attached with other settings"),
                             {{"hub", wanted.id}});
      }
      ASSIGN_OR_RETURN(hub, ToHub(ctx, writer.reader(), *current));
      return absl::OkStatus();
    }
    hub = {.settings = wanted, .attach_time = writer.time(), .device_count = 0};
    return writer.PutHub(ctx,
                         {.id = wanted.id,
                          .kind = wanted.kind,
                          .display_name = wanted.display_name,
                          .id_template = wanted.twin_id_template,
                          .default_model = wanted.default_model,
                          .attach_time = writer.time()},
                         graph::WriteMode::kCreate);
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, attach));
  if (info.is_repeat) {
    return Get(ctx, wanted.id, {});
  }
  return At<Hub>{std::move(hub), parts_.TokenOf(info.revision)};
}

absl::StatusOr<At<Hub>> HubOps::Get(const Context& ctx, absl::string_view id,
                                    const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::HubRecord record, reader->GetHub(ctx, id));
  ASSIGN_OR_RETURN(Hub hub, ToHub(ctx, *reader, record));
  return At<Hub>{std::move(hub), parts_.TokenOf(reader->revision())};
}

absl::StatusOr<Page<Hub>> HubOps::List(const Context& ctx,
                                       const PageRequest& page,
                                       const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  Page<Hub> answer;
  std::string after = page.position;
  const auto read = [&](size_t limit) {
    return reader->ListHubs(ctx, after, limit);
  };
  const auto take =
      [&](const graph::HubRecord& record) -> absl::StatusOr<size_t> {
    after = record.id;
    ASSIGN_OR_RETURN(answer.items.emplace_back(), ToHub(ctx, *reader, record));
    return BytesOf(answer.items.back());
  };
  ASSIGN_OR_RETURN(const bool has_more,
                   FillPage(page, parts_.limits, read, take));
  answer.revision = parts_.TokenOf(reader->revision());
  if (has_more) {
    answer.next_position = std::move(after);
    parts_.Lease(reader->revision());
  }
  return answer;
}

absl::StatusOr<Done> HubOps::Detach(const Context& ctx, absl::string_view id,
                                    DetachMode mode,
                                    const WriteOptions& options) {
  const auto is_held = [mode](const graph::DeviceRecord& device) {
    return device.twin.has_value() &&
           (mode == DetachMode::kRemove ||
            device.state != static_cast<int>(BindingState::kDetached));
  };
  const auto let_go = [&](graph::GraphWriter& writer,
                          const graph::DeviceRecord& device) {
    return mode == DetachMode::kRemove ? RemoveProxy(ctx, device, writer)
                                       : DetachProxy(ctx, device, writer);
  };
  // Where there is no hub, the last step says so, or that it was done before
  // under this request id.
  DeviceSweep sweep(parts_, id);
  if (mode == DetachMode::kRemove) {
    RETURN_IF_ERROR(sweep.RefuseRelationships(ctx));
  }
  RETURN_IF_ERROR(sweep.Run(ctx, is_held, let_go));
  // What a connector bound meanwhile goes in the commit that ends the hub.
  const auto end = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const auto devices,
                     writer.reader().ListDevices(ctx, id, {}, SIZE_MAX));
    for (const graph::DeviceRecord& device : devices) {
      if (is_held(device)) {
        RETURN_IF_ERROR(let_go(writer, device));
      }
    }
    return writer.DeleteHub(ctx, id);
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, end));
  if (parts_.detach_listener) {
    parts_.detach_listener(std::string(id));
  }
  return Done{parts_.TokenOf(info.revision)};
}

absl::StatusOr<Page<Device>> HubOps::ListDevices(const Context& ctx,
                                                 absl::string_view hub,
                                                 const PageRequest& page,
                                                 const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  RETURN_IF_ERROR(reader->GetHub(ctx, hub).status());
  Page<Device> answer;
  std::vector<std::string> after = SplitPath(page.position);
  const auto read = [&](size_t limit) {
    return reader->ListDevices(ctx, hub, after, limit);
  };
  const auto take =
      [&](const graph::DeviceRecord& record) -> absl::StatusOr<size_t> {
    after = record.path;
    ASSIGN_OR_RETURN(DeviceBlock block, BlockOf(ctx, *reader, record));
    answer.items.push_back({std::move(block), record.twin_id});
    return BytesOf(answer.items.back());
  };
  ASSIGN_OR_RETURN(const bool has_more,
                   FillPage(page, parts_.limits, read, take));
  answer.revision = parts_.TokenOf(reader->revision());
  if (has_more) {
    answer.next_position = JoinPath(after);
    parts_.Lease(reader->revision());
  }
  return answer;
}

}  // namespace twingraph::engine
