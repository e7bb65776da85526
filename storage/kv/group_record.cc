#include "storage/kv/group_record.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include <zstd.h>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv/hash.h"

namespace twingraph::kv {
namespace {

// Frozen; see storage/README.md.
constexpr char kFormat = 1;
constexpr char kBodyIsCompressed = 1;
constexpr size_t kHeaderBytes = 2 + 16 + 8 * 3 + 4 + 8 * 4 + 4;
constexpr size_t kChecksumBytes = 8;

// Below this a record costs less than its compression; above it, it would not
// fit through brokers. Not part of the format.
constexpr size_t kCompressAboveBytes = size_t{128} << 10;
constexpr int kCompressionLevel = 1;

absl::Status Corrupt(absl::string_view what) {
  return DataLoss(absl::StrCat("a group record of the log is damaged: ", what),
                  {{"space", "log"}});
}

absl::Status TooLarge(absl::string_view what, size_t bytes, size_t limit) {
  return InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                         absl::StrCat("a commit of ", bytes, " bytes ", what,
                                      " is larger than the limit of ", limit,
                                      "; split it into several"),
                         {{"what", "commit"},
                          {"bytes", absl::StrCat(bytes)},
                          {"limit", absl::StrCat(limit)}});
}

void AppendString(absl::string_view text, std::string& out) {
  AppendVarint(text.size(), out);
  out.append(text.data(), text.size());
}

bool TakeString(absl::string_view& bytes, std::string& text) {
  uint64_t size = 0;
  if (!TakeVarint(bytes, size) || size > bytes.size()) {
    return false;
  }
  text.assign(bytes.data(), size);
  bytes.remove_prefix(size);
  return true;
}

void AppendTime(absl::Time time, std::string& out) {
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixNanos(time)), out);
}

absl::Time ReadTime(const char* bytes) {
  return absl::FromUnixNanos(static_cast<int64_t>(ReadFixed64(bytes)));
}

void AppendHeader(const CommitHeader& header, std::string& out) {
  AppendTime(header.time, out);
  for (const std::string* text :
       {&header.actor, &header.origin, &header.request_id, &header.causation,
        &header.trace_parent, &header.payload}) {
    AppendString(*text, out);
  }
}

bool TakeHeader(absl::string_view& bytes, CommitHeader& header) {
  if (bytes.size() < sizeof(uint64_t)) {
    return false;
  }
  header.time = ReadTime(bytes.data());
  bytes.remove_prefix(sizeof(uint64_t));
  return TakeString(bytes, header.actor) && TakeString(bytes, header.origin) &&
         TakeString(bytes, header.request_id) &&
         TakeString(bytes, header.causation) &&
         TakeString(bytes, header.trace_parent) &&
         TakeString(bytes, header.payload);
}

void AppendEffect(const Effect& effect, std::string& out) {
  out.push_back(static_cast<char>(effect.space));
  out.push_back(static_cast<char>(effect.op));
  AppendString(effect.key, out);
  switch (effect.op) {
    case EffectOp::kPut:
      AppendString(effect.value, out);
      break;
    case EffectOp::kIncrement:
      AppendVarint(ZigZag(effect.delta), out);
      break;
    case EffectOp::kDelete:
    case EffectOp::kTouch:
      break;
  }
}

bool TakeEffect(absl::string_view& bytes, Effect& effect) {
  if (bytes.size() < 2) {
    return false;
  }
  effect.space = static_cast<SpaceId>(bytes[0]);
  effect.op = static_cast<EffectOp>(bytes[1]);
  bytes.remove_prefix(2);
  if (!TakeString(bytes, effect.key)) {
    return false;
  }
  uint64_t zigzag = 0;
  switch (effect.op) {
    case EffectOp::kPut:
      return TakeString(bytes, effect.value);
    case EffectOp::kIncrement:
      if (!TakeVarint(bytes, zigzag)) {
        return false;
      }
      effect.delta = UnZigZag(zigzag);
      return true;
    case EffectOp::kDelete:
    case EffectOp::kTouch:
      return true;
  }
  return false;
}

void AppendCommit(const Commit& commit, std::string& out) {
  AppendHeader(commit.header, out);
  AppendVarint(commit.effects.size(), out);
  for (const Effect& effect : commit.effects) {
    AppendEffect(effect, out);
  }
}

bool TakeCommit(absl::string_view& bytes, Commit& commit) {
  uint64_t count = 0;
  // An effect takes at least three bytes, so a damaged count cannot make us
  // allocate more than a record holds.
  if (!TakeHeader(bytes, commit.header) || !TakeVarint(bytes, count) ||
      count > bytes.size() / 3) {
    return false;
  }
  commit.effects.resize(count);
  for (Effect& effect : commit.effects) {
    if (!TakeEffect(bytes, effect)) {
      return false;
    }
  }
  return true;
}

std::string EncodeBody(const GroupRecord& record) {
  std::string body;
  size_t size = 0;
  for (const Commit& commit : record.commits) {
    size += EncodedSize(commit);
  }
  body.reserve(size);
  for (const Commit& commit : record.commits) {
    AppendCommit(commit, body);
  }
  return body;
}

std::string Compress(const std::string& body) {
  std::string compressed(ZSTD_compressBound(body.size()), '\0');
  const size_t size =
      ZSTD_compress(compressed.data(), compressed.size(), body.data(),
                    body.size(), kCompressionLevel);
  compressed.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return compressed;
}

// Header fields up to the body; `decoded_size` is the body's before
// compression.
std::string EncodeRecordHeader(const GroupRecord& record, char flags,
                               size_t decoded_size) {
  std::string out;
  out.push_back(kFormat);
  out.push_back(flags);
  out.append(reinterpret_cast<const char*>(record.incarnation.store_id.data()),
             record.incarnation.store_id.size());
  AppendFixed64(record.incarnation.epoch, out);
  AppendFixed64(record.previous_revision, out);
  AppendFixed64(record.first_revision, out);
  AppendFixed32(static_cast<uint32_t>(record.commits.size()), out);
  AppendFixed64(record.writer, out);
  AppendFixed64(record.group, out);
  AppendTime(record.commit_time(), out);
  AppendFixed64(record.previous_hash, out);
  AppendFixed32(static_cast<uint32_t>(decoded_size), out);
  return out;
}

// The body of a record whose checksum is right, decompressed if need be.
absl::StatusOr<std::string> DecodeBody(absl::string_view bytes) {
  const size_t decoded_size = ReadFixed32(&bytes[kHeaderBytes - 4]);
  const absl::string_view stored =
      bytes.substr(kHeaderBytes, bytes.size() - kHeaderBytes - kChecksumBytes);
  if (decoded_size > kMaxDecodedRecordBytes) {
    return Corrupt("its size");
  }
  if (bytes[1] == 0) {
    return std::string(stored);
  }
  std::string body(decoded_size, '\0');
  const size_t size =
      ZSTD_decompress(body.data(), body.size(), stored.data(), stored.size());
  if (size != decoded_size) {
    return Corrupt("its compression");
  }
  return body;
}

}  // namespace

size_t EncodedSize(const Commit& commit) {
  constexpr size_t kCommitOverhead = 8 + 7 * 3;
  constexpr size_t kEffectOverhead = 2 + 2 + 3;
  const CommitHeader& header = commit.header;
  size_t size = kCommitOverhead + header.actor.size() + header.origin.size() +
                header.request_id.size() + header.causation.size() +
                header.trace_parent.size() + header.payload.size();
  for (const Effect& effect : commit.effects) {
    size += kEffectOverhead + effect.key.size() + effect.value.size();
  }
  return size;
}

absl::StatusOr<EncodedGroup> EncodeGroup(GroupRecord record) {
  std::string body = EncodeBody(record);
  const size_t decoded_size = body.size();
  if (decoded_size > kMaxDecodedRecordBytes) {
    return TooLarge("", decoded_size, kMaxDecodedRecordBytes);
  }
  char flags = 0;
  if (decoded_size > kCompressAboveBytes) {
    std::string compressed = Compress(body);
    if (!compressed.empty() && compressed.size() < body.size()) {
      body = std::move(compressed);
      flags = kBodyIsCompressed;
    }
  }
  EncodedGroup group;
  group.bytes = EncodeRecordHeader(record, flags, decoded_size);
  group.bytes += body;
  if (group.bytes.size() + kChecksumBytes > kMaxRecordBytes) {
    return TooLarge("when compressed", group.bytes.size() + kChecksumBytes,
                    kMaxRecordBytes);
  }
  group.hash = Hash64(group.bytes);
  AppendFixed64(group.hash, group.bytes);
  group.record = std::move(record);
  return group;
}

absl::StatusOr<GroupRecordHeader> DecodeGroupHeader(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes + kChecksumBytes) {
    return Corrupt("its length");
  }
  if (bytes[0] != kFormat || (bytes[1] & ~kBodyIsCompressed) != 0) {
    return Corrupt("its format");
  }
  const size_t hashed = bytes.size() - kChecksumBytes;
  GroupRecordHeader header;
  header.hash = ReadFixed64(&bytes[hashed]);
  if (header.hash != Hash64(bytes.substr(0, hashed))) {
    return Corrupt("its checksum");
  }
  const char* at = &bytes[2];
  std::memcpy(header.incarnation.store_id.data(), at, 16);
  header.incarnation.epoch = ReadFixed64(at + 16);
  header.previous_revision = ReadFixed64(at + 24);
  header.first_revision = ReadFixed64(at + 32);
  header.count = ReadFixed32(at + 40);
  header.writer = ReadFixed64(at + 44);
  header.group = ReadFixed64(at + 52);
  header.commit_time = ReadTime(at + 60);
  header.previous_hash = ReadFixed64(at + 68);
  if (header.count == 0 || header.first_revision <= header.previous_revision) {
    return Corrupt("its revisions");
  }
  return header;
}

absl::StatusOr<EncodedGroup> DecodeGroup(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const GroupRecordHeader header, DecodeGroupHeader(bytes));
  ASSIGN_OR_RETURN(const std::string body, DecodeBody(bytes));
  EncodedGroup group;
  group.bytes = std::string(bytes);
  group.hash = header.hash;
  group.record = {.incarnation = header.incarnation,
                  .previous_revision = header.previous_revision,
                  .previous_hash = header.previous_hash,
                  .first_revision = header.first_revision,
                  .writer = header.writer,
                  .group = header.group,
                  .commits = {}};
  absl::string_view rest = body;
  for (uint32_t i = 0; i < header.count; ++i) {
    if (!TakeCommit(rest, group.record.commits.emplace_back())) {
      return Corrupt("its commits");
    }
  }
  if (!rest.empty()) {
    return Corrupt("bytes behind its commits");
  }
  return group;
}

}  // namespace twingraph::kv
