# twingraph_layer(NAME SOURCES ... [DEPS ...] [PRIVATE ...] [PUBLIC ...])
#
# Declares the library of the directory it is called in, as twingraph::NAME.
#   DEPS     layers below, by short name; each must exist already, so the order
#            of add_subdirectory() is a topological order and a cycle cannot be
#            written
#   PRIVATE  third-party libraries that only this layer's sources may include
#   PUBLIC   third-party libraries that appear in this layer's headers
#
# The only include path a layer offers is a private view in the build tree that
# holds one link to its own directory. Including a header of a layer that is not
# a dependency is therefore "No such file": the compiler is the architect.
function(twingraph_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE;PUBLIC" ${ARGN})
  set(target twingraph_${name})

  foreach(dep IN LISTS arg_DEPS)
    if(NOT TARGET twingraph::${dep})
      message(FATAL_ERROR
        "layer ${name} depends on ${dep}, which is not below it")
    endif()
  endforeach()

  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE twingraph_options ${arg_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(twingraph::${name} ALIAS ${target})

  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR
             BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE dir)
  set(view ${CMAKE_BINARY_DIR}/view/${name})
  cmake_path(GET dir PARENT_PATH parent)
  file(MAKE_DIRECTORY ${view}/${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${view}/${dir} SYMBOLIC)

  target_include_directories(${target} ${scope} ${view})
  list(TRANSFORM arg_DEPS PREPEND twingraph:: OUTPUT_VARIABLE deps)
  target_link_libraries(${target} ${scope} ${deps} ${arg_PUBLIC})
endfunction()
