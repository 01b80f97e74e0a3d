# sel4model: libsel4's interface on the host.
include(model/sources.cmake)
include(cmake/word-size.cmake)
find_package(Jansson REQUIRED)
list(TRANSFORM SEL4MODEL_SOURCES PREPEND model/)
list(TRANSFORM SEL4MODEL_INCLUDE_DIRS PREPEND ${PROJECT_SOURCE_DIR}/model/)

add_library(sel4model STATIC ${SEL4MODEL_SOURCES})
add_library(allocman::sel4model ALIAS sel4model)
# The kernel that it models is in the names of what is installed: one prefix can hold several.
set(SEL4MODEL_KERNEL ${SEL4_ARCH}${SEL4MODEL_VARIANT})
set_target_properties(sel4model PROPERTIES OUTPUT_NAME sel4model-${SEL4MODEL_KERNEL})
# Installed in a folder of their own: they would pass for a real seL4's headers.
target_include_directories(sel4model
    PUBLIC "$<BUILD_INTERFACE:${SEL4MODEL_INCLUDE_DIRS}>"
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/sel4model-${SEL4MODEL_KERNEL}>
    PRIVATE model/src)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
target_link_libraries(sel4model PRIVATE Jansson::Jansson Threads::Threads)
if(MODEL_WORD_OPTIONS)
    target_compile_options(sel4model PUBLIC "SHELL:${MODEL_WORD_OPTIONS}")
    target_link_options(sel4model PUBLIC -m32)
endif()
# Offsets in the memory file, where the host's own are of 32 bits.
target_compile_definitions(sel4model PRIVATE _FILE_OFFSET_BITS=64)

# Makes text of compact traces of this kernel.
add_executable(sel4model-trace tools/sel4model-trace.c)
set_target_properties(sel4model-trace PROPERTIES OUTPUT_NAME sel4model-trace-${SEL4MODEL_KERNEL})
target_link_libraries(sel4model-trace PRIVATE sel4model)
