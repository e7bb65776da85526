#include "tests/support/random_query.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/value/json.h"

namespace twingraph::query {
namespace {

constexpr const char* kValues[] = {
    "null",    "true",       "false", "0",    "1",         "1.0",
    "2",       "2.5",        "-1",    "\"\"", "\"1\"",     "\"ab\"",
    "\"abc\"", "[1,\"ab\"]", "[]",    "{}",   "{\"k\":1}", "{\"k\":\"ab\"}"};

Value RandomContents(std::mt19937_64& random) {
  Value contents = Value::MakeMap();
  for (const char* name : {"a", "b", "c"}) {
    if (random() % 4 != 0) {
      contents.Set(name, *ParseJsonValue(kValues[random() % 18]));
    }
  }
  return contents;
}

}  // namespace

void FillRandomGraph(uint64_t seed, ToyGraph& graph) {
  std::mt19937_64 random(seed);
  graph.AddModel("dtmi:x:M;1", {});
  graph.AddModel("dtmi:x:M;2", {});
  graph.AddModel("dtmi:x:N;1", {"dtmi:x:M;1"});
  const size_t twins = 1 + random() % 9;
  for (size_t i = 0; i < twins; ++i) {
    const char* models[] = {"dtmi:x:M;1", "dtmi:x:M;2", "dtmi:x:N;1"};
    graph.AddTwin(absl::StrCat("t", i), models[random() % 3],
                  RandomContents(random));
  }
  const size_t edges = random() % 20;
  for (size_t i = 0; i < edges; ++i) {
    const char* names[] = {"r", "s", "u"};
    graph.AddRelationship(absl::StrCat("t", random() % twins),
                          absl::StrCat("e", i), names[random() % 3],
                          absl::StrCat("t", random() % twins),
                          RandomContents(random));
  }
}

RandomQuery::Text RandomQuery::Collection() {
  const bool is_twins = Below(3) != 0;
  twins_.clear();
  edges_.clear();
  (is_twins ? twins_ : edges_).push_back("T");
  const std::string where =
      Below(5) == 0 ? "" : absl::StrCat(" WHERE ", Condition(3));
  return {Pick({"*", "T", "T.a, T.b AS x, T.c.k", "a, T.$etag"}),
          absl::StrCat(" FROM ", is_twins ? "DIGITALTWINS" : "RELATIONSHIPS",
                       " T", where)};
}

RandomQuery::Text RandomQuery::Join() {
  twins_ = {"T"};
  edges_.clear();
  std::string joins;
  std::string columns = "T";
  const size_t count = 1 + Below(3);
  for (size_t i = 0; i < count; ++i) {
    const std::string target = absl::StrCat("J", i);
    const std::string edge = absl::StrCat("E", i);
    absl::StrAppend(&joins, " JOIN ", target, " RELATED ", Pick(twins_), ".",
                    Pick({"r", "s", "u", "none"}), " ", edge);
    twins_.push_back(target);
    edges_.push_back(edge);
    absl::StrAppend(&columns, ", ", Below(2) == 0 ? target : edge);
  }
  return {columns,
          absl::StrCat(" FROM DIGITALTWINS T", joins, " WHERE ", Where())};
}

std::string RandomQuery::Where() {
  const std::string anchor = absl::StrCat(Pick(twins_), ".$dtId ", Ids());
  const std::string other = Condition(2);
  switch (Below(4)) {
    case 0:
      return anchor;
    case 1:
      return absl::StrCat(anchor, " AND (", other, ")");
    default:
      return absl::StrCat("(", other, ") AND ", anchor);
  }
}

// Names come again now and then, so that patterns close circles.
std::string RandomQuery::Node() {
  if (Below(6) == 0 && !twins_.empty()) {
    return "()";
  }
  const std::string name = Below(5) == 0 && !twins_.empty()
                               ? Pick(twins_)
                               : absl::StrCat("n", twins_.size());
  if (std::find(twins_.begin(), twins_.end(), name) == twins_.end()) {
    twins_.push_back(name);
  }
  return absl::StrCat("(", name, ")");
}

std::string RandomQuery::Edge(size_t index) {
  std::string inside = Pick({"", "", ":r", ":s", ":r|s", ":s|u", ":none"});
  if (Below(2) == 0) {
    absl::StrAppend(&inside, Pick({"*2", "*3", "*..2", "*..3", "*1..3", "*0..2",
                                   "*..4", "*1"}));
  } else if (Below(2) == 0) {
    const std::string name = absl::StrCat("e", index);
    edges_.push_back(name);
    inside = absl::StrCat(name, inside);
  }
  return absl::StrCat(Pick({"-[", "<-["}), inside, "]-");
}

RandomQuery::Text RandomQuery::Match() {
  twins_.clear();
  edges_.clear();
  std::string pattern = Node();
  const size_t count = Below(4);
  size_t hops = 0;
  for (size_t i = 0; i < count && hops < 7; ++i) {
    std::string edge = Edge(i);
    hops += absl::StrContains(edge, "*") ? 4 : 1;
    if (edge[0] == '-' && Below(3) != 0) {
      edge += ">";
    }
    absl::StrAppend(&pattern, edge, Node());
  }
  std::string columns = Below(5) == 0 ? "*" : absl::StrJoin(twins_, ", ");
  for (const std::string& edge : edges_) {
    if (columns != "*" && Below(2) == 0) {
      absl::StrAppend(&columns, ", ", edge);
    }
  }
  return {columns, absl::StrCat(" FROM DIGITALTWINS MATCH ", pattern, " WHERE ",
                                Where())};
}

std::string RandomQuery::Ids() {
  return Pick({"= 't0'", "= 't1'", "IN ['t0', 't1', 't2', 'zz']",
               "IN ['t3', 't1', 't3', 't4', 't5', 't6']"});
}

std::string RandomQuery::PathOf(const std::string& alias) {
  return absl::StrCat(
      alias, ".",
      Pick({"a", "b", "c", "a.k", "b.k", "a", "b", "none", "a.k.none"}));
}

std::string RandomQuery::Literal() {
  return Pick({"null", "true", "false", "0", "1", "2", "2.5", "-1", "''", "'1'",
               "'ab'", "'abc'", "1e0"});
}

std::string RandomQuery::Predicate() {
  const bool has_twins = !twins_.empty();
  const bool is_twin = has_twins && (edges_.empty() || Below(3) != 0);
  const std::string alias = Pick(is_twin ? twins_ : edges_);
  const std::string path = PathOf(alias);
  switch (Below(is_twin ? 12 : 9)) {
    case 0:
    case 1:
      return absl::StrCat(
          path, Pick({" = ", " != ", " < ", " <= ", " > ", " >= "}), Literal());
    case 2:
      return absl::StrCat(Literal(), Pick({" = ", " < ", " >= "}), path);
    case 3:
      return absl::StrCat(path, Pick({" = ", " != ", " < "}),
                          PathOf(Pick(is_twin ? twins_ : edges_)));
    case 4:
      return absl::StrCat(path, Pick({" IN [", " NIN ["}), Literal(), ", ",
                          Literal(), ", ", Literal(), "]");
    case 5:
      return absl::StrCat(
          Pick({"IS_DEFINED(", "IS_NULL(", "IS_BOOL(", "IS_NUMBER(",
                "IS_STRING(", "IS_OBJECT(", "IS_PRIMITIVE("}),
          path, ")");
    case 6:
      return absl::StrCat(Pick({"STARTSWITH(", "ENDSWITH(", "CONTAINS("}), path,
                          ", ", Pick({"'a'", "'ab'", "''", "'1'"}), ")");
    case 7:
      return path;
    case 8:
      if (!is_twin) {
        return absl::StrCat(alias, Pick({".$sourceId ", ".$targetId "}), Ids());
      }
      return absl::StrCat("ARRAY_CONTAINS(", path, ", ", Literal(), ")");
    case 9:
      return absl::StrCat(
          "IS_OF_MODEL(", alias, ", '",
          Pick({"dtmi:x:M;1", "dtmi:x:M;2", "dtmi:x:N;1", "dtmi:x:Z;1"}), "'",
          Pick({"", ", exact"}), ")");
    case 10:
      return absl::StrCat(alias, ".$dtId ", Ids());
    default:
      return absl::StrCat(
          alias,
          Pick({".$dtId > 't1'", ".$dtId != 't1'", ".$dtId NIN ['t1', 't2']",
                ".$metadata.$model = 'dtmi:x:M;1'", ".$dtId = 5"}));
  }
}

std::string RandomQuery::Condition(int depth) {
  if (depth == 0 || Below(3) == 0) {
    return Predicate();
  }
  switch (Below(4)) {
    case 0:
      return absl::StrCat("NOT (", Condition(depth - 1), ")");
    case 1:
      return absl::StrCat("(", Condition(depth - 1), ") OR (",
                          Condition(depth - 1), ")");
    default:
      return absl::StrCat("(", Condition(depth - 1), ") AND ", Predicate());
  }
}

}  // namespace twingraph::query
