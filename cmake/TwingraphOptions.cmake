# Warnings, sanitizers and linker for our own targets: twingraph_options, and
# without sanitizers twingraph_plain_options. Third-party headers are SYSTEM, so
# they never warn.

add_library(twingraph_plain_options INTERFACE)
target_compile_options(twingraph_plain_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(twingraph_plain_options INTERFACE -Wthread-safety)
endif()

# Optimising, g++ 12 takes moves of std::variant for reads of uninitialised
# memory.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(twingraph_plain_options INTERFACE -Wno-maybe-uninitialized)
endif()

# Linking is a large part of a rebuild; lld is several times faster than bfd.
find_program(TWINGRAPH_LLD NAMES ld.lld ld.lld-19)
if(TWINGRAPH_LLD)
  target_link_options(twingraph_plain_options INTERFACE -fuse-ld=lld)
endif()

find_program(TWINGRAPH_CCACHE NAMES ccache)
if(TWINGRAPH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TWINGRAPH_CCACHE})
endif()

add_library(twingraph_options INTERFACE)
target_link_libraries(twingraph_options INTERFACE twingraph_plain_options)
if(TWINGRAPH_SANITIZE)
  target_compile_options(twingraph_options INTERFACE
    -fsanitize=${TWINGRAPH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(twingraph_options INTERFACE
    -fsanitize=${TWINGRAPH_SANITIZE})
endif()
