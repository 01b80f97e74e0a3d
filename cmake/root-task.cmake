# Root tasks of the installed seL4: start-up code, images that a machine can boot, and the command that boots one.
#
# Sets ROOT_TASK_ARCH (empty: there is no start-up code for this kernel, and why has been said), kernel_option(NAME result),
# the libraries root_task_settings and root_task_start, and root_task(TARGET).
set(ROOT_TASK_ARCH "")
set(ROOT_TASK_DIR ${PROJECT_SOURCE_DIR}/tests/sel4)
file(STRINGS ${SEL4_PREFIX}/libsel4/include/kernel/gen_config.h kernel_config REGEX "^#define CONFIG_")

function(kernel_option name result)
    set(${result} "" PARENT_SCOPE)
    foreach(line IN LISTS kernel_config)
        if(line MATCHES "^#define CONFIG_${name} +(.*[^ ])")
            set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

kernel_option(SEL4_ARCH arch)
kernel_option(PLAT platform)
kernel_option(KERNEL_MCS mcs)
kernel_option(ARM_HYPERVISOR_SUPPORT hypervisor)
kernel_option(ARM_CORTEX_A57 cortex_a57)
kernel_option(PRINTING printing)
set(kernel ${SEL4_PREFIX}/bin/kernel.elf)

if(NOT arch MATCHES "^(x86_64|aarch64|riscv64)$")
    message(STATUS "no root tasks for the installed seL4: there is no start-up code for ${arch}")
    return()
elseif(NOT printing)
    message(STATUS "no root tasks for the installed seL4: its kernel has no console (KernelPrinting)")
    return()
elseif(NOT EXISTS ${kernel})
    message(STATUS "no root tasks for the installed seL4: there is no ${kernel}")
    return()
endif()
set(ROOT_TASK_ARCH ${arch})
enable_language(ASM)

# --- how to boot one -----------------------------------------------------------------------------------------------------

set(SEL4_RUN "" CACHE STRING
    "Command that boots the root task whose ELF file it gets as last argument, serial line on stdout; empty: QEMU")
set(machine_x86_64 qemu-system-x86_64 -m 512
    -cpu Nehalem,-vme,+pdpe1gb,-xsave,-xsaveopt,-xsavec,-fsgsbase,-invpcid,+syscall,+lm)
set(machine_qemu-arm-virt qemu-system-aarch64 -machine virt$<$<BOOL:${hypervisor}>:,virtualization=on>
    -cpu $<IF:$<BOOL:${cortex_a57}>,cortex-a57,cortex-a53> -m 2048)
set(machine_spike qemu-system-riscv64 -machine spike -cpu rv64 -m 4095)
set(machine_qemu-riscv-virt qemu-system-riscv64 -machine virt -cpu rv64 -m 4096)
if(arch STREQUAL "x86_64")
    set(machine ${machine_x86_64})
else()
    set(machine ${machine_${platform}})
endif()
set(can_boot TRUE)
if(NOT SEL4_RUN)
    if(NOT machine)
        message(STATUS "root tasks for the installed seL4 are built, but how to boot ${platform} must be said: -DSEL4_RUN=...")
        set(can_boot FALSE)
    else()
        list(POP_FRONT machine qemu)
        find_program(QEMU_${arch} ${qemu})
        if(NOT QEMU_${arch})
            message(STATUS "root tasks for the installed seL4 are built, but ${qemu} to run them is not found")
            set(can_boot FALSE)
        endif()
        list(APPEND machine -display none -monitor none -serial stdio -no-reboot)
    endif()
endif()

# --- what every root task consists of --------------------------------------------------------------------------------------

# The headers of the model's own interface (sel4model/), whose calls the rig has on the real kernel. Not the folders that
# they are in, where the model's libsel4 lies too.
set(SEL4_ARCH ${arch})
set(SEL4_MCS ${mcs})
include(${PROJECT_SOURCE_DIR}/model/sources.cmake)
foreach(dir IN LISTS SEL4MODEL_INCLUDE_DIRS)
    file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR}/model/${dir}
        ${PROJECT_SOURCE_DIR}/model/${dir}/sel4model/*.h)
    foreach(header IN LISTS headers)
        configure_file(${PROJECT_SOURCE_DIR}/model/${dir}/${header} ${PROJECT_BINARY_DIR}/root_task/include/${header} COPYONLY)
    endforeach()
endforeach()

execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include OUTPUT_VARIABLE compiler_headers
    OUTPUT_STRIP_TRAILING_WHITESPACE)
set(options_x86_64 -mno-red-zone -fcf-protection=none)
set(options_aarch64 -mno-outline-atomics)
set(options_riscv64 -march=rv64imafdc_zicsr_zifencei -mabi=lp64d -mcmodel=medany)

# x86_64's kernel and the recorded machine have the same boot information if the root task's image is as large.
add_library(root_task_settings INTERFACE)
target_compile_options(root_task_settings INTERFACE
    -UNDEBUG -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -ftls-model=local-exec
    ${options_${arch}})
target_compile_definitions(root_task_settings INTERFACE RECORD_DIR="")
target_include_directories(root_task_settings INTERFACE ${PROJECT_SOURCE_DIR}/tests/support)
target_include_directories(root_task_settings SYSTEM INTERFACE
    ${ROOT_TASK_DIR}/include ${PROJECT_BINARY_DIR}/root_task/include ${SEL4_PREFIX}/libsel4/include)
target_compile_options(root_task_settings INTERFACE $<$<COMPILE_LANGUAGE:C>:-nostdinc>
    $<$<COMPILE_LANGUAGE:C>:SHELL:-isystem ${compiler_headers}>)

add_library(root_task_start STATIC
    ${ROOT_TASK_DIR}/start/entry.S ${ROOT_TASK_DIR}/start/start.c ${ROOT_TASK_DIR}/start/memory.c
    ${ROOT_TASK_DIR}/start/console.c ${ROOT_TASK_DIR}/start/heap.c)
set_source_files_properties(${ROOT_TASK_DIR}/start/memory.c ${ROOT_TASK_DIR}/start/heap.c
    PROPERTIES COMPILE_OPTIONS -fno-builtin)
target_link_libraries(root_task_start PRIVATE root_task_settings)

# --- the programs ------------------------------------------------------------------------------------------------------------

if(arch STREQUAL "x86_64") # multiboot wants a 32-bit ELF file
    add_custom_command(OUTPUT kernel32.elf
        COMMAND ${CMAKE_OBJCOPY} -O elf32-i386 ${kernel} kernel32.elf DEPENDS ${kernel} VERBATIM)
    add_custom_target(root_task_kernel ALL DEPENDS kernel32.elf)
else()
    set(loader_base_aarch64 0x60000000) # RAM is from 0x40000000
    if(hypervisor)
        set(loader_base_aarch64 0x70000000) # its kernel is at 0x60000000
    endif()
    set(loader_base_riscv64 0x90000000) # from 0x80000000
    add_library(root_task_loader OBJECT ${ROOT_TASK_DIR}/loader/loader.c
        ${ROOT_TASK_DIR}/loader/arch_${arch}.c ${ROOT_TASK_DIR}/start/memory.c)
    target_link_libraries(root_task_loader PRIVATE root_task_settings)
    if(arch STREQUAL "aarch64") # no paging yet, so memory is as strict as a device; no floating point either
        target_compile_options(root_task_loader PRIVATE -mstrict-align -mgeneral-regs-only)
    endif()
endif()

# <program>.boot: an image that firmware can start, of loader, kernel and root task.
function(add_boot_image target)
    get_target_property(name ${target} OUTPUT_NAME)
    set(payload ${CMAKE_CURRENT_BINARY_DIR}/${name}.payload.o)
    add_custom_command(OUTPUT ${payload}
        COMMAND ${CMAKE_C_COMPILER} ${options_${arch}} -DKERNEL_ELF="${kernel}" -DROOT_TASK_ELF="$<TARGET_FILE:${target}>"
            -c ${ROOT_TASK_DIR}/loader/payload.S -o ${payload}
        DEPENDS ${target} ${kernel} ${ROOT_TASK_DIR}/loader/payload.S VERBATIM)
    add_executable(${target}_boot ${payload} $<TARGET_OBJECTS:root_task_loader>)
    set_target_properties(${target}_boot PROPERTIES OUTPUT_NAME ${name}.boot LINKER_LANGUAGE C
        LINK_DEPENDS ${ROOT_TASK_DIR}/loader/loader.lds)
    target_link_options(${target}_boot PRIVATE -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack
        -Wl,--defsym=LOADER_BASE=${loader_base_${arch}} -T ${ROOT_TASK_DIR}/loader/loader.lds)
endfunction()

# root_task(TARGET): links an executable as a root task. ROOT_TASK_COMMAND is what boots it, empty if that is not known.
function(root_task target)
    get_target_property(name ${target} OUTPUT_NAME)
    target_link_libraries(${target} PRIVATE root_task_settings root_task_start gcc)
    target_link_options(${target} PRIVATE -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096
        -Wl,-z,noexecstack -T ${ROOT_TASK_DIR}/start/root_task.lds)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${ROOT_TASK_DIR}/start/root_task.lds)
    set(command "")
    if(NOT can_boot)
        # what to do has been said
    elseif(SEL4_RUN)
        separate_arguments(command UNIX_COMMAND "${SEL4_RUN}")
        list(APPEND command $<TARGET_FILE:${target}>)
    elseif(arch STREQUAL "x86_64")
        set(command ${QEMU_${arch}} ${machine} -kernel ${PROJECT_BINARY_DIR}/kernel32.elf -initrd $<TARGET_FILE:${target}>)
    else()
        add_boot_image(${target})
        set(command ${QEMU_${arch}} ${machine} -kernel $<TARGET_FILE:${target}_boot>)
    endif()
    set(ROOT_TASK_COMMAND ${command} PARENT_SCOPE)
endfunction()
