// SPDX-License-Identifier: MIT

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=GREETING=hello");
    // As the crates that wrap C libraries do: a shared library on the line of a static link.
    println!("cargo:rustc-link-lib=dylib=m");
}
