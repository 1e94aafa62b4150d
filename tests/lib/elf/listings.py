# SPDX-License-Identifier: MIT
"""
The startup code of the hand-made files, machine by machine: an imitation of glibc's. _start calls a
function that applies the IRELATIVE entries between START and END, stops the program at any other, and
calls through the first slot. `check` holds the address of a slot that must have stayed 0.

A line is LABEL: or HEX BYTES, then perhaps FIXUP(LABEL), which code.py knows. The machine code stands
beside what it says; types, and the size of an entry, are a part of it.
"""

X86_64 = """
_start:   31ed                        # xor  ebp, ebp
          e8 rel32(startup)           # call startup
          89c7                        # mov  edi, eax
          b83c000000                  # mov  eax, SYS_exit
          0f05                        # syscall
          0f0b                        # ud2
startup:  53                          # push rbx
          55                          # push rbp
          50                          # push rax
          488d1d rel32(START)         # lea  rbx, [rip + START]
          488d2d rel32(END)           # lea  rbp, [rip + END]
          4839eb                      # cmp  rbx, rbp
          0f83 rel32(done)            # jae  done
loop:     837b0825                    # cmp  dword [rbx + 8], R_X86_64_IRELATIVE
          0f85 rel32(fatal)           # jne  fatal
          ff5310                      # call [rbx + 16]
          488b0b                      # mov  rcx, [rbx]
          488901                      # mov  [rcx], rax
          4883c318                    # add  rbx, 24
          4839eb                      # cmp  rbx, rbp
          0f82 rel32(loop)            # jb   loop
done:     488d05 rel32(check)         # lea  rax, [rip + check]
          48833800                    # cmp  qword [rax], 0
          0f85 rel32(fatal)           # jne  fatal
          ff15 rel32(slot)            # call [rip + slot]
          59                          # pop  rcx
          5d                          # pop  rbp
          5b                          # pop  rbx
          c3                          # ret
fatal:    0f0b                        # ud2
resolver: 488d05 rel32(answer)        # lea  rax, [rip + answer]
          c3                          # ret
answer:   31c0                        # xor  eax, eax
          c3                          # ret
"""

AARCH64 = """
_start:   94000000 branch26(startup)  # bl   startup
          d2800ba8                    # mov  x8, SYS_exit
          d4000001                    # svc  0
          00000000                    # udf
startup:  a9be4ff4                    # stp  x20, x19, [sp, -32]!
          f9000bfe                    # str  x30, [sp, 16]
          10000013 adr(START)         # adr  x19, START
          10000014 adr(END)           # adr  x20, END
          eb14027f                    # cmp  x19, x20
          54000002 branch19(done)     # b.hs done
loop:     b9400a68                    # ldr  w8, [x19, 8]
          7110211f                    # cmp  w8, R_AARCH64_IRELATIVE
          54000001 branch19(fatal)    # b.ne fatal
          f9400a68                    # ldr  x8, [x19, 16]
          d63f0100                    # blr  x8
          f9400268                    # ldr  x8, [x19]
          f9000100                    # str  x0, [x8]
          91006273                    # add  x19, x19, 24
          eb14027f                    # cmp  x19, x20
          54000003 branch19(loop)     # b.lo loop
done:     10000008 adr(check)         # adr  x8, check
          f9400108                    # ldr  x8, [x8]
          b5000008 branch19(fatal)    # cbnz x8, fatal
          10000008 adr(slot)          # adr  x8, slot
          f9400108                    # ldr  x8, [x8]
          d63f0100                    # blr  x8
          f9400bfe                    # ldr  x30, [sp, 16]
          a8c24ff4                    # ldp  x20, x19, [sp], 32
          d65f03c0                    # ret
fatal:    00000000                    # udf
resolver: 10000000 adr(answer)        # adr  x0, answer
          d65f03c0                    # ret
answer:   d2800000                    # mov  x0, 0
          d65f03c0                    # ret
"""

RISCV64 = """
_start:   000000ef jal(startup)       # jal  startup
          05e00893                    # li   a7, SYS_exit_group
          00000073                    # ecall
          c0001073                    # unimp
startup:  fe010113                    # addi sp,sp,-32
          00113c23                    # sd ra,24(sp)
          00813823                    # sd s0,16(sp)
          00913423                    # sd s1,8(sp)
          0000041700040413 pair(START) # la   s0, START
          0000049700048493 pair(END) # la   s1, END
          00947063 branch(done)       # bgeu s0, s1, done
loop:     00846783                    # lwu a5,8(s0)
          03a00713                    # li   a4, R_RISCV_IRELATIVE
          00e79063 branch(fatal)      # bne  a5, a4, fatal
          01043783                    # ld a5,16(s0)
          000780e7                    # jalr a5
          00043783                    # ld a5,0(s0)
          00a7b023                    # sd a0,0(a5)
          01840413                    # addi s0,s0,24
          00946063 branch(loop)       # bltu s0, s1, loop
done:     0000079700078793 pair(check) # la   a5, check
          0007b783                    # ld a5,0(a5)
          00079063 branch(fatal)      # bnez a5, fatal
          0000079700078793 pair(slot) # la   a5, slot
          0007b783                    # ld a5,0(a5)
          000780e7                    # jalr a5
          01813083                    # ld ra,24(sp)
          01013403                    # ld s0,16(sp)
          00813483                    # ld s1,8(sp)
          02010113                    # addi sp,sp,32
          00008067                    # ret
fatal:    c0001073                    # unimp
resolver: 0000051700050513 pair(answer) # la   a0, answer
          00008067                    # ret
answer:   00000513                    # li   a0, 0
          00008067                    # ret
"""

I386 = """
_start:   31ed                        # xor ebp,ebp
          e8 rel32(startup)           # call startup
          89c3                        # mov ebx,eax
          b8fc000000                  # mov  eax, SYS_exit_group
          cd80                        # int 0x80
          0f0b                        # ud2
startup:  53                          # push ebx
          56                          # push esi
          bb abs32(START)             # mov  ebx, START
          be abs32(END)               # mov  esi, END
          39f3                        # cmp ebx,esi
          0f83 rel32(done)            # jae  done
loop:     807b042a                    # cmp  byte [ebx + 4], R_386_IRELATIVE
          0f85 rel32(fatal)           # jne  fatal
          8b0b                        # mov ecx,[ebx]
          ff11                        # call [ecx]
          8901                        # mov [ecx],eax
          83c308                      # add ebx,8
          39f3                        # cmp ebx,esi
          0f82 rel32(loop)            # jb   loop
done:     b8 abs32(check)             # mov  eax, check
          833800                      # cmp  dword [eax], 0
          0f85 rel32(fatal)           # jne  fatal
          b8 abs32(slot)              # mov  eax, slot
          ff10                        # call [eax]
          5e                          # pop esi
          5b                          # pop ebx
          c3                          # ret
fatal:    0f0b                        # ud2
resolver: b8 abs32(answer)            # mov  eax, answer
          c3                          # ret
answer:   31c0                        # xor eax,eax
          c3                          # ret
"""

ARM = """
_start:   eb000000 branch24(startup)  # bl   startup
          e3a070f8                    # mov  r7, #SYS_exit_group
          ef000000                    # svc #0
          e7f000f0                    # udf #0
startup:  e92d4070                    # push {r4,r5,r6,lr}
          e3004000e3404000 halves(START) # movw, movt r4, START
          e3005000e3405000 halves(END) # movw, movt r5, END
          e1540005                    # cmp r4,r5
          2a000000 branch24(done)     # bhs  done
loop:     e5d43004                    # ldrb r3,[r4,#4]
          e35300a0                    # cmp  r3, #R_ARM_IRELATIVE
          1a000000 branch24(fatal)    # bne  fatal
          e5946000                    # ldr r6,[r4]
          e5963000                    # ldr r3,[r6]
          e12fff33                    # blx r3
          e5860000                    # str r0,[r6]
          e2844008                    # add r4,r4,#8
          e1540005                    # cmp r4,r5
          3a000000 branch24(loop)     # blo  loop
done:     e3003000e3403000 halves(check) # movw, movt r3, check
          e5933000                    # ldr r3,[r3]
          e3530000                    # cmp r3,#0
          1a000000 branch24(fatal)    # bne  fatal
          e3003000e3403000 halves(slot) # movw, movt r3, slot
          e5933000                    # ldr r3,[r3]
          e12fff33                    # blx r3
          e8bd8070                    # pop {r4,r5,r6,pc}
fatal:    e7f000f0                    # udf #0
resolver: e3000000e3400000 halves(answer) # movw, movt r0, answer
          e12fff1e                    # bx lr
answer:   e3a00000                    # mov r0,#0
          e12fff1e                    # bx lr
"""

S390X = """
_start:   c0e5 half32(startup)        # brasl %r14, startup
          a71900f8                    # lghi %r1, SYS_exit_group
          0a00                        # svc 0
          0000                        # an illegal instruction
startup:  eb6ff0300024                # stmg %r6,%r15,48(%r15)
          a7fbff60                    # aghi %r15,-160
          c080 half32(START)          # larl %r8, START
          c090 half32(END)            # larl %r9, END
          b9210089                    # clgr %r8,%r9
          c0a4 half32(done)           # brcl 10, done
loop:     5810800c                    # l %r1,12(%r8)
          a71e003d                    # chi  %r1, R_390_IRELATIVE
          c074 half32(fatal)          # brcl 7, fatal
          e31080100004                # lg %r1,16(%r8)
          0de1                        # basr %r14,%r1
          e31080000004                # lg %r1,0(%r8)
          e32010000024                # stg %r2,0(%r1)
          a78b0018                    # aghi %r8,24
          b9210089                    # clgr %r8,%r9
          c044 half32(loop)           # brcl 4, loop
done:     c418 half32(check)          # lgrl %r1, check
          b9020011                    # ltgr %r1,%r1
          c074 half32(fatal)          # brcl 7, fatal
          c418 half32(slot)           # lgrl %r1, slot
          0de1                        # basr %r14,%r1
          eb6ff0d00004                # lmg %r6,%r15,208(%r15)
          07fe                        # br %r14
fatal:    0000                        # an illegal instruction
resolver: c020 half32(answer)         # larl %r2, answer
          07fe                        # br %r14
answer:   a7290000                    # lghi %r2,0
          07fe                        # br %r14
"""

PPC64LE = """
_start:   3c4c0000                    # addis 2,12,0: the TOC pointer
          38420000                    # addi 2,2,0
          48000001 branch24p(startup) # bl   startup
          380000ea                    # li   0, SYS_exit_group
          44000002                    # sc
          7fe00008                    # trap
startup:  7c0802a6                    # mflr 0
          f821ffc1                    # stdu 1,-64(1)
          f8010030                    # std 0,48(1)
          fbc10028                    # std 30,40(1)
          fbe10020                    # std 31,32(1)
          3fe000003bff0000 ha_lo(START) # lis, addi 31, START
          3fc000003bde0000 ha_lo(END) # lis, addi 30, END
          7c3ff040                    # cmpld 31,30
          40800000 branch14(done)     # bge  done
loop:     813f0008                    # lwz 9,8(31)
          280900f8                    # cmplwi 9, R_PPC_IRELATIVE
          40820000 branch14(fatal)    # bne  fatal
          e99f0010                    # ld 12,16(31)
          7d8903a6                    # mtctr 12
          4e800421                    # bctrl
          e93f0000                    # ld 9,0(31)
          f8690000                    # std 3,0(9)
          3bff0018                    # addi 31,31,24
          7c3ff040                    # cmpld 31,30
          41800000 branch14(loop)     # blt  loop
done:     3d20000039290000 ha_lo(check) # lis, addi 9, check
          e9290000                    # ld 9,0(9)
          28290000                    # cmpldi 9,0
          40820000 branch14(fatal)    # bne  fatal
          3d20000039290000 ha_lo(slot) # lis, addi 9, slot
          e9890000                    # ld 12,0(9)
          7d8903a6                    # mtctr 12
          4e800421                    # bctrl
          e8010030                    # ld 0,48(1)
          7c0803a6                    # mtlr 0
          ebc10028                    # ld 30,40(1)
          ebe10020                    # ld 31,32(1)
          38210040                    # addi 1,1,64
          4e800020                    # blr
fatal:    00000000                    # an illegal instruction
resolver: 3c60000038630000 ha_lo(answer) # lis, addi 3, answer
          4e800020                    # blr
answer:   38600000                    # li 3,0
          4e800020                    # blr
"""

PPC32 = """
_start:   48000001 branch24p(startup) # bl   startup
          380000ea                    # li   0, SYS_exit_group
          44000002                    # sc
          7fe00008                    # trap
startup:  7c0802a6                    # mflr 0
          9421ffc0                    # stwu 1,-64(1)
          90010030                    # stw 0,48(1)
          93c10028                    # stw 30,40(1)
          93e10020                    # stw 31,32(1)
          3fe000003bff0000 ha_lo(START) # lis, addi 31, START
          3fc000003bde0000 ha_lo(END) # lis, addi 30, END
          7c1ff040                    # cmplw 31,30
          40800000 branch14(done)     # bge  done
loop:     893f0007                    # lbz 9,7(31)
          280900f8                    # cmplwi 9, R_PPC_IRELATIVE
          40820000 branch14(fatal)    # bne  fatal
          819f0008                    # lwz 12,8(31)
          7d8903a6                    # mtctr 12
          4e800421                    # bctrl
          813f0000                    # lwz 9,0(31)
          90690000                    # stw 3,0(9)
          3bff000c                    # addi 31,31,12
          7c1ff040                    # cmplw 31,30
          41800000 branch14(loop)     # blt  loop
done:     3d20000039290000 ha_lo(check) # lis, addi 9, check
          81290000                    # lwz 9,0(9)
          28090000                    # cmplwi 9,0
          40820000 branch14(fatal)    # bne  fatal
          3d20000039290000 ha_lo(slot) # lis, addi 9, slot
          81890000                    # lwz 12,0(9)
          7d8903a6                    # mtctr 12
          4e800421                    # bctrl
          80010030                    # lwz 0,48(1)
          7c0803a6                    # mtlr 0
          83c10028                    # lwz 30,40(1)
          83e10020                    # lwz 31,32(1)
          38210040                    # addi 1,1,64
          4e800020                    # blr
fatal:    00000000                    # an illegal instruction
resolver: 3c60000038630000 ha_lo(answer) # lis, addi 3, answer
          4e800020                    # blr
answer:   38600000                    # li 3,0
          4e800020                    # blr
"""

LOONGARCH64 = """
_start:   54000000 branch26l(startup) # bl   startup
          0281780b                    # li.w a7, SYS_exit_group
          002b0000                    # syscall 0
          002a0000                    # break 0
startup:  02ff8063                    # addi.d $sp,$sp,-32
          29c06061                    # st.d $ra,$sp,24
          29c04077                    # st.d $s0,$sp,16
          29c02078                    # st.d $s1,$sp,8
          18000017 pcaddi(START)      # pcaddi s0, START
          18000018 pcaddi(END)        # pcaddi s1, END
          6c0002f8 branch16(done)     # bgeu s0, s1, done
loop:     2a8022ec                    # ld.wu $t0,$s0,8
          0280300d                    # li.w t1, R_LARCH_IRELATIVE
          5c00018d branch16(fatal)    # bne  t0, t1, fatal
          28c042ec                    # ld.d $t0,$s0,16
          4c000181                    # jirl $ra,$t0,0
          28c002ec                    # ld.d $t0,$s0,0
          29c00184                    # st.d $a0,$t0,0
          02c062f7                    # addi.d $s0,$s0,24
          680002f8 branch16(loop)     # bltu s0, s1, loop
done:     1800000c pcaddi(check)      # pcaddi t0, check
          28c0018c                    # ld.d $t0,$t0,0
          5c000180 branch16(fatal)    # bne  t0, zero, fatal
          1800000c pcaddi(slot)       # pcaddi t0, slot
          28c0018c                    # ld.d $t0,$t0,0
          4c000181                    # jirl $ra,$t0,0
          28c06061                    # ld.d $ra,$sp,24
          28c04077                    # ld.d $s0,$sp,16
          28c02078                    # ld.d $s1,$sp,8
          02c08063                    # addi.d $sp,$sp,32
          4c000020                    # ret
fatal:    ffffffff                    # an illegal instruction
resolver: 18000004 pcaddi(answer)     # pcaddi a0, answer
          4c000020                    # ret
answer:   02800004                    # li.w a0, 0
          4c000020                    # ret
"""
