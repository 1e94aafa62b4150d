# SPDX-License-Identifier: MIT
import std/os

echo "hello from Nim, ", paramStr(paramCount()).cstring.len
