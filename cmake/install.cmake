# Headers, libraries, the CMake package, the pkg-config files and the recorded boot information.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/allocman)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(libraries allocman)
foreach(target IN ITEMS allocman_check sel4model)
    if(TARGET ${target})
        list(APPEND libraries ${target})
    endif()
endforeach()
install(TARGETS ${libraries} EXPORT allocman-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT allocman-targets NAMESPACE allocman:: DESTINATION ${package_dir})
# The name that existing build scripts link with.
install(FILES $<TARGET_FILE:allocman> DESTINATION ${CMAKE_INSTALL_LIBDIR} RENAME libsel4allocman.a)
# Not those that take headers of a seL4 project's tree.
foreach(dir IN ITEMS ${PROJECT_SOURCE_DIR}/include ${VKA_INCLUDE_DIRS})
    install(DIRECTORY ${dir}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h"
            PATTERN bootstrap_simple.h EXCLUDE PATTERN vspace_pool.h EXCLUDE)
endforeach()
foreach(dir IN LISTS SEL4MODEL_INCLUDE_DIRS)
    install(DIRECTORY ${dir}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sel4model-${SEL4MODEL_KERNEL}
            FILES_MATCHING PATTERN "*.h")
endforeach()
install(DIRECTORY data/bootinfo data/weights DESTINATION ${CMAKE_INSTALL_DATADIR}/allocman)
if(TARGET sel4model)
    install(TARGETS sel4model-trace RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    # What docs/model.md builds from the installed files.
    install(DIRECTORY examples/root-task DESTINATION ${CMAKE_INSTALL_DATADIR}/allocman/examples)
    install(FILES docs/model.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

configure_package_config_file(cmake/allocman-config.cmake.in allocman-config.cmake
    INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(allocman-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/allocman-config.cmake
              ${PROJECT_BINARY_DIR}/allocman-config-version.cmake cmake/FindJansson.cmake cmake/Libraries32.cmake
        DESTINATION ${package_dir})

# pkg-config files name the prefix relative to themselves: it may be chosen as late as `cmake --install --prefix`.
file(RELATIVE_PATH up /p/${pkgconfig_dir} /p)
string(REGEX REPLACE "/$" "" up "${up}")
set(PC_PREFIX "\${pcfiledir}/${up}")
set(PC_REQUIRES)
if(TARGET sel4model)
    set(PC_REQUIRES sel4model-${SEL4MODEL_KERNEL})
    set(PC_WORD_OPTIONS "")
    set(PC_WORD_LINK "")
    if(MODEL_WORD_OPTIONS)
        set(PC_WORD_OPTIONS "${MODEL_WORD_OPTIONS} ")
        set(PC_WORD_LINK "-m32 ")
    endif()
    configure_file(cmake/sel4model.pc.in sel4model.pc @ONLY)
    # By its own name, and as the one to take where none is named.
    install(FILES ${PROJECT_BINARY_DIR}/sel4model.pc DESTINATION ${pkgconfig_dir})
    install(FILES ${PROJECT_BINARY_DIR}/sel4model.pc DESTINATION ${pkgconfig_dir}
            RENAME sel4model-${SEL4MODEL_KERNEL}.pc)
endif()
configure_file(cmake/allocman.pc.in allocman.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/allocman.pc DESTINATION ${pkgconfig_dir})
