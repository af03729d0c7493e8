# The teaching kernel, and its bytes as guest_kernel[] for pogo_firmware.
set(kernel_dir "${CMAKE_CURRENT_LIST_DIR}")
set(kernel_elf "${CMAKE_BINARY_DIR}/examples/guests/kernel.elf")
set(kernel_stripped
    "${CMAKE_BINARY_DIR}/examples/guests/kernel-stripped.elf")
set(guest_kernel_image
    "${CMAKE_BINARY_DIR}/examples/guests/kernel_image.c")

set(kernel_sources
    entry.S trap.S main.c sbi.c fdt.c page.c vm.c plic.c console.c trap.c
    proc.c syscall.c programs/programs.c programs/lib.c programs/primes.c
    programs/sort.c programs/bad.c)
list(TRANSFORM kernel_sources PREPEND "${kernel_dir}/")
riscv_objects(kernel_objects ${RISCV_MARCH} ${kernel_sources})

# Only these two files contain floating-point instructions.
riscv_objects(kernel_fp_objects rv64imafdc_zicsr_zifencei
    "${kernel_dir}/fp.S" "${kernel_dir}/programs/float.c")

riscv_link("${kernel_elf}" "${kernel_dir}/kernel.ld"
    ${kernel_objects} ${kernel_fp_objects})
riscv_copy("${kernel_elf}" "${kernel_stripped}" --strip-debug)
riscv_embed("${kernel_stripped}" "${guest_kernel_image}" guest_kernel)
