# SPDX-License-Identifier: Apache-2.0
# One way to declare a library, a program and a test, so that warnings, sanitizers and test registration live in one place.

include(GoogleTest OPTIONAL)

# A second build of the same text costs a copy of the first one's result.
find_program(CLARION_CCACHE ccache)
if(CLARION_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER ${CLARION_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CLARION_CCACHE})
endif()

add_library(clarion_options INTERFACE)
target_compile_features(clarion_options INTERFACE cxx_std_23)
target_include_directories(clarion_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(clarion_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    # A designated initialiser that leaves members at their defaults is how options are passed here.
    -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # g++'s -Wshadow finds fault with GoogleTest's macros.
    target_compile_options(clarion_options INTERFACE -Wshadow -Wno-missing-designated-field-initializers)
else()
    # g++ 12 overlooks [[maybe_unused]] in templates; clang looks for unused variables.
    target_compile_options(clarion_options INTERFACE -Wno-unused-but-set-variable)
endif()
if(CLARION_WERROR)
    target_compile_options(clarion_options INTERFACE -Werror)
endif()
if(CLARION_SANITIZE)
    target_compile_options(clarion_options INTERFACE -fsanitize=${CLARION_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(clarion_options INTERFACE -fsanitize=${CLARION_SANITIZE})
endif()

# clarion_library(NAME SOURCES a.cpp ... LINK x y ... [PRIVATE_LINK z ...] [PURE])
# PURE: core code, compiled without exceptions and RTTI (docs/architecture.md).
function(clarion_library name)
    cmake_parse_arguments(ARG "PURE" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    if(ARG_SOURCES)
        add_library(${name} STATIC ${ARG_SOURCES})
        target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE clarion_options ${ARG_PRIVATE_LINK})
        target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
        target_compile_features(${name} PUBLIC cxx_std_23)
        if(ARG_PURE)
            target_compile_options(${name} PRIVATE -fno-exceptions -fno-rtti)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${ARG_LINK})
        target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
        target_compile_features(${name} INTERFACE cxx_std_23)
    endif()
endfunction()

# clarion_program(NAME SOURCES ... LINK ...)
function(clarion_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE clarion_options ${ARG_LINK})
    # Side by side: they find each other there.
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# clarion_test(NAME SOURCES x_test.cpp ... LINK ...): one GoogleTest program; each case is a ctest entry whose label is its
# room, so that `ctest -L core/engine` finds it. core has no threads: its tests are not built for ThreadSanitizer.
function(clarion_test name)
    if(NOT CLARION_TESTS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE clarion_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
    file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    if(CLARION_SANITIZE STREQUAL "thread" AND room MATCHES "^core/")
        set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
        return()
    endif()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 LABELS ${room})
endfunction()
