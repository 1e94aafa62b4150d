# SPDX-License-Identifier: MIT
import pytest

pytest.register_assert_rewrite("checks")
