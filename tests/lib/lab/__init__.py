# SPDX-License-Identifier: MIT
"""How real programs are compiled, linked, run and judged. Knows nothing about pytest."""
