# SPDX-License-Identifier: MIT
"""
What a file may cost: hostile files that are small on disk, and what a call takes for each.
"""
