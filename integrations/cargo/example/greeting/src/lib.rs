// SPDX-License-Identifier: MIT

/// The word is the build script's.
pub fn to(name: &str) -> String {
    format!("{} {name}", env!("GREETING"))
}
