# Language, warnings and build speed, as one interface target that every target links.
add_library(backscan_flags INTERFACE)
target_compile_features(backscan_flags INTERFACE cxx_std_23)
target_compile_options(backscan_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers
  # Optimising, GCC 12 sees overlaps in std::string's operator+ (its bug 105651) and uninitialised
  # payloads of std::variant and std::optional (its bug 105562) that are not there.
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wno-restrict -Wno-maybe-uninitialized>
  # In a unity build the names of one file are no globals of the next.
  $<IF:$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>,-Wshadow=local,-Wshadow>
  $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
  $<$<BOOL:${BACKSCAN_WERROR}>:-Werror>)
target_include_directories(backscan_flags INTERFACE "${PROJECT_SOURCE_DIR}/scanner")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)

# Some libraries ask for it, and precompiled headers want it everywhere or nowhere.
target_compile_options(backscan_flags INTERFACE -pthread)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for before it caches a compilation that begins with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
