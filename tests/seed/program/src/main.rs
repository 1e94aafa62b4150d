// SPDX-License-Identifier: MIT
//! Tokio's multi-thread runtime under load, on mimalloc. What it prints is the same on every
//! machine and in every run.
mod allocator;
mod channels;
mod churn;
mod echo;
mod timers;
mod weak;

use std::io;

#[global_allocator]
static GLOBAL: allocator::Mimalloc = allocator::Mimalloc;

const WORKERS: usize = 4;

fn main() -> io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("weak") {
        weak::print_addresses();
        return Ok(());
    }
    #[cfg(feature = "hook")]
    weak::call_hook();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        println!("allocator: {}", allocator::name_of(&Box::new(0u64)));
        timers::run().await;
        echo::run().await?;
        channels::run().await;
        churn::run().await;
        Ok(())
    })
}
