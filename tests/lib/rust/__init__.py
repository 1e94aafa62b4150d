# SPDX-License-Identifier: MIT
"""Builds the Rust program in every way that is tested. Knows nothing about pytest."""
