#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""python3 diagnose.py FILE... : the library by ctypes, without a compiler."""
import ctypes
import os
import sys

library = ctypes.CDLL("libirelfix.so.1")
library.irelfix_open.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
library.irelfix_diagnose.argtypes = library.irelfix_close.argtypes = [ctypes.c_void_p]
library.irelfix_message.argtypes = [ctypes.c_void_p]
library.irelfix_message.restype = ctypes.c_char_p

worst = 0
for name in sys.argv[1:]:
    file = ctypes.c_void_p()
    status = library.irelfix_open(os.fsencode(name), ctypes.byref(file))
    if status == 0:
        status = library.irelfix_diagnose(file)
    print(f"{name}: {library.irelfix_message(file).decode()}")
    library.irelfix_close(file)
    worst = max(worst, status)
sys.exit(worst)
