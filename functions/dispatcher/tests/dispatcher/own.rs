//! An owner's own pages: good ones are in use from the next look on, bad ones change nothing, not even after a restart.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use statusphere_bus::Bus;
use statusphere_dispatcher::{Dispatcher, Settings};
use statusphere_store::OwnPages;

use crate::support::{Bench, all, at, catalogue};

const OWN: &str = "slug,name,url\nvendor-1,Mine,https://status.mine.example\nown,Own,https://status.own.example\n";
const BROKEN: &str = "slug,name,url\nown,Own,https://status.own.example\nno slug,Other,https://other.example\n";

/// What is asked for in the minutes `from..=to`.
async fn asked(bench: &Bench, from: i64, to: i64) -> Vec<String> {
    bench.log();
    for minute in from..=to {
        bench.tick(at(minute)).await.unwrap();
    }
    bench.log().pages()
}

fn with_own(pages: usize) -> Vec<String> {
    let mut all = all(pages);
    all.push("own".to_owned());
    all.sort();
    all
}

#[tokio::test]
async fn pages_that_are_handed_in_are_asked_for_from_the_next_look_on() {
    let bench = Bench::start(20).await;
    asked(&bench, 0, 4).await;
    bench.store.put_own_pages(OwnPages::Wanted, OWN).await.unwrap();
    asked(&bench, 5, 5).await;
    assert_eq!(asked(&bench, 6, 10).await, with_own(20));
    assert_eq!(bench.store.own_pages(OwnPages::InUse).await.unwrap(), OWN);
    bench.store.put_own_pages(OwnPages::Wanted, "").await.unwrap();
    asked(&bench, 11, 15).await;
    assert_eq!(asked(&bench, 16, 20).await, all(20), "nothing is handed in any more");
    assert_eq!(bench.store.own_pages(OwnPages::InUse).await.unwrap(), "");
}

#[tokio::test]
async fn an_item_that_is_no_list_at_all_stops_no_tick_not_even_the_first() {
    let bench = Bench::start(20).await;
    let config = statusphere_runtime::emulator(&bench.table);
    let item = aws_sdk_dynamodb::Client::new(&config).put_item().table_name("statusphere");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let item =
        item.item("pk", text("OWN_PAGES")).item("sk", text("WANTED")).item("csv", AttributeValue::N("7".to_owned()));
    item.send().await.unwrap();
    assert_eq!(asked(&bench, 0, 0).await, all(20));
    assert_eq!(asked(&bench, 1, 5).await, all(20));
}

#[tokio::test]
async fn what_another_process_put_in_use_is_taken_over() {
    let mut bench = Bench::start(20).await;
    asked(&bench, 0, 4).await;
    let other = again(&bench);
    let old = std::mem::replace(&mut bench.dispatcher, other);
    bench.store.put_own_pages(OwnPages::Wanted, OWN).await.unwrap();
    asked(&bench, 5, 5).await;
    bench.dispatcher = old;
    asked(&bench, 6, 9).await;
    assert_eq!(asked(&bench, 10, 14).await, with_own(20));
    bench.store.put_own_pages(OwnPages::Wanted, "").await.unwrap();
    asked(&bench, 15, 15).await;
    bench.dispatcher = again(&bench);
    assert_eq!(asked(&bench, 16, 20).await, all(20));
}

#[tokio::test]
async fn a_broken_list_is_refused_and_the_last_good_one_outlives_a_restart() {
    let mut bench = Bench::start(20).await;
    bench.store.put_own_pages(OwnPages::Wanted, OWN).await.unwrap();
    asked(&bench, 0, 4).await;
    let mut minute = 5;
    for broken in [BROKEN, "nonsense", "slug,name\n", "slug,name,url\n\"", "slug,name,url\na,A,ftp://a.example\n"] {
        bench.store.put_own_pages(OwnPages::Wanted, broken).await.unwrap();
        assert_eq!(asked(&bench, minute, minute + 4).await, with_own(20), "{broken}");
        assert_eq!(bench.store.own_pages(OwnPages::InUse).await.unwrap(), OWN, "{broken}");
        bench.dispatcher = again(&bench);
        assert_eq!(asked(&bench, minute + 5, minute + 9).await, with_own(20), "{broken}, after a restart");
        minute += 10;
    }
    bench.store.put_own_pages(OwnPages::Wanted, &BROKEN.replace("no slug", "other")).await.unwrap();
    assert_eq!(asked(&bench, minute, minute + 4).await.len(), 22, "once it is put right");
}

/// The function, started anew beside the same table and bus.
fn again(bench: &Bench) -> Dispatcher {
    let bus = Bus::new(&statusphere_runtime::emulator(&bench.bus), "statusphere");
    let settings = Settings { interval: 5, pages_per_event: 1 };
    Dispatcher::new(Arc::clone(&bench.store), bus, Arc::new(catalogue(20)), settings)
}
