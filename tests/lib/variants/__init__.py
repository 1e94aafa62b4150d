# SPDX-License-Identifier: MIT
"""A program for every architecture level: crashes as linked, is repaired, starts and runs."""
