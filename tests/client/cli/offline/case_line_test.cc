#include "client/cli/offline/case_line.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

struct LineCase {
  std::string line;
  std::string answer;
};

class CaseLineTest : public testing::TestWithParam<LineCase> {};

TEST_P(CaseLineTest, IsAnswered) {
  ASSERT_OK_AND_ASSIGN(const std::string answer, AnswerCase(GetParam().line));
  EXPECT_EQ(answer, GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    All, CaseLineTest,
    testing::Values(
        LineCase{R"({"id":"ok","dtdl":[{"@context":"dtmi:dtdl:context;3",
                     "@id":"dtmi:a;1","@type":"Interface"}]})",
                 R"({"id":"ok","valid":true,"errors":[]})"},
        LineCase{R"({"id":"each once","dtdl":[7,7,[{}]]})",
                 R"({"id":"each once","valid":false,)"
                 R"("errors":["missingContext","notJsonObject"]})"},
        LineCase{R"({"id":"gone","dtdl":[{"@context":"dtmi:dtdl:context;3",
                     "@id":"dtmi:a;1","@type":"Interface",
                     "extends":"dtmi:b;1"}]})",
                 R"({"id":"gone","valid":false,"errors":[],)"
                 R"("unresolved":["dtmi:b;1"]})"},
        LineCase{R"({"id":"new","maxDtdlVersion":2,"dtdl":[{
                     "@context":"dtmi:dtdl:context;3",
                     "@id":"dtmi:a;1","@type":"Interface"}]})",
                 R"({"id":"new","valid":false,)"
                 R"("errors":["disallowedContextVersion"]})"},
        LineCase{R"({"id":"let","options":["AllowUndefinedExtensions"],
                     "dtdl":[{"@context":["dtmi:dtdl:context;3","dtmi:x;1"],
                     "@id":"dtmi:a;1","@type":"Interface"}]})",
                 R"({"id":"let","valid":true,"errors":[]})"},
        LineCase{R"({"id":"limits","acceptableLimits":
                     ["dtmi:dtdl:limits:onvif"],"dtdl":[{"@context":[
                     "dtmi:dtdl:context;4#limitless",
                     "dtmi:dtdl:limits:onvif;1"],
                     "@id":"dtmi:a;1","@type":"Interface"}]})",
                 R"({"id":"limits","valid":true,"errors":[]})"}));

TEST(CaseLineTest, OtherLinesAreRefused) {
  EXPECT_THAT(AnswerCase("{"), testing::Not(IsOk()));
  EXPECT_THAT(AnswerCase("{\"id\":\"a\"}"), testing::Not(IsOk()));
  EXPECT_THAT(AnswerInstance("[]"), testing::Not(IsOk()));
}

class InstanceLineTest : public testing::TestWithParam<LineCase> {};

TEST_P(InstanceLineTest, IsAnswered) {
  ASSERT_OK_AND_ASSIGN(const std::string answer,
                       AnswerInstance(GetParam().line));
  EXPECT_EQ(answer, GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    All, InstanceLineTest,
    testing::Values(
        LineCase{R"({"id":"a","dtdl":[],"subject":"integer","submit":"1"})",
                 R"({"id":"a","conforms":true})"},
        LineCase{R"({"id":"b","dtdl":[],"subject":"integer","submit":"true"})",
                 R"({"id":"b","conforms":false,"error":)"
                 R"("value: schema integer: true does not conform"})"},
        LineCase{R"({"id":"c","dtdl":[],"subject":"dtmi:x;1","submit":"1"})",
                 R"({"id":"c","conforms":false,"error":)"
                 R"("\"dtmi:x;1\" is nothing that has values"})"},
        LineCase{R"({"id":"d","dtdl":[7],"subject":"dtmi:x;1","submit":"1"})",
                 R"({"id":"d","conforms":false,"error":)"
                 R"("the models are not valid"})"},
        LineCase{R"({"id":"e","dtdl":[]})",
                 R"({"id":"e","conforms":false,"error":)"
                 R"("the line lacks \"subject\" or \"submit\""})"}));

}  // namespace
}  // namespace twingraph::cli
