# SPDX-License-Identifier: MIT
"""Odd but real shapes of executable, each broken in each way that a linker can break it."""
