# SPDX-License-Identifier: Apache-2.0
# clarion.wasm: engine, codec and door in one module for browsers and servers of JavaScript. A reactor: call _initialize
# first. It imports three fd_* functions of WASI (the C library's stdout), which a page answers with "bad descriptor".
file(STRINGS ${PROJECT_SOURCE_DIR}/sdk/door/clarion.h door_lines REGEX "clarion_[a-z_]+\\(")
set(door_exports "")
foreach(line ${door_lines})
    string(REGEX MATCH "clarion_[a-z_]+\\(" name "${line}")
    string(REPLACE "(" "" name "${name}")
    list(APPEND door_exports "-Wl,--export-if-defined=${name}")
endforeach()
list(REMOVE_DUPLICATES door_exports)

# Written once: a file that is written at each configuration is linked again each time.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/module.cpp CONTENT "")
add_executable(clarion-wasm ${PROJECT_BINARY_DIR}/module.cpp)
set_target_properties(clarion-wasm PROPERTIES OUTPUT_NAME clarion SUFFIX .wasm)
target_link_libraries(clarion-wasm PRIVATE -Wl,--whole-archive clarion_door -Wl,--no-whole-archive)
target_link_options(clarion-wasm PRIVATE ${door_exports} -Wl,--export=malloc -Wl,--export=free -Wl,--gc-sections)
