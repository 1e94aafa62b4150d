# SPDX-License-Identifier: MIT

complete -c irelfix -s o -l output -r -F -d 'Write the repaired file'
complete -c irelfix -s i -l in-place -d 'Repair the file itself'
complete -c irelfix -l atomic -d 'Replace the file instead of writing into it'
complete -c irelfix -l backup -d 'Keep the original'
complete -c irelfix -s p -l preserve-dates -d 'Keep access and modification time'
complete -c irelfix -s r -l recursive -d 'Take the ELF files of folders'
complete -c irelfix -l files0-from -r -F -d 'Take the NUL-terminated names in a file'
complete -c irelfix -s j -l jobs -x -d 'Deal with so many files at a time'
complete -c irelfix -s n -l dry-run -d 'Show the edits, write nothing'
complete -c irelfix -l wrap -d 'Run a link command, and repair what it links'
complete -c irelfix -l run -d 'Run a build, and repair what each link has linked'
complete -c irelfix -l print-dir -d 'Show the folder for gcc -B'
complete -c irelfix -l strategy -x -a 'auto narrow pad' -d 'How to repair'
complete -c irelfix -l allow-undefined -x -a 'all' -d 'Take undefined symbols for absent'
complete -c irelfix -l strict -d 'Exit 4 also for what is not examined'
complete -c irelfix -l prove -f -d 'Start it once per processor model'
complete -c irelfix -n 'string match -q -- "--prove=*" (commandline -ct)' -f \
    -a '(string replace -r "^" -- "--prove=" help all native qemu64 Nehalem Haswell EPYC max \
        cortex-a53 cortex-a72 cortex-a76 neoverse-n1 neoverse-v1 cortex-a710 a64fx rv64 \
        sifive-u54 thead-c906 rva22u64 rva23u64 veyron-v1 pentium3 athlon core2duo cortex-a8 cortex-a9 cortex-a7 cortex-a15 \
        z900 qemu power8 power9 power10 power11 la464 603 750 g4 7447a)'
complete -c irelfix -l color -x -a 'auto always never' -d 'Show what is well in colors'
complete -c irelfix -l format -x -a 'text json sarif github' -d 'What is printed'
complete -c irelfix -l json -d 'One JSON object per file'
complete -c irelfix -s q -l quiet -d 'Print errors only'
complete -c irelfix -s v -l verbose -d 'Show the relocation table'
complete -c irelfix -l explain -x -a 'all wide-bounds lost-irelative biased-weak static-interp' \
    -d 'Explain a class or a reason'
complete -c irelfix -s h -l help -d 'Show the help'
complete -c irelfix -s V -l version -d 'Show the version'
