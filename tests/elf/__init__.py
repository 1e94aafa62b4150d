# SPDX-License-Identifier: MIT
"""
Small ELF files made by hand, and every field of any ELF file by its name. Standard library only;
nothing here knows about irelfix or pytest.
"""
