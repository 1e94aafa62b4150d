# SPDX-License-Identifier: MIT
"""
Small ELF files made by hand, and every field of any ELF file by its name, in both classes and byte
orders, with and without addends. Standard library only; nothing here knows about irelfix or pytest.
"""
