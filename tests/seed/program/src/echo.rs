// SPDX-License-Identifier: MIT
//! A TCP server on the loopback interface and its many clients.
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: usize = 64;
const MESSAGES: usize = 16;
const LARGEST: usize = 3000;

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 4096];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n]).await?;
    }
}

async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(echo(stream));
    }
}

fn message(client: usize, number: usize) -> Vec<u8> {
    let size = (client * 131 + number * 977) % LARGEST + 1;
    (0..size).map(|i| (i * 31 + client * 7 + number) as u8).collect()
}

/// Sends all its messages and counts the bytes that came back as they were sent.
async fn talk(address: SocketAddr, client: usize) -> io::Result<usize> {
    let (mut reader, mut writer) = TcpStream::connect(address).await?.into_split();
    let sending = tokio::spawn(async move {
        for number in 0..MESSAGES {
            writer.write_all(&message(client, number)).await?;
        }
        writer.shutdown().await
    });
    let mut right = 0;
    for number in 0..MESSAGES {
        let sent = message(client, number);
        let mut received = vec![0; sent.len()];
        reader.read_exact(&mut received).await?;
        right += received.iter().zip(&sent).filter(|(a, b)| a == b).count();
    }
    sending.await.unwrap()?;
    Ok(right)
}

pub async fn run() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(serve(listener));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(talk(address, client)))
        .collect();
    let mut right = 0;
    for client in clients {
        right += client.await.unwrap()?;
    }
    server.abort();
    println!("echo: {right} bytes right, of {CLIENTS} clients with {MESSAGES} messages each");
    Ok(())
}
