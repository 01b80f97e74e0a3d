# fuzz/: targets of libFuzzer. Each is a program that replays inputs, and a test that replays the corpus kept in corpus/TARGET; with
# ALLOCMAN_FUZZ (clang) also the fuzzer itself. Their machine is one of x86_64.
if(NOT ALLOCMAN_MACHINE STREQUAL "pc99-512m")
    return()
endif()

add_library(fuzz_common OBJECT fuzz/common.c)
target_link_libraries(fuzz_common PRIVATE test_settings)

# The validators look at everything again and again: theirs is not the coverage that is wanted.
if(ALLOCMAN_FUZZ)
    target_compile_options(allocman_check PRIVATE -fno-sanitize=all -O2)
endif()

foreach(target IN ITEMS api bootinfo trace reference mspace cspace utspace)
    add_executable(replay_${target} fuzz/fuzz_${target}.c fuzz/replay.c $<TARGET_OBJECTS:fuzz_common>)
    set(programs replay_${target})
    if(ALLOCMAN_FUZZ)
        add_executable(fuzz_${target} fuzz/fuzz_${target}.c fuzz/mutate.c $<TARGET_OBJECTS:fuzz_common>)
        target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
        list(APPEND programs fuzz_${target})
    endif()
    foreach(program IN LISTS programs)
        set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/fuzz)
        target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/src)
        if(target STREQUAL "trace")
            target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/model/src)
        endif()
        target_compile_options(${program} PRIVATE -Wno-missing-prototypes)
        target_link_libraries(${program} PRIVATE ${test_libraries})
    endforeach()
    add_test(NAME fuzz/${target} COMMAND replay_${target} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target})
    set_tests_properties(fuzz/${target} PROPERTIES LABELS fuzz TIMEOUT 300)
endforeach()

add_executable(fuzz_seeds EXCLUDE_FROM_ALL fuzz/seeds.c)
set_target_properties(fuzz_seeds PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/fuzz)
target_link_libraries(fuzz_seeds PRIVATE ${test_libraries})
