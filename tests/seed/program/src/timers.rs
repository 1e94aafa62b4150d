// SPDX-License-Identifier: MIT
//! Timers: none fires early, a short one beats a long one, an interval ticks on.
use std::time::Duration;
use tokio::time::{interval, sleep, timeout, Instant};

const TASKS: u64 = 100;
const TICKS: u32 = 20;

async fn sleep_for(milliseconds: u64) -> bool {
    let started = Instant::now();
    let wanted = Duration::from_millis(milliseconds);
    sleep(wanted).await;
    started.elapsed() >= wanted
}

async fn tick() -> bool {
    let period = Duration::from_millis(2);
    let started = Instant::now();
    let mut ticks = interval(period);
    for _ in 0..=TICKS {
        ticks.tick().await;
    }
    started.elapsed() >= period * TICKS
}

pub async fn run() {
    let tasks: Vec<_> = (0..TASKS)
        .map(|i| tokio::spawn(sleep_for(i * 7 % 50)))
        .collect();
    let mut in_time = 0;
    for task in tasks {
        in_time += u64::from(task.await.unwrap());
    }
    let forever = timeout(Duration::from_millis(5), std::future::pending::<()>()).await;
    let ready = timeout(Duration::from_secs(600), async { 7 }).await;
    println!("timers: {in_time} of {TASKS} not early, interval not early: {}", tick().await);
    println!("timeouts: {} and {:?}", forever.is_err(), ready.ok());
}
