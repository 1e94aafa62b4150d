// SPDX-License-Identifier: MIT

use name_of::NameOf;

#[derive(NameOf)]
struct World;

fn main() {
    println!("{}", greeting::to(World::name_of()));
}
