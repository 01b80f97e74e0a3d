# refusals/: every program of api/ once more, each of its tests run with one invocation or request for book memory after the other
# refused. What is named here is called by way of refusals/.
set(refusals_wrapped model_invoke sel4model_boot sel4model_boot_with sel4model_shutdown sel4model_refuse sel4model_refuse_kind
    allocman_cspace_alloc allocman_cspace_free allocman_utspace_alloc allocman_utspace_alloc_at allocman_utspace_free
    allocman_mspace_alloc allocman_mspace_free allocman_utspace_add_uts allocman_fill_reserves allocman_reclaim
    allocman_configure_mspace_reserve allocman_configure_utspace_reserve allocman_configure_cspace_reserve
    bootstrap_configure_virtual_pool bootstrap_use_bootinfo bootstrap_use_bootinfo_why
    bootstrap_use_current_1level bootstrap_use_current_1level_why
    bootstrap_new_1level bootstrap_new_1level_why bootstrap_new_2level bootstrap_new_2level_why
    bootstrap_new_1level_bootinfo bootstrap_new_1level_bootinfo_why
    bootstrap_new_2level_bootinfo bootstrap_new_2level_bootinfo_why
    _mspace_fixed_pool_alloc _mspace_dual_pool_alloc _mspace_virtual_pool_alloc)
list(TRANSFORM refusals_wrapped PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE refusals_options)

add_library(refusals OBJECT refusals/asserts.c refusals/calls.c refusals/ledger.c refusals/runner.c)
target_include_directories(refusals PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/model/src)
target_link_libraries(refusals PRIVATE test_settings)
target_compile_options(refusals PRIVATE -Wno-missing-prototypes)

file(GLOB sources CONFIGURE_DEPENDS api/*.c)
foreach(source IN LISTS sources)
    get_filename_component(stem ${source} NAME_WE)
    add_executable(refused_${stem} ${source} $<TARGET_OBJECTS:refusals>)
    set_target_properties(refused_${stem} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/refusals)
    target_link_libraries(refused_${stem} PRIVATE ${test_libraries})
    if(NOT stem STREQUAL "test_exhaustion") # that one takes as many slots as there are
        target_compile_definitions(refused_${stem} PRIVATE API_CNODE_BITS=13)
    endif()
    target_link_options(refused_${stem} PRIVATE ${refusals_options})
    add_test(NAME refused/${stem} COMMAND refused_${stem})
    set_tests_properties(refused/${stem} PROPERTIES LABELS refused TIMEOUT 900)
endforeach()
