# refusals/: every program of api/ once more, each of its tests run with one invocation or request for book memory after the other
# refused. What is named here is called by way of refusals/.
set(refusals_wrapped model_invoke sel4model_boot sel4model_boot_with sel4model_shutdown sel4model_refuse sel4model_refuse_kind
    allocman_cspace_alloc allocman_cspace_free allocman_utspace_alloc allocman_utspace_alloc_at allocman_utspace_free
    allocman_mspace_alloc allocman_mspace_free allocman_utspace_add_uts allocman_fill_reserves allocman_reclaim
    allocman_set_limits allocman_prepare
    allocman_configure_mspace_reserve allocman_configure_utspace_reserve allocman_configure_cspace_reserve
    bootstrap_configure_virtual_pool bootstrap_use_bootinfo bootstrap_use_bootinfo_why
    bootstrap_use_current_1level bootstrap_use_current_1level_why
    cspace_two_level_create bootstrap_create_info bootstrap_add_untypeds bootstrap_add_untypeds_from_bootinfo
    bootstrap_new_1level bootstrap_new_1level_why bootstrap_new_2level bootstrap_new_2level_why
    bootstrap_new_1level_bootinfo bootstrap_new_1level_bootinfo_why
    bootstrap_new_2level_bootinfo bootstrap_new_2level_bootinfo_why
    _mspace_fixed_pool_alloc _mspace_dual_pool_alloc _mspace_virtual_pool_alloc)
list(TRANSFORM refusals_wrapped PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE refusals_options)

add_library(refusals OBJECT refusals/asserts.c refusals/calls.c refusals/ledger.c refusals/runner.c)
target_include_directories(refusals PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/model/src)
target_link_libraries(refusals PRIVATE test_settings)
target_compile_options(refusals PRIVATE -Wno-missing-prototypes)

function(add_refused_test stem)
    add_executable(refused_${stem} ${ARGN} $<TARGET_OBJECTS:refusals>)
    set_target_properties(refused_${stem} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/refusals)
    target_link_libraries(refused_${stem} PRIVATE ${test_libraries})
    target_link_options(refused_${stem} PRIVATE ${refusals_options})
    add_test(NAME refused/${stem} COMMAND refused_${stem})
    # A test that ends where something was refused leaves its own host memory behind.
    set_tests_properties(refused/${stem} PROPERTIES LABELS refused TIMEOUT 900 ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)
endfunction()

file(GLOB sources CONFIGURE_DEPENDS api/*.c)
foreach(source IN LISTS sources)
    get_filename_component(stem ${source} NAME_WE)
    add_refused_test(${stem} ${source})
    if(NOT stem STREQUAL "test_exhaustion") # that one takes as many slots as there are, so that each look takes long
        target_compile_definitions(refused_${stem} PRIVATE API_CNODE_BITS=13)
    endif()
endforeach()

# One run of these takes a tenth of a second: a few of each list.
foreach(stem IN ITEMS test_bootstrap test_exhaustion test_new_cspace test_two_level)
    set_property(TEST refused/${stem} APPEND PROPERTY ENVIRONMENT ALLOCMAN_FAULTS=8)
endforeach()

# The benchmark's W4 and the demonstration.
if(ALLOCMAN_MACHINE STREQUAL "pc99-512m")
    add_refused_test(w4 refusals/w4.c ${PROJECT_SOURCE_DIR}/bench/mixed.c ${PROJECT_SOURCE_DIR}/bench/objects.c
                     ${PROJECT_SOURCE_DIR}/bench/machine.c ${PROJECT_SOURCE_DIR}/bench/steps.c
                     ${PROJECT_SOURCE_DIR}/bench/steps_trap.c)
    if(CMAKE_BUILD_TYPE STREQUAL "Release") # all of them, which takes seconds there
        set_tests_properties(refused/w4 PROPERTIES ENVIRONMENT ALLOCMAN_FAULTS=0)
    endif()
    target_include_directories(refused_w4 PRIVATE ${PROJECT_SOURCE_DIR}/bench refusals)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/demo/*.c)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/examples/demo/main.c PROPERTIES COMPILE_DEFINITIONS main=demo_main)
    add_refused_test(demo refusals/demo.c ${sources})
    target_compile_definitions(refused_demo PRIVATE CUT_RECORD="${CMAKE_CURRENT_SOURCE_DIR}/refusals/pc99-cut.json")
    target_include_directories(refused_demo PRIVATE refusals)
    target_compile_options(refused_demo PRIVATE -Wno-missing-prototypes)
endif()
