# SPDX-License-Identifier: MIT
"""
What a repair does to files: samples, everything about a file but its contents, system calls and
what happens when they fail. Knows nothing about pytest.
"""
