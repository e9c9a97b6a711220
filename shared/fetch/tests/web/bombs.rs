//! Answers that never end, in every place where an answer can fail to end, and what they cost us.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use statusphere_domain::FetchErrorKind::{self, TimedOut, Unreachable, Unusable};
use statusphere_fetch::{Fetcher, Limits};

use crate::server::{Visit, config, fetcher, impatient, serve};

const GZIP: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Blocks of a deflate stream that stand for a mebibyte of zeros and may be repeated for ever.
fn deflate_block() -> Vec<u8> {
    let mut block = Vec::with_capacity(10_000);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(&vec![0; 1 << 20], &mut block, FlushCompress::Full).unwrap();
    block
}

/// Sends a head and the start of a body, and the same on and on until nobody listens; counts the bytes.
async fn endless(head: &str, start: &[u8], more: &[u8]) -> (String, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let start = [format!("HTTP/1.1 {head}").as_bytes(), start].concat();
    let more = more.repeat((1 << 16) / more.len().max(1));
    let server = serve(move |mut visit: Visit| {
        let (start, more, counter) = (start.clone(), more.clone(), counter.clone());
        async move {
            visit.write(&start).await;
            while !more.is_empty() && visit.write(&more).await {
                counter.fetch_add(more.len(), Ordering::SeqCst);
            }
            // Otherwise the end of the connection would say that there is no more.
            visit.hang().await;
        }
    })
    .await;
    (server, sent)
}

async fn fails(fetcher: &Fetcher, server: &str) -> (FetchErrorKind, String) {
    let started = Instant::now();
    let error = fetcher.get(&format!("http://{server}/")).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(4), "{} took {:?}", error.detail, started.elapsed());
    (error.kind, error.detail)
}

#[tokio::test]
async fn an_endless_bomb_is_cut_at_the_cap_as_it_unfolds() {
    let block = deflate_block();
    for (encoding, start, more, expected) in [
        ("gzip", GZIP, block.as_slice(), "the body is larger than 100000 bytes"),
        ("x-gzip", GZIP, &block, "the body is encoded as x-gzip"),
        ("br", &[], b"a", "the body is encoded as br"),
    ] {
        let (server, sent) = endless(&format!("200 OK\r\ncontent-encoding: {encoding}\r\n\r\n"), start, more).await;
        let (kind, detail) = fails(&fetcher(&[&server]), &server).await;
        assert_eq!((kind, detail.as_str()), (Unusable, expected), "{encoding}");
        // What fits into the buffers of two sockets may be gone before we hang up.
        assert!(sent.load(Ordering::SeqCst) < 16 << 20, "{encoding}: {sent:?} bytes were taken");
    }
}

#[tokio::test]
async fn stacked_encodings_are_refused_and_never_unfold_beyond_the_cap() {
    let bomb = [GZIP, &deflate_block().repeat(1000)].concat();
    for encoding in ["gzip, gzip", "br, gzip", "gzip, br", "zstd, deflate", "gzip,gzip,gzip,gzip"] {
        let (server, _) = endless(&format!("200 OK\r\ncontent-encoding: {encoding}\r\n\r\n"), &bomb, &[]).await;
        let (kind, detail) = fails(&fetcher(&[&server]), &server).await;
        assert_eq!((kind, detail), (Unusable, format!("the body is encoded as {encoding}")));
    }
    // Of several lines at most one is undone.
    for lines in ["gzip\r\ncontent-encoding: gzip", "gzip\r\ncontent-encoding: br", "br\r\ncontent-encoding: gzip"] {
        let (server, _) = endless(&format!("200 OK\r\ncontent-encoding: {lines}\r\n\r\n"), &bomb, &[]).await;
        assert_eq!(fails(&fetcher(&[&server]), &server).await.0, Unusable, "{lines}");
    }
}

#[tokio::test]
async fn what_unfolds_to_nothing_for_ever_ends_by_the_deadline() {
    for (start, more) in [
        (GZIP, [0, 0, 0, 0xff, 0xff].as_slice()),
        (&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0xff], b"a name that never ends"),
    ] {
        let (server, _) = endless("200 OK\r\ncontent-encoding: gzip\r\n\r\n", start, more).await;
        let (kind, detail) = fails(&impatient(&[&server]), &server).await;
        assert!(matches!(kind, TimedOut | Unusable), "{start:?}: {detail}");
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_refused_or_ends_by_the_deadline() {
    for (start, more, expected) in [
        ("200 OK\r\n", "x: y\r\n", Some("the answer is not HTTP")),
        ("200 OK\r\nx: ", "y", Some("the answer is not HTTP")),
        ("200 OK\r\n", "x", Some("the answer is not HTTP")),
        ("200 ", "O", Some("the answer is not HTTP")),
        ("100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", None),
        ("103 Early Hints\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", None),
        ("100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n", None),
    ] {
        let (server, sent) = endless(start, &[], more.as_bytes()).await;
        let (kind, detail) = fails(&impatient(&[&server]), &server).await;
        match expected {
            Some(expected) => {
                assert_eq!((kind, detail.as_str()), (Unreachable, expected), "{start}{more}");
                assert!(sent.load(Ordering::SeqCst) < 16 << 20, "{start}{more}: {sent:?} bytes were taken");
            }
            None => assert!(matches!(kind, TimedOut | Unreachable), "{start}{more}: {detail}"),
        }
    }
}

#[tokio::test]
async fn chunks_that_lie_fail_clearly() {
    let chunked = "200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for (body, kind, detail) in [
        ("5\r\nab", Unreachable, "the answer broke off"),
        ("5\r\nhello\r\n", Unreachable, "the answer broke off"),
        ("5", Unreachable, "the answer broke off"),
        ("zz\r\nhello\r\n", Unreachable, "the answer is not HTTP"),
        ("5\r\nhello world\r\n0\r\n\r\n", Unreachable, "the answer is not HTTP"),
        ("fffffffffffffffff\r\nhello", Unreachable, "the answer is not HTTP"),
    ] {
        let server = serve(move |mut visit: Visit| async move {
            visit.write(format!("HTTP/1.1 {chunked}{body}")).await;
        })
        .await;
        assert_eq!(fails(&fetcher(&[&server]), &server).await, (kind, detail.to_owned()), "{body}");
    }
    for (start, more) in [
        ("ffffffffffffffff\r\n", "a"),
        ("1;", "extension"),
        ("1\r\na\r\n", "1;ext=\"ension\"\r\na\r\n"),
        ("0\r\n", "x: y\r\n"),
        ("0\r\nx: ", "y"),
    ] {
        let (server, _) = endless(chunked, start.as_bytes(), more.as_bytes()).await;
        let (kind, detail) = fails(&impatient(&[&server]), &server).await;
        assert!(matches!(kind, TimedOut | Unreachable | Unusable), "{start} {more}: {detail}");
    }
}

#[tokio::test]
async fn lengths_that_make_no_sense_are_no_http() {
    for lengths in ["-1", "a", "1, 2", "99999999999999999999999", "3\r\ncontent-length: 4"] {
        let server = serve(move |mut visit: Visit| async move {
            visit.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {lengths}\r\n\r\ncalm")).await;
        })
        .await;
        let (kind, detail) = fails(&fetcher(&[&server]), &server).await;
        assert_eq!((kind, detail.as_str()), (Unreachable, "the answer is not HTTP"), "{lengths}");
    }
}

/// Peak of resident memory of this process, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Measured in a process of its own, which the test starts: others would count in.
#[tokio::test]
async fn hostile_bodies_cost_no_more_memory_than_the_cap_and_sixteen_mebibytes() {
    const MARK: &str = "STATUSPHERE_MEASURES_MEMORY";
    if std::env::var_os(MARK).is_none() {
        let measured = Command::new(std::env::current_exe().unwrap())
            .args(["bombs::hostile_bodies_cost_no_more_memory_than_the_cap_and_sixteen_mebibytes", "--exact"])
            .env(MARK, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&measured.stdout);
        assert!(measured.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let block = deflate_block();
    let calm = serve(async |mut visit: Visit| visit.answer("200 OK", "calm").await).await;
    let mut limits = config(&["127.0.0.1"]);
    limits.limits = Limits { deadline: Duration::from_secs(2), ..Limits::default() };
    let fetcher = Fetcher::web(limits).unwrap();
    fetcher.get(&format!("http://{calm}/")).await.unwrap();
    let before = peak();
    for (headers, start, more) in [
        ("content-length: 4000000000", [].as_slice(), [].as_slice()),
        ("content-length: 4000000000", &[], b"a"),
        ("transfer-encoding: chunked", b"ffffffffff\r\n", b"a"),
        ("content-encoding: gzip", GZIP, &block),
        ("x:", &[], b"y"),
    ] {
        let (server, _) = endless(&format!("200 OK\r\n{headers}\r\n\r\n"), start, more).await;
        let _ = fails(&fetcher, &server).await;
        fetcher.set_breaker("127.0.0.1", statusphere_domain::Breaker::default());
        let cost = peak() - before;
        let bound = (Limits::default().max_bytes as u64 + (16 << 20)) >> 10;
        assert!(cost <= bound, "{headers} {start:?}: {cost} KiB");
    }
}
