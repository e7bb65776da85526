# twingraph_test(NAME SOURCES ... [DEPS ...] [LINK ...] [LABELS ...])
#
# Declares one GoogleTest program of the directory it is called in and registers
# it with CTest. DEPS are layers by short name, LINK third-party libraries.
# Tests find real ontologies and cases through TWINGRAPH_TEST_DATA, see
# tests/support/test_data.h.
function(twingraph_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPS PREPEND twingraph:: OUTPUT_VARIABLE deps)
  target_link_libraries(${name} PRIVATE
    twingraph_options twingraph::test_support ${deps} ${arg_LINK}
    GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${arg_LABELS}" TIMEOUT 600
    ENVIRONMENT "TWINGRAPH_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endfunction()
