# The model against a real kernel's recorded answers, on the machine that they were recorded on.
function(add_conformance_program stem)
    add_executable(test_conformance_${stem} ${ARGN})
    set_target_properties(test_conformance_${stem} PROPERTIES
        OUTPUT_NAME ${stem} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/conformance)
    target_include_directories(test_conformance_${stem} PRIVATE support ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(test_conformance_${stem} PRIVATE allocman sel4model)
endfunction()

# Standard input: the answers.
function(add_conformance_test stem answers)
    add_test(NAME conformance/${stem}
        COMMAND sh -c "gzip -dc '${answers}' | '$<TARGET_FILE:test_conformance_${stem}>' '${ALLOCMAN_RECORD_DIR}/${ALLOCMAN_MACHINE}.json'")
    set_tests_properties(conformance/${stem} PROPERTIES LABELS conformance TIMEOUT 300)
endfunction()

file(GLOB conformance_steps CONFIGURE_DEPENDS conformance/steps_*.c)
add_conformance_program(stream conformance/stream_on_model.c conformance/answers.c conformance/stream.c
    conformance/limits.c conformance/operands.c conformance/print.c ${conformance_steps})
set(conformance_answers ${CMAKE_CURRENT_SOURCE_DIR}/conformance/answers/${ALLOCMAN_MACHINE}.txt.gz)
if(EXISTS ${conformance_answers})
    add_conformance_test(stream ${conformance_answers})
endif()

# Without a machine's counters to compare with: it runs to its end, with sanitizers in some presets.
add_conformance_program(allocator conformance/allocator_on_model.c conformance/allocator.c conformance/print.c)
add_test(NAME conformance/allocator COMMAND test_conformance_allocator ${ALLOCMAN_RECORD_DIR}/${ALLOCMAN_MACHINE}.json)
set_tests_properties(conformance/allocator PROPERTIES LABELS conformance TIMEOUT 300)
