/* SPDX-License-Identifier: MIT */
/*
 * Laid out as the opcode maps of the Intel SDM, volume 2, appendix A: a row is the
 * high digit of the opcode, a column the low digit. A cell is three characters:
 *
 *   form      enum opcode_form: what follows the opcode
 *   prefixes  a hexadecimal digit, the sum of 1 (none), 2 (66), 4 (F3) and 8 (F2):
 *             those that the instruction exists with; f where they only modify it
 *   writes    enum opcode_writes: the general registers it writes
 *
 * The constraints on VEX.W, VEX.L and VEX.vvvv are left out: no length depends on them.
 * Of the extensions, APX, KNC, FRED and USER_MSR are left out.
 */
#include "opcodes.h"

#include <stdbool.h>
#include <stddef.h>

enum { CELL = 4 }; /* three characters and a space */

static const char maps[MAP_COUNT][16][16 * CELL] = {
[MAP_ONE] = {
	[0x0] = "lfe lfE mfg mfG bfA zfA .   .   lfe lfE mfg mfG bfA zfA .   p  ",
	[0x1] = "lfe lfE mfg mfG bfA zfA .   .   lfe lfE mfg mfG bfA zfA .   .  ",
	[0x2] = "lfe lfE mfg mfG bfA zfA p   .   lfe lfE mfg mfG bfA zfA p   .  ",
	[0x3] = "lfe lfE mfg mfG bfA zfA p   .   mf- mf- mf- mf- bf- zf- p   .  ",
	[0x4] = "p   p   p   p   p   p   p   p   p   p   p   p   p   p   p   p  ",
	[0x5] = "-f- -f- -f- -f- -f- -f- -f- -f- -fO -fO -fO -fO -fO -fO -fO -fO",
	[0x6] = ".   .   p   mfG p   p   p   p   zf- IfG bf- ifG -fd -fd -fs -fs",
	[0x7] = "jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf-",
	[0x8] = "g   g   .   g   mf- mf- lfb lfB mfe mfE mfg mfG g   MfG g   g  ",
	[0x9] = "-fQ -fQ -fQ -fQ -fQ -fQ -fQ -fQ -fA -fD .   -f- -f- -f- -f- -fA",
	[0xa] = "ofA ofA of- of- -fm -fm -fm -fm bf- zf- -fd -fd -fa -fa -fd -fd",
	[0xb] = "bfo bfo bfo bfo bfo bfo bfo bfo vfO vfO vfO vfO vfO vfO vfO vfO",
	[0xc] = "ife ifE wf- -f- p   p   g   g   efL -fL wf- -f- -f- bfA .   -f-",
	[0xd] = "mfe mfE mfe mfE .   .   .   -fA g   g   g   g   g   g   g   g  ",
	[0xe] = "jfC jfC jfC jf- bfA bfA bf- bf- Jf- Jf- .   jf- -fA -fA -f- -f-",
	[0xf] = "p   -f- p   p   -f- -f- g   g   -f- -f- -f- -f- -f- -f- g   g  ",
},
[MAP_ONE_32] = {
	[0x0] = "lfe lfE mfg mfG bfA zfA -f- -f- lfe lfE mfg mfG bfA zfA -f- p  ",
	[0x1] = "lfe lfE mfg mfG bfA zfA -f- -f- lfe lfE mfg mfG bfA zfA -f- -f-",
	[0x2] = "lfe lfE mfg mfG bfA zfA p   -fA lfe lfE mfg mfG bfA zfA p   -fA",
	[0x3] = "lfe lfE mfg mfG bfA zfA p   -fA mf- mf- mf- mf- bf- zf- p   -fA",
	[0x4] = "-fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO -fO",
	[0x5] = "-f- -f- -f- -f- -f- -f- -f- -f- -fO -fO -fO -fO -fO -fO -fO -fO",
	[0x6] = "-f- -fH Mf- mfE p   p   p   p   zf- IfG bf- ifG -fd -fd -fs -fs",
	[0x7] = "jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf- jf-",
	[0x8] = "g   g   g   g   mf- mf- lfb lfB mfe mfE mfg mfG g   MfG g   g  ",
	[0x9] = "-fQ -fQ -fQ -fQ -fQ -fQ -fQ -fQ -fA -fD ff- -f- -f- -f- -f- -fA",
	[0xa] = "ofA ofA of- of- -fm -fm -fm -fm bf- zf- -fd -fd -fa -fa -fd -fd",
	[0xb] = "bfo bfo bfo bfo bfo bfo bfo bfo vfO vfO vfO vfO vfO vfO vfO vfO",
	[0xc] = "ife ifE wf- -f- MfG MfG g   g   efL -fL wf- -f- -f- bfA -f- -f-",
	[0xd] = "mfe mfE mfe mfE bfA bfA -fA -fA g   g   g   g   g   g   g   g  ",
	[0xe] = "jfC jfC jfC jf- bfA bfA bf- bf- Jf- Jf- ff- jf- -fA -fA -f- -f-",
	[0xf] = "p   -f- p   p   -f- -f- g   g   -f- -f- -f- -f- -f- -f- g   g  ",
},
[MAP_0F] = {
	[0x0] = "g   g   mfG mfG .   -fU -f- -f- -f- -f- .   -f- .   mf- -f- nf-",
	[0x1] = "mf- mf- mf- M3- m3- m3- m7- M3- mf- mf- mf- mf- mf- mf- g   mf-",
	[0x2] = "cfE cfE cf- cf- .   .   .   .   m3- m3- mf- Mf- mfS mfS m3- m3-",
	[0x3] = "-f- -fP -fP -fP -f- -f- .   -1Z p   .   p   .   .   .   .   .  ",
	[0x4] = "mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG mfG",
	[0x5] = "R3G mf- m5- m5- m3- m3- m3- m3- mf- mf- mf- m7- mf- mf- mf- mf-",
	[0x6] = "m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- m2- m2- m3- m7-",
	[0x7] = "if- g   g   g   m3- m3- m3- -1- qbN mb- .   .   ma- ma- m7T m7-",
	[0x8] = "Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf- Jf-",
	[0x9] = "mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe mfe",
	[0xa] = "-f- -f- -fZ mf- ifE mfE g   g   -f- -f- -f- lfE ifE mfE g   mfG",
	[0xb] = "lfx lfX MfG lfE MfG MfG mfG mfG m4G mf- g   lfE mfG mfG mfG mfG",
	[0xc] = "lfb lfB if- M1- i3- N3G i3- g   -fO -fO -fO -fO -fO -fO -fO -fO",
	[0xd] = "ma- m3- m3- m3- m3- m3- me- R3G m3- m3- m3- m3- m3- m3- m3- m3-",
	[0xe] = "m3- m3- m3- m3- m3- m3- me- M3- m3- m3- m3- m3- m3- m3- m3- m3-",
	[0xf] = "M8- m3- m3- m3- m3- m3- m3- R3- m3- m3- m3- m3- m3- m3- m3- mf-",
},
[MAP_0F38] = {
	[0x0] = "m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- m3- .   .   .   .  ",
	[0x1] = "m2- .   .   .   m2- m2- .   m2- .   .   .   .   m3- m3- m3- .  ",
	[0x2] = "m2- m2- m2- m2- m2- m2- .   .   m2- m2- M2- m2- .   .   .   .  ",
	[0x3] = "m2- m2- m2- m2- m2- m2- .   m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0x4] = "m2- m2- .   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x8] = "M2- M2- M2- .   .   .   .   .   .   .   M3g M3G .   .   .   .  ",
	[0xc] = ".   .   .   .   .   .   .   .   m1- m1- m1- m1- m1- m1- .   m2-",
	[0xd] = ".   .   .   .   .   .   .   .   g   .   .   m2- m6- m6- m6- m6-",
	[0xf] = "mbG mbS .   .   .   M2- m7Y .   Me- M1- R4G R4G Mf- .   .   .  ",
},
[MAP_0F3A] = {
	[0x0] = ".   .   .   .   .   .   .   .   i2- i2- i2- i2- i2- i2- i2- i3-",
	[0x1] = ".   .   .   .   i2E i2E i2E i2E .   .   .   .   .   .   .   .  ",
	[0x2] = "i2- i2- i2- .   .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x4] = "i2- i2- i2- .   i2- .   .   .   .   .   .   .   .   .   .   .  ",
	[0x6] = "i2- i2C i2- i2C .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0xc] = ".   .   .   .   .   .   .   .   .   .   .   .   i1- .   i2- i2-",
	[0xd] = ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   i2-",
	[0xf] = "N4- .   .   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
},
[MAP_0F01] = {
	[0xc] = "-1Z -1- -1- -1- -1- -1Z -d- -d- -1- -1- -1- -1- -2- -2- -2- -3Z",
	[0xd] = "-1P -1- .   .   -1- -1- -1- -1Z -f- -f- -f- -f- -f- -f- -f- -f-",
	[0xe] = "-fE -fE -fE -fE -fE -fE -fE -fE -d- -8- -4- .   -4- -4- -5P -5-",
	[0xf] = "-f- -f- -f- -f- -f- -f- -f- -f- -f- -fJ -5- -1- -f- -fP -dA -dA",
},
[MAP_VEX1] = {
	[0x1] = "mf- mf- mf- M3- m3- m3- m7- M3- .   .   .   .   .   .   .   .  ",
	[0x2] = ".   .   .   .   .   .   .   .   m3- m3- mc- M3- mcG mcG m3- m3-",
	[0x4] = ".   R3- R3- .   R3- R3- R3- R3- .   .   R3- R3- .   .   .   .  ",
	[0x5] = "R3G mf- m5- m5- m3- m3- m3- m3- mf- mf- mf- m7- mf- mf- mf- mf-",
	[0x6] = "m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m6-",
	[0x7] = "ie- g   g   g   m2- m2- m2- -1- .   .   .   .   ma- ma- m6T m6-",
	[0x9] = "m3- M3- Rb- RbG .   .   .   .   R3- R3- .   .   .   .   .   .  ",
	[0xa] = ".   .   .   .   .   .   .   .   .   .   .   .   .   .   g   .  ",
	[0xc] = ".   .   if- .   i2- N2G i3- .   .   .   .   .   .   .   .   .  ",
	[0xd] = "ma- m2- m2- m2- m2- m2- m2- R2G m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xe] = "m2- m2- m2- m2- m2- m2- me- M2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xf] = "M8- m2- m2- m2- m2- m2- m2- R2- m2- m2- m2- m2- m2- m2- m2- .  ",
},
[MAP_VEX2] = {
	[0x0] = "m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0x1] = ".   .   .   m2- .   .   m2- m2- m2- m2- M2- .   m2- m2- m2- .  ",
	[0x2] = "m2- m2- m2- m2- m2- m2- .   .   m2- m2- M2- m2- M2- M2- M2- M2-",
	[0x3] = "m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0x4] = "m2- m2- .   .   .   m2- m2- m2- R2- g   Ma- Me- .   .   .   .  ",
	[0x5] = "mf- mf- m2- m2- .   .   .   .   m2- m2- M2- .   Rc- .   Rf- .  ",
	[0x6] = ".   .   .   .   .   .   .   .   .   .   .   .   R3- .   .   .  ",
	[0x7] = ".   .   m4- .   .   .   .   .   m2- m2- .   .   .   .   .   .  ",
	[0x8] = ".   .   .   .   .   .   .   .   .   .   .   .   M2- .   M2- .  ",
	[0x9] = "M2- M2- M2- M2- .   .   m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xa] = ".   .   .   .   .   .   m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xb] = "Mf- M6- .   .   m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xc] = ".   .   .   .   .   .   .   .   .   .   .   R8- R8- R8- .   m2-",
	[0xd] = ".   .   m7- m7- .   .   .   .   .   .   mf- m2- m2- m2- m2- m2-",
	[0xe] = "M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G M2G",
	[0xf] = ".   .   m1G g   .   mdG m8W mfG .   .   .   .   .   .   .   .  ",
},
[MAP_VEX3] = {
	[0x0] = "i2- i2- i2- .   i2- i2- i2- .   i2- i2- i2- i2- i2- i2- i2- i2-",
	[0x1] = ".   .   .   .   i2E i2E i2E i2E i2- i2- .   .   .   i2- .   .  ",
	[0x2] = "i2- i2- i2- .   .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x3] = "N2- N2- N2- N2- .   .   .   .   i2- i2- .   .   .   .   .   .  ",
	[0x4] = "i2- i2- i2- .   i2- .   i2- .   i2- i2- i2- i2- i2- .   .   .  ",
	[0x5] = ".   .   .   .   .   .   .   .   .   .   .   .   i2- i2- i2- i2-",
	[0x6] = "i2- i2C i2- i2C .   .   .   .   i2- i2- i2- i2- i2- i2- i2- i2-",
	[0x7] = ".   .   .   .   .   .   .   .   i2- i2- i2- i2- i2- i2- i2- i2-",
	[0xc] = ".   .   .   .   .   .   .   .   .   .   .   .   .   .   i2- i2-",
	[0xd] = ".   .   .   .   .   .   .   .   .   .   .   .   .   .   i2- i2-",
	[0xf] = "i8G .   .   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
},
[MAP_EVEX1] = {
	[0x1] = "mf- mf- mf- M3- m3- m3- m7- M3- .   .   .   .   .   .   .   .  ",
	[0x2] = ".   .   .   .   .   .   .   .   m3- m3- mc- M3- mcG mcG mf- mf-",
	[0x5] = ".   mf- .   .   m3- m3- m3- m3- mf- mf- mf- m7- mf- mf- mf- mf-",
	[0x6] = "m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- me-",
	[0x7] = "ie- g   g   g   m2- m2- m2- .   mfS mfS me- me- .   .   m6T me-",
	[0xc] = ".   .   if- .   i2- N2G i3- .   .   .   .   .   .   .   .   .  ",
	[0xd] = ".   m2- m2- m2- m2- m2- m2- .   m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xe] = "m2- m2- m2- m2- m2- m2- me- M2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xf] = ".   m2- m2- m2- m2- m2- m2- .   m2- m2- m2- m2- m2- m2- m2- .  ",
},
[MAP_EVEX2] = {
	[0x0] = "m2- .   .   .   m2- .   .   .   .   .   .   m2- m2- m2- .   .  ",
	[0x1] = "m6- m6- m6- m6- m6- m6- m2- .   m2- m2- M2- M2- m2- m2- m2- m2-",
	[0x2] = "m6- m6- m6- m6- m6- m6- m6- m6- m6- m6- m6- m2- m2- m2- .   .  ",
	[0x3] = "m6- m6- m6- m6- m6- m6- m2- m2- m6- m6- m6- m2- m2- m2- m2- m2-",
	[0x4] = "m2- .   m2- m2- m2- m2- m2- m2- .   .   R6- .   m2- m2- m2- m2-",
	[0x5] = "mf- mf- mf- ma- m2- m2- .   .   m2- m2- M2- M2- .   .   .   .  ",
	[0x6] = ".   .   m2- m2- m2- m2- m2- m2- m8- .   .   .   .   Rf- .   .  ",
	[0x7] = "m2- m2- me- m2- md- m2- m2- m2- m2- m2- R2- R2- R2- m2- m2- m2-",
	[0x8] = ".   .   .   m2- .   .   .   .   m2- m2- m2- m2- .   m2- .   m2-",
	[0x9] = "M2- M2- M2- M2- .   .   m2- m2- m2- m2- ma- ma- m2- m2- m2- m2-",
	[0xa] = "M2- M2- M2- M2- .   .   m2- m2- m2- m2- ma- ma- m2- m2- m2- m2-",
	[0xb] = ".   .   .   .   m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2- m2-",
	[0xc] = ".   .   .   .   m2- .   g   g   m2- .   m2- m2- m2- m2- .   m2-",
	[0xd] = ".   .   m7- m7- .   .   .   .   .   .   mc- .   m2- m2- m2- m2-",
},
[MAP_EVEX3] = {
	[0x0] = "i2- i2- .   i2- i2- i2- .   Nf- ib- i2- i3- i2- .   .   .   i2-",
	[0x1] = ".   .   .   .   i2E i2E i2E i2E i2- i2- i2- i2- .   i2- i2- i2-",
	[0x2] = "i2- i2- i2- i2- .   i2- ib- i3- .   .   .   .   .   .   .   .  ",
	[0x3] = ".   .   .   .   .   .   .   .   i2- i2- i2- i2- .   .   i2- i2-",
	[0x4] = ".   .   i6- i2- i2- .   .   .   .   .   .   .   .   .   .   .  ",
	[0x5] = "i2- i2- ib- i3- i2- i2- ib- i3- .   .   .   .   .   .   .   .  ",
	[0x6] = ".   .   .   .   .   .   ib- i3- .   .   .   .   .   .   .   .  ",
	[0x7] = "i2- i2- i2- i2- .   .   .   Nc- .   .   .   .   .   .   .   .  ",
	[0xc] = ".   .   id- .   .   .   .   .   .   .   .   .   .   .   i2- i2-",
},
[MAP_EVEX5] = {
	[0x1] = "m4- m4- .   .   .   .   .   .   md- .   .   md- .   m3- m8- .  ",
	[0x2] = ".   .   .   .   .   .   .   .   .   .   m4- .   m4G m4G m5- m7-",
	[0x5] = ".   m7- .   .   .   .   .   .   m7- m7- mf- m7- m7- m7- m7- m7-",
	[0x6] = ".   .   .   .   .   .   .   .   mb- mb- mb- mb- mfS mfS m6- Mc-",
	[0x7] = ".   .   .   .   md- .   .   .   m7S m7S ma- m6- m3- mf- m6T .  ",
},
[MAP_EVEX6] = {
	[0x1] = ".   .   .   m3- .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x2] = ".   .   .   .   .   .   .   .   .   .   .   .   m3- m2- .   .  ",
	[0x4] = ".   .   m3- m2- .   .   .   .   .   .   .   .   m3- m2- m3- m2-",
	[0x5] = ".   .   .   .   .   .   mc- mc- .   .   .   .   .   .   .   .  ",
	[0x9] = ".   .   .   .   .   .   m2- m2- m3- m2- m3- m2- m3- m2- m3- m2-",
	[0xa] = ".   .   .   .   .   .   m2- m2- m3- m2- m3- m2- m3- m2- m3- m2-",
	[0xb] = ".   .   .   .   .   .   m2- m2- m3- m2- m3- m2- m3- m2- m3- m2-",
	[0xd] = ".   .   .   .   .   .   mc- mc- .   .   .   .   .   .   .   .  ",
},
[MAP_XOP8] = {
	[0x8] = ".   .   .   .   .   i1- i1- i1- .   .   .   .   .   .   i1- i1-",
	[0x9] = ".   .   .   .   .   i1- i1- i1- .   .   .   .   .   .   i1- i1-",
	[0xa] = ".   .   i1- i1- .   .   i1- .   .   .   .   .   .   .   .   .  ",
	[0xb] = ".   .   .   .   .   .   i1- .   .   .   .   .   .   .   .   .  ",
	[0xc] = "i1- i1- i1- i1- .   .   .   .   .   .   .   .   i1- i1- i1- i1-",
	[0xe] = ".   .   .   .   .   .   .   .   .   .   .   .   i1- i1- i1- i1-",
},
[MAP_XOP9] = {
	[0x0] = ".   g   g   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x1] = ".   .   g   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x8] = "m1- m1- m1- m1- .   .   .   .   .   .   .   .   .   .   .   .  ",
	[0x9] = "m1- m1- m1- m1- m1- m1- m1- m1- m1- m1- m1- m1- .   .   .   .  ",
	[0xc] = ".   m1- m1- m1- .   .   m1- m1- .   .   .   m1- .   .   .   .  ",
	[0xd] = ".   m1- m1- m1- .   .   m1- m1- .   .   .   m1- .   .   .   .  ",
	[0xe] = ".   m1- m1- m1- .   .   .   .   .   .   .   .   .   .   .   .  ",
},
[MAP_XOPA] = {
	[0x1] = "I1G .   g   .   .   .   .   .   .   .   .   .   .   .   .   .  ",
},
};

/* The instructions of a group by ModRM.reg, for memory and for a register as r/m. */
struct group {
	enum opcode_map map;
	uint8_t opcode;
	const char *memory, *reg; /* eight cells; NULL: none */
};

#define SAME(map, opcode, cells) { map, opcode, cells, cells }
#define NO_MEMORY NULL
#define NO_REGISTER NULL

static const struct group groups[] = {
	/* add or adc sbb and sub xor cmp */
	SAME(MAP_ONE, 0x80, "kfe kfe kfe kfe kfe kfe kfe if-"),
	SAME(MAP_ONE, 0x81, "KfE KfE KfE KfE KfE KfE KfE If-"),
	SAME(MAP_ONE, 0x83, "kfE kfE kfE kfE kfE kfE kfE if-"),
	/* mov from and to a segment register */
	SAME(MAP_ONE, 0x8c, "mfE mfE mfE mfE mfE mfE .   .  "),
	SAME(MAP_ONE, 0x8e, "mf- .   mf- mf- mf- mf- .   .  "),
	/* pop */
	SAME(MAP_ONE, 0x8f, "mfE .   .   .   .   .   .   .  "),
	/* mov; xabort, xbegin */
	{ MAP_ONE, 0xc6, "ife .   .   .   .   .   .   .  ", "ife .   .   .   .   .   .   ifA" },
	{ MAP_ONE, 0xc7, "IfE .   .   .   .   .   .   .  ", "IfE .   .   .   .   .   .   IfA" },
	/* x87 */
	SAME(MAP_ONE, 0xd8, "mf- mf- mf- mf- mf- mf- mf- mf-"),
	{ MAP_ONE, 0xd9, "mf- .   mf- mf- mf- mf- mf- mf-", "mf- mf- mf- mf- mf- mf- mf- mf-" },
	{ MAP_ONE, 0xda, "mf- mf- mf- mf- mf- mf- mf- mf-", "mf- mf- mf- mf- .   mf- .   .  " },
	{ MAP_ONE, 0xdb, "mf- mf- mf- mf- .   mf- .   mf-", "mf- mf- mf- mf- mf- mf- mf- .  " },
	SAME(MAP_ONE, 0xdc, "mf- mf- mf- mf- mf- mf- mf- mf-"),
	{ MAP_ONE, 0xdd, "mf- mf- mf- mf- mf- .   mf- mf-", "mf- mf- mf- mf- mf- mf- .   .  " },
	SAME(MAP_ONE, 0xde, "mf- mf- mf- mf- mf- mf- mf- mf-"),
	{ MAP_ONE, 0xdf, "mf- mf- mf- mf- mf- mf- mf- mf-", "mf- mf- mf- mf- mfA mf- mf- .  " },
	/* test test not neg mul imul div idiv */
	SAME(MAP_ONE, 0xf6, "if- if- lfe lfe mfA mfA mfA mfA"),
	SAME(MAP_ONE, 0xf7, "If- If- lfE lfE mfP mfP mfP mfP"),
	/* inc dec call callf jmp jmpf push */
	SAME(MAP_ONE, 0xfe, "lfe lfe .   .   .   .   .   .  "),
	{ MAP_ONE, 0xff, "lfE lfE mf- mf- mf- mf- mf- .  ", "lfE lfE mf- .   mf- .   mf- .  " },
	/* sldt str lldt ltr verr verw */
	SAME(MAP_0F, 0x00, "mfE mfE mf- mf- mf- mf- .   .  "),
	/* sgdt sidt lgdt lidt smsw rstorssp lmsw invlpg; a register: MAP_0F01 */
	{ MAP_0F, 0x01, "mf- mf- mf- mf- mf- m4- mf- mf-", NO_REGISTER },
	/* hint nop, endbr64; rdssp */
	{ MAP_0F, 0x1e, "mf- mf- mf- mf- mf- mf- mf- mf-", "mf- mfF mf- mf- mf- mf- mf- mf-" },
	/* shifts of a vector by an immediate */
	{ MAP_0F, 0x71, NO_MEMORY, ".   .   i3- .   i3- .   i3- .  " },
	{ MAP_0F, 0x72, NO_MEMORY, ".   .   i3- .   i3- .   i3- .  " },
	{ MAP_0F, 0x73, NO_MEMORY, ".   .   i3- i2- .   .   i3- i2-" },
	{ MAP_VEX1, 0x71, NO_MEMORY, ".   .   i2- .   i2- .   i2- .  " },
	{ MAP_VEX1, 0x72, NO_MEMORY, ".   .   i2- .   i2- .   i2- .  " },
	{ MAP_VEX1, 0x73, NO_MEMORY, ".   .   i2- i2- .   .   i2- i2-" },
	SAME(MAP_EVEX1, 0x71, ".   .   i2- .   i2- .   i2- .  "),
	SAME(MAP_EVEX1, 0x72, "i2- i2- i2- .   i2- .   i2- .  "),
	SAME(MAP_EVEX1, 0x73, ".   .   i2- i2- .   .   i2- i2-"),
	/* fxsave ... clflush; rdfsbase rdgsbase wrfsbase wrgsbase ptwrite fences */
	{ MAP_0F, 0xae, "m1- m1- m1- m1- m5- m1- m7- m3-", "m4E m4E m4- m4- m4- m5- mf- m1-" },
	{ MAP_VEX1, 0xae, ".   .   m1- m1- .   .   .   .  ", NO_REGISTER },
	/* VIA PadLock: montmul xsha1 xsha256; xstore xcrypt... */
	{ MAP_0F, 0xa6, NO_MEMORY, "m4K m4K m4K .   .   .   .   .  " },
	{ MAP_0F, 0xa7, NO_MEMORY, "m7K m4K m4K m4K m4K m4K .   .  " },
	/* bt bts btr btc */
	SAME(MAP_0F, 0xba, ".   .   .   .   if- kfE kfE kfE"),
	/* cmpxchg8b xrstors xsavec xsaves vmptrld vmptrst; rdrand, rdseed and rdpid */
	{ MAP_0F, 0xc7, ".   lfP .   m1- m1- m1- m7- m1-", ".   .   .   .   .   .   m7T m7E" },
	/* aesencwide128kl ... */
	{ MAP_0F38, 0xd8, "m4- m4- m4- m4- .   .   .   .  ", NO_REGISTER },
	/* ldtilecfg, sttilecfg; tilerelease, tilezero */
	{ MAP_VEX2, 0x49, "m3- .   .   .   .   .   .   .  ", "m9- m8- m8- m8- m8- m8- m8- m8-" },
	/* blsr blsmsk blsi */
	SAME(MAP_VEX2, 0xf3, ".   m1V m1V m1V .   .   .   .  "),
	/* gather and scatter prefetches */
	{ MAP_EVEX2, 0xc6, ".   m2- m2- .   .   m2- m2- .  ", NO_REGISTER },
	{ MAP_EVEX2, 0xc7, ".   m2- m2- .   .   m2- m2- .  ", NO_REGISTER },
	/* TBM */
	SAME(MAP_XOP9, 0x01, ".   m1V m1V m1V m1V m1V m1V m1V"),
	SAME(MAP_XOP9, 0x02, ".   m1V .   .   .   .   m1V .  "),
	/* LWP: llwpcb slwpcb; lwpins lwpval */
	{ MAP_XOP9, 0x12, NO_MEMORY, "m1- m1E .   .   .   .   .   .  " },
	SAME(MAP_XOPA, 0x12, "I1- I1- .   .   .   .   .   .  "),
	/* in 32-bit mode another 80 */
	SAME(MAP_ONE, 0x82, "kfe kfe kfe kfe kfe kfe kfe if-"),
};

/* The groups whose register forms do not exist with every r/m: bit n = r/m n does. */
static const struct {
	uint8_t opcode, reg, rm;
} x87_holes[] = {
	{ 0xd9, 2, 0x01 }, /* fnop */
	{ 0xd9, 4, 0x33 }, /* fchs fabs, ftst fxam */
	{ 0xd9, 5, 0x7f }, /* fld1 ... fldz */
	{ 0xda, 5, 0x02 }, /* fucompp */
	{ 0xdb, 4, 0x1f }, /* fneni ... fninit fnsetpm */
	{ 0xde, 3, 0x02 }, /* fcompp */
	{ 0xdf, 4, 0x01 }, /* fnstsw */
};

/* The value of a lower-case hexadecimal digit. */
static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Cell @n of a row; an absent row has none. */
static struct opcode cell(const char *row, unsigned n)
{
	struct opcode none = { FORM_INVALID, WRITES_NONE, 0 };
	const char *at;

	if (row == NULL || row[0] == '\0')
		return none;
	at = row + (size_t)CELL * n;
	if (at[1] == ' ') {
		none.form = (enum opcode_form)at[0];
		return none;
	}
	return (struct opcode){ (enum opcode_form)at[0], (enum opcode_writes)at[2], digit(at[1]) };
}

struct opcode x86_opcode(enum opcode_map map, uint8_t opcode)
{
	return cell(maps[map][opcode >> 4], opcode & 15);
}

/* Whether @modrm is an x87 instruction on registers that does not exist. */
static bool x87_hole(enum opcode_map map, uint8_t opcode, uint8_t modrm)
{
	for (size_t i = 0; map == MAP_ONE && i < sizeof x87_holes / sizeof x87_holes[0]; i++)
		if (x87_holes[i].opcode == opcode && x87_holes[i].reg == (modrm >> 3 & 7))
			return (x87_holes[i].rm >> (modrm & 7) & 1) == 0;
	return false;
}

struct opcode x86_group(enum opcode_map map, uint8_t opcode, uint8_t modrm)
{
	bool is_register = modrm >= 0xc0;

	if (map == MAP_0F && opcode == 0x01 && is_register)
		return x86_opcode(MAP_0F01, modrm);
	if (is_register && x87_hole(map, opcode, modrm))
		return cell(NULL, 0);
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (groups[i].map == map && groups[i].opcode == opcode)
			return cell(is_register ? groups[i].reg : groups[i].memory, modrm >> 3 & 7);
	return cell(NULL, 0);
}
