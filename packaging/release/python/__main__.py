# SPDX-License-Identifier: MIT
from irelfix import main

main()
